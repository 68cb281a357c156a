import Hashing

/// Calls L with a fixed probability, whatever the text: the content-blind baseline of docs/method.md, 2.2.
///
/// The score is a draw from [0, 1) keyed on seed, question and position, so it does not depend on batch, shard or the other policies; the threshold is the
/// call ratio.
package struct RandomDraw: ScoreFunction {
    /// `random`.
    package let name = "random"
    /// Below: the threshold is the call ratio.
    package let calls = CallSide.below
    private let seed: UInt64

    /// Draws of one seed.
    package init(seed: UInt64) { self.seed = seed }

    /// A draw from [0, 1), a multiple of 2^-24.
    package func score(_ signals: Signals) -> Float {
        var hash = KeyedHash(seed: seed)
        hash.mix(signals.question)
        hash.mix(UInt64(signals.position))
        return hash.unit
    }
}

/// Calls L for a fixed share of the questions, whatever they say: the baseline of query-level routing (docs/method.md, 2.4).
///
/// The score is a draw from [0, 1) keyed on seed and question; the threshold is the share.
package struct QueryDraw: ScoreFunction {
    /// `query-random`.
    package let name = "query-random"
    /// Below: the threshold is the share of questions.
    package let calls = CallSide.below
    private let seed: UInt64

    /// Draws of one seed.
    package init(seed: UInt64) { self.seed = seed }

    /// A draw from [0, 1), a multiple of 2^-24.
    package func score(_ signals: Signals) -> Float {
        var hash = KeyedHash(seed: seed ^ 0x7175_6572_79)  // apart from the token's draws
        hash.mix(signals.question)
        return hash.unit
    }
}
