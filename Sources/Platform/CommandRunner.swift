/// A program to run, with its arguments and what it needs in its environment.
package struct Command: Equatable, Sendable {
    /// The program, found in `PATH`, and its arguments.
    package let arguments: [String]
    /// Added to the environment of this process.
    package let environment: [String: String]

    package init(_ arguments: [String], environment: [String: String] = [:]) {
        self.arguments = arguments
        self.environment = environment
    }
}

package enum CommandOutcome: Equatable, Sendable {
    /// It exited; `complaint` is the end of what it printed.
    case exited(status: Int32, complaint: String)
    case signalled(Int32)
    case notStarted(reason: String)
}

/// Runs programs: the system's in earnest, a fake in tests.
package protocol CommandRunner: Sendable {
    /// Runs `command` to its end, calling `tick` a few times a second meanwhile.
    func run(_ command: Command, tick: () -> Void) -> CommandOutcome
}
