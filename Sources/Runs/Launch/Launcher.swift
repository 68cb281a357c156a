/// What runs a sweep: this process, or something that has its shards run on other machines.
package protocol Launcher {
    /// Into how many shards it divides the questions; nil: it doesn't.
    var shards: Int? { get }

    /// Runs the sweep, or hands it over.
    func launch() throws -> Launch

    /// In its words, the state of each shard that it still knows of, by the shard's number from 1.
    func states() -> [Int: String]
}

/// What became of a sweep that was launched.
package enum Launch: Sendable {
    /// It was run here.
    case ran(SweepOutcome)
    /// Others run it; what they were given, for people.
    case submitted(String)
}

/// Runs the sweep in this process.
package struct LocalLauncher: Launcher {
    private let sweep: Sweep

    /// A launcher for a sweep.
    package init(_ sweep: Sweep) {
        self.sweep = sweep
    }

    /// None: the questions are as the command line divides them.
    package var shards: Int? { nil }

    /// Runs what is missing.
    package func launch() throws -> Launch { .ran(try sweep.run()) }

    /// None: while this process runs, nobody asks it.
    package func states() -> [Int: String] { [:] }
}
