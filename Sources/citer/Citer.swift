import ArgumentParser
import Foundation
import Platform
import Runs

/// The command: what is asked for, and what is shown; the work is in Runs and Reporting.
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
            ReportCommand.self, GradeCommand.self, AgreeCommand.self,
            CompareCommand.self, OutlookCommand.self, ShowCommand.self, DatabaseCommand.self,
        ])

    static func main() {
        StandardStreams.prepare()
        Interruption.unblock()
        var command: any ParsableCommand
        do {
            guard let arguments = Arguments.given else {
                StandardError.note(
                    "citer: an argument is not UTF-8; rename the file, or pass the text in UTF-8")
                Foundation.exit(ExitCode.badInput.rawValue)
            }
            command = try parseAsRoot(Arguments.untangled(arguments))
        } catch {
            answerHelp(error)
            StandardError.note(fullMessage(for: error))
            Foundation.exit(ExitCode.badInput.rawValue)
        }
        if (command as? any PollingCommand)?.isPolling == true { Interruption.install() }
        do {
            try command.run()
        } catch let status as ExitCode {
            Foundation.exit(status.rawValue)
        } catch {
            answerHelp(error)
            if Interruption.isRequested {
                StandardError.note("interrupted; what was finished is kept")
                Foundation.exit(ExitCode.interrupted.rawValue)
            }
            StandardError.note("citer: \(error)")
            Foundation.exit(ExitCode(of: error).rawValue)
        }
    }

    /// Help and version are answers, not errors, whether found while parsing (`--help`) or while running (`help sweep`).
    private static func answerHelp(_ error: any Error) {
        guard exitCode(for: error).isSuccess else { return }
        do {
            try StandardOutput.show(fullMessage(for: error))
        } catch {
            StandardError.note("citer: \(error)")
            Foundation.exit(ExitCode.workFailed.rawValue)
        }
        Foundation.exit(0)
    }
}
