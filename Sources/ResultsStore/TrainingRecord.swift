/// What one round of a router's training cost and gave (docs/method.md, 1.3 and 3).
package struct TrainingRecord: Equatable, Sendable {
    /// From 1.
    package var round: Int
    /// Labelled tokens.
    package var tokens: Int
    /// The small model was right.
    package var case1: Int
    /// Only the large model was right.
    package var case2: Int
    /// Neither: a rollout decides.
    package var case3: Int
    /// Rollouts made.
    package var rollouts: Int
    /// Share of the rolled-out labels that changed since the round before, 0...1.
    package var churn: Double?
    /// Mean loss on the training part.
    package var trainingLoss: Double?
    /// Mean loss on the held-out part.
    package var validationLoss: Double?
    /// Share of held-out labels predicted right, 0...1.
    package var accuracy: Double?
    /// Floating-point operations of labels, rollouts and optimisation.
    package var flops: Int?
    /// Bytes moved.
    package var bytes: Int?
    /// Wall-clock.
    package var seconds: Double?

    /// A training round.
    package init(
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
