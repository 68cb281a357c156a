/// Calls L where S's largest probability is below the threshold. docs/method.md, 2.3.
package struct MaxProbability: ScoreFunction {
    /// `max-prob`.
    package let name = "max-prob"
    /// Below.
    package let calls = CallSide.below
    /// The score has no parameters.
    package init() {}
    /// 0...1.
    package func score(_ signals: Signals) -> Float { signals.maxProbability }
}

/// Calls L where the entropy of S's distribution, in nats, is above the threshold. docs/method.md, 2.3.
package struct Entropy: ScoreFunction {
    /// `entropy`.
    package let name = "entropy"
    /// Above.
    package let calls = CallSide.above
    /// The score has no parameters.
    package init() {}
    /// The entropy.
    package let asks: Set<Capability> = [.entropy]
    /// In nats.
    package func score(_ signals: Signals) -> Float { signals.entropy }
}

/// Calls L where S's two largest probabilities are closer than the threshold. docs/method.md, 2.3.
package struct Margin: ScoreFunction {
    /// `margin`.
    package let name = "margin"
    /// Below.
    package let calls = CallSide.below
    /// The best two.
    package let asks: Set<Capability> = [.topTokens]
    /// The score has no parameters.
    package init() {}
    /// 0...1.
    package func score(_ signals: Signals) -> Float { signals.margin }
}
