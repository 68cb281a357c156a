package import Routing

/// Passes of one kind that a run made.
package struct PassKind: Hashable, Sendable {
    /// The model that ran.
    package let model: Route
    /// Whether some text had more than one token to read: a prompt, or what L catches up on.
    package let readsAhead: Bool
    /// Texts in the pass.
    package let batch: Int
}

/// Measured work of a run, beside the as-if-alone costs of its traces.
package struct Throughput: Equatable, Sendable {
    /// Sums over passes.
    package struct Total: Equatable, Sendable {
        /// Forward passes.
        package var passes = 0
        /// Tokens read.
        package var tokens = 0
        /// Wall-clock.
        package var seconds = 0.0
        /// Energy; nil as soon as a part of it is unknown.
        package var joules: Double? = 0

        /// Nothing yet.
        package init() {}
    }

    /// Sums by kind of pass.
    package private(set) var totals: [PassKind: Total] = [:]
    /// Scores and routes: each a step of S at one text, for all its lanes.
    package private(set) var routing = Total()
    /// Questions that were put back because memory was full.
    package internal(set) var preemptions = 0

    /// Tokens that one model read.
    package func tokens(of model: Route) -> Int {
        totals.reduce(0) { $0 + ($1.key.model == model ? $1.value.tokens : 0) }
    }

    /// Energy of all passes so far, in joules; nil where a part of it is unknown.
    package var joules: Double? {
        totals.values.reduce(0) { sum, total in sum.flatMap { sum in total.joules.map { sum + $0 } }
        }
    }

    /// Passes that one model made.
    package func passes(of model: Route) -> Int {
        totals.reduce(0) { $0 + ($1.key.model == model ? $1.value.passes : 0) }
    }

    mutating func addRouting(seconds: Double) {
        routing.passes += 1
        routing.tokens += 1
        routing.seconds += seconds
        // Shorter than a counter's step.
        routing.joules = nil
    }

    mutating func add(_ kind: PassKind, tokens: Int, seconds: Double, joules: Double?) {
        var total = totals[kind, default: Total()]
        total.passes += 1
        total.tokens += tokens
        total.seconds += seconds
        total.joules = total.joules.flatMap { sum in joules.map { sum + $0 } }
        totals[kind] = total
    }
}
