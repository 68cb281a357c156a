import ArgumentParser
import Platform

extension ExitCode {
    static let workFailed = ExitCode(1)
    /// What was given cannot be worked with.
    static let badInput = ExitCode(2)
    /// Interrupted; what finished is kept.
    static let interrupted = ExitCode(130)

    /// The status that an error ends the program with: its own word counts, and the parser's are of what was given.
    init(of error: any Error) {
        let isBadInput =
            error is ValidationError || (error as? any ReportableError)?.isBadInput ?? false
        self = isBadInput ? .badInput : .workFailed
    }
}
