public import Routing

/// Passes of one kind that a run made.
public struct PassKind: Hashable, Sendable {
    /// The model that ran.
    public let model: Route
    /// Whether some text had more than one token to read: a prompt, or what L catches up on.
    public let readsAhead: Bool
    /// Texts in the pass.
    public let batch: Int
}

/// Measured work of a run, beside the as-if-alone costs of its traces.
public struct Throughput: Equatable, Sendable {
    /// Sums over passes.
    public struct Total: Equatable, Sendable {
        /// Forward passes.
        public var passes = 0
        /// Tokens read.
        public var tokens = 0
        /// Wall-clock.
        public var seconds = 0.0

        /// Nothing yet.
        public init() {}
    }

    /// Sums by kind of pass.
    public private(set) var totals: [PassKind: Total] = [:]
    /// Scores and routes: each a step of S at one text, for all its lanes.
    public private(set) var routing = Total()
    /// Questions that were put back because memory was full.
    public internal(set) var preemptions = 0

    /// Tokens that one model read.
    public func tokens(of model: Route) -> Int {
        totals.reduce(0) { $0 + ($1.key.model == model ? $1.value.tokens : 0) }
    }

    /// Passes that one model made.
    public func passes(of model: Route) -> Int {
        totals.reduce(0) { $0 + ($1.key.model == model ? $1.value.passes : 0) }
    }

    mutating func addRouting(seconds: Double) {
        routing.passes += 1
        routing.tokens += 1
        routing.seconds += seconds
    }

    mutating func add(_ kind: PassKind, tokens: Int, seconds: Double) {
        totals[kind, default: Total()].passes += 1
        totals[kind, default: Total()].tokens += tokens
        totals[kind, default: Total()].seconds += seconds
    }
}
