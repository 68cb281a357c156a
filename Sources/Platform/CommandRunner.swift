/// A program to run, with its arguments and what it needs around it.
package struct Command: Equatable, Sendable {
    /// What becomes of standard output.
    package enum Output: Equatable, Sendable {
        /// It is taken for a message, as standard error is: its end is part of the complaint.
        case message
        /// It is the result, and kept whole.
        case result
    }

    /// The program, found in `PATH`, and its arguments.
    package let arguments: [String]
    /// Added to the environment of this process.
    package let environment: [String: String]
    /// The folder it runs in; nil: that of this process.
    package let directory: String?
    /// What becomes of standard output.
    package let output: Output

    /// The program `arguments[0]` with the rest as its arguments.
    package init(
        _ arguments: [String], environment: [String: String] = [:], in directory: String? = nil,
        output: Output = .message
    ) {
        self.arguments = arguments
        self.environment = environment
        self.directory = directory
        self.output = output
    }
}

/// How a program ended, or why it did not start.
package enum CommandOutcome: Equatable, Sendable {
    /// It exited.
    ///
    /// `output` is its result, empty unless the command keeps it. `complaint` is then all of standard error without blank ends; else the
    /// last lines of what it printed, joined to one.
    case exited(status: Int32, output: String = "", complaint: String)
    /// A signal ended it.
    case signalled(Int32)
    /// There is no such program.
    case notFound(program: String)
    /// It could not be started.
    case notStarted(reason: String)
}

/// Runs programs: the system's in earnest, a fake in tests.
package protocol CommandRunner: Sendable {
    /// Runs `command` to its end, calling `tick` a few times a second meanwhile.
    func run(_ command: Command, tick: () -> Void) -> CommandOutcome
}

extension CommandRunner {
    /// Runs `command` to its end.
    package func run(_ command: Command) -> CommandOutcome { run(command, tick: {}) }
}
