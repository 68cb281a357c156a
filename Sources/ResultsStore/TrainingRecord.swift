/// What one round of a router's training cost and gave (docs/method.md, 1.3 and 3).
public struct TrainingRecord: Equatable, Sendable {
    /// From 1.
    public var round: Int
    /// Labelled tokens.
    public var tokens: Int
    /// The small model was right.
    public var case1: Int
    /// Only the large model was right.
    public var case2: Int
    /// Neither: a rollout decides.
    public var case3: Int
    /// Rollouts made.
    public var rollouts: Int
    /// Share of the rolled-out labels that changed since the round before, 0...1.
    public var churn: Double?
    /// Mean loss on the training part.
    public var trainingLoss: Double?
    /// Mean loss on the held-out part.
    public var validationLoss: Double?
    /// Share of held-out labels predicted right, 0...1.
    public var accuracy: Double?
    /// Floating-point operations of labels, rollouts and optimisation.
    public var flops: Int?
    /// Bytes moved.
    public var bytes: Int?
    /// Wall-clock.
    public var seconds: Double?

    /// A training round.
    public init(
        round: Int, tokens: Int, case1: Int, case2: Int, case3: Int, rollouts: Int = 0,
        churn: Double? = nil, trainingLoss: Double? = nil, validationLoss: Double? = nil,
        accuracy: Double? = nil, flops: Int? = nil, bytes: Int? = nil, seconds: Double? = nil
    ) {
        self.round = round
        self.tokens = tokens
        self.case1 = case1
        self.case2 = case2
        self.case3 = case3
        self.rollouts = rollouts
        self.churn = churn
        self.trainingLoss = trainingLoss
        self.validationLoss = validationLoss
        self.accuracy = accuracy
        self.flops = flops
        self.bytes = bytes
        self.seconds = seconds
    }
}
