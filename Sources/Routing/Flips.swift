import Hashing

/// Mistakes put into a policy on purpose: a share of its decisions goes the other way, to learn what errors of a router cost (docs/method.md, R7).
///
/// Which ones is a draw keyed on seed, question and position, so it does not depend on batch, shard or the other policies.
package struct Flips: Sendable, Equatable {
    /// The share of decisions, in 0...1.
    package let rate: Float
    private let seed: UInt64

    /// Flips of one seed.
    package init(rate: Float, seed: UInt64) {
        self.rate = rate
        self.seed = seed
    }

    /// The route that is taken where the policy says `route`.
    package func route(insteadOf route: Route, _ signals: Signals) -> Route {
        var hash = KeyedHash(seed: seed ^ 0x666C_6970)  // apart from the draws of `random`
        hash.mix(signals.question)
        hash.mix(UInt64(signals.position))
        guard hash.unit < rate else { return route }
        return route == .llm ? .slm : .llm
    }
}
