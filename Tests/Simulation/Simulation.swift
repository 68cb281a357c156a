import Foundation
import Synchronization

/// Many histories.
package enum Simulation {
    /// A history that went wrong: its seed, and what must not be.
    package struct Failure: Sendable, CustomStringConvertible {
        package let seed: UInt64
        package let reason: String

        /// With the command that runs it again.
        package var description: String {
            "seed \(seed): \(reason)\n  again, with every call: make simulate SEEDS=1 FROM=\(seed) TRACE=trace"
        }
    }

    /// Runs the history of a seed; nil where all is as it must be.
    package static func failure(
        seed: UInt64, faults: [Fault] = Fault.allCases, lies: Set<Lie> = [],
        trace: ((String) -> Void)? = nil
    ) -> Failure? {
        do {
            try History(seed: seed, faults: faults, lies: lies, trace: trace).run()
            return nil
        } catch {
            return Failure(seed: seed, reason: "\(error)")
        }
    }

    /// Runs `count` histories from the seed `first`, on `cores` at a time, and tells failures as they are found; ends after ten. How many it ran, and how many failed.
    package static func run(
        _ count: UInt64, from first: UInt64, cores: Int, lies: Set<Lie> = [],
        tell: @Sendable (Failure) -> Void
    ) -> (done: UInt64, failed: Int) {
        let state = State(next: first)
        DispatchQueue.concurrentPerform(iterations: cores) { _ in
            while let seed = state.take(below: first + count) {
                guard let failure = failure(seed: seed, lies: lies) else { continue }
                state.fail()
                tell(failure)
            }
        }
        return state.end(from: first)
    }

    private final class State: Sendable {
        private let state: Mutex<(next: UInt64, failed: Int)>

        init(next: UInt64) { state = Mutex((next, 0)) }

        func take(below end: UInt64) -> UInt64? {
            state.withLock { state in
                guard state.next < end, state.failed < 10 else { return nil }
                defer { state.next += 1 }
                return state.next
            }
        }

        func fail() { state.withLock { $0.failed += 1 } }

        func end(from first: UInt64) -> (done: UInt64, failed: Int) {
            state.withLock { ($0.next - first, $0.failed) }
        }
    }
}
