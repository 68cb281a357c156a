import ArgumentParser

/// A command that looks now and then whether it was asked to stop, and then ends in order, with what was finished kept.
///
/// All others end at once, as the system ends programs: there is nothing that they would keep.
protocol PollingCommand: ParsableCommand {
    /// Whether what was asked for looks.
    var isPolling: Bool { get }
}

extension PollingCommand {
    var isPolling: Bool { true }
}
