import ArgumentParser
import Assets
import Foundation
import Platform
import Runs

/// The command: argument parsing only; the work is in Sweeps and Reporting.
@main
struct Citer: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "citer",
        abstract: "Token-level routing between a small and a large language model, measured.",
        discussion: """
            Exit status: 0 done; 1 the work failed; 2 bad usage or bad input; 130 interrupted \
            (what finished is kept).
            """,
        version: ProgramVersion.text,
        subcommands: [
            ModelsCommand.self, DataCommand.self, TokenizeCommand.self, GenerateCommand.self,
            ScoreCommand.self, BenchCommand.self, SweepCommand.self, TrainCommand.self,
            ReportCommand.self, GradeCommand.self,
            CompareCommand.self, ShowCommand.self, DatabaseCommand.self,
        ])

    static func main() {
        StandardStreams.prepare()
        Interruption.install()
        var command: any ParsableCommand
        do {
            guard let arguments = Arguments.given else {
                complain(
                    "citer: an argument is not UTF-8; rename the file, or pass the text in UTF-8")
                Foundation.exit(2)
            }
            command = try parseAsRoot(Arguments.untangled(arguments))
        } catch {
            answerHelp(error)
            complain(fullMessage(for: error))
            Foundation.exit(2)
        }
        do {
            try command.run()
        } catch let status as ExitCode {
            Foundation.exit(status.rawValue)
        } catch {
            answerHelp(error)
            if Interruption.isRequested {
                complain("interrupted; what was finished is kept")
                Foundation.exit(130)
            }
            complain("citer: \(error)")
            Foundation.exit(isBadInput(error) ? 2 : 1)
        }
    }

    /// Help and version are answers, not errors, whether found while parsing (`--help`) or while running (`help sweep`).
    private static func answerHelp(_ error: any Error) {
        guard exitCode(for: error).isSuccess else { return }
        do {
            try StandardOutput.show(fullMessage(for: error))
        } catch {
            complain("citer: \(error)")
            Foundation.exit(1)
        }
        Foundation.exit(0)
    }
}

extension ExitCode {
    /// The work failed.
    static let workFailed = ExitCode(1)
    /// Interrupted; what finished is kept.
    static let interrupted = ExitCode(130)
}

/// The catalogues beside a spec, beside the user and of the program's checkout, and where their files are kept.
func openAssets(spec: String? = nil) throws -> AssetStore {
    let printer = FetchPrinter()
    let catalog = try AssetCatalog(folders: ExperimentFolders.paths(spec: spec))
    for remark in catalog.remarks { complain(remark) }
    return AssetStore(
        catalog: catalog,
        isInterrupted: { Interruption.isRequested }, show: { printer.show($0) })
}

/// A folder of the checkout, where the user is or else where the program was built.
func projectFolder(_ name: String) -> String {
    if FileManager.default.fileExists(atPath: name) { return name }
    let checkout = ExperimentFolders.runningProgram.flatMap(ExperimentFolders.checkout(of:))
    return checkout.map { "\($0)/\(name)" } ?? name
}

func complain(_ text: String) {
    StandardError.note(text)
}
