import Foundation
import Synchronization

/// A program that works for this one, and ends with it: a signal that would end this process at once is passed on first, so that nothing is left
/// writing files that nobody waits for.
///
/// Signals that are heard otherwise, as by `Interruption`, or ignored stay so.
struct EndingCompanion {
    private static let child = Atomic<pid_t>(0)
    /// The signals that this one has from the system's own handling.
    private let taken: [Int32]

    /// From now on `child` ends with this process.
    init(_ child: pid_t) {
        Self.child.store(child, ordering: .relaxed)
        taken = [SIGINT, SIGTERM, SIGHUP].filter(Self.isUnheard)
        for number in taken {
            signal(number) { received in
                // Only what may be called in a signal's handler.
                let child = EndingCompanion.child.load(ordering: .relaxed)
                if child > 0 { kill(child, SIGTERM) }
                signal(received, SIG_DFL)
                raise(received)
            }
        }
    }

    /// Whether a signal ends this process without its having a say.
    private static func isUnheard(_ number: Int32) -> Bool {
        var action = sigaction()
        guard sigaction(number, nil, &action) == 0 else { return false }
        #if canImport(Darwin)
            let handler = action.__sigaction_u.__sa_handler
        #else
            let handler = action.__sigaction_handler.sa_handler
        #endif
        // Functions can't be compared; numbers can.
        return unsafeBitCast(handler, to: Int.self) == unsafeBitCast(SIG_DFL, to: Int.self)
    }

    /// The child has ended.
    func end() {
        Self.child.store(0, ordering: .relaxed)
        for number in taken { signal(number, SIG_DFL) }
    }
}
