/// Calls L where S's largest probability is below the threshold. docs/method.md, 2.3.
public struct MaxProbability: ScoreFunction {
    /// `max-prob`.
    public let name = "max-prob"
    /// Below.
    public let calls = CallSide.below
    /// The score has no parameters.
    public init() {}
    /// 0...1.
    public func score(_ signals: Signals) -> Float { signals.maxProbability }
}

/// Calls L where the entropy of S's distribution, in nats, is above the threshold. docs/method.md, 2.3.
public struct Entropy: ScoreFunction {
    /// `entropy`.
    public let name = "entropy"
    /// Above.
    public let calls = CallSide.above
    /// The score has no parameters.
    public init() {}
    /// In nats.
    public func score(_ signals: Signals) -> Float { signals.entropy }
}

/// Calls L where S's two largest probabilities are closer than the threshold. docs/method.md, 2.3.
public struct Margin: ScoreFunction {
    /// `margin`.
    public let name = "margin"
    /// Below.
    public let calls = CallSide.below
    /// The score has no parameters.
    public init() {}
    /// 0...1.
    public func score(_ signals: Signals) -> Float { signals.margin }
}
