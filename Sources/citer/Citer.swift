import ArgumentParser
import Assets
import Foundation
import Sweeps

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
            ReportCommand.self,
            CompareCommand.self, ShowCommand.self, DatabaseCommand.self,
        ])

    static func main() {
        Interruption.install()
        var command: any ParsableCommand
        do {
            guard let arguments = Arguments.given else {
                complain("citer: an argument is not UTF-8; rename the file, or pass the text in UTF-8")
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
        print(fullMessage(for: error))
        Foundation.exit(0)
    }
}

extension ExitCode {
    /// The work failed.
    static let workFailed = ExitCode(1)
    /// Interrupted; what finished is kept.
    static let interrupted = ExitCode(130)
}

/// The catalogue beside the user, and where its files are kept.
func openAssets() throws -> AssetStore {
    let printer = FetchPrinter()
    return AssetStore(
        catalog: try AssetCatalog(directory: "experiments"),
        isInterrupted: { Interruption.isRequested }, show: { printer.show($0) })
}

func complain(_ text: String) {
    FileHandle.standardError.write(Data("\(text)\n".utf8))
}
