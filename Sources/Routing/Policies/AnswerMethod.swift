/// How an answer is made: by two models as they go, or in hindsight from the answers of both.
package enum AnswerMethod: Sendable {
    /// By two models, as they go.
    case routed(RoutingPolicy)
    /// In hindsight, from both models' own answers: S's, unless only L's is right (docs/method.md, 2.4).
    case oracle
    /// S's answer, unless a score of what S saw while writing it calls for L's: both are paid for then (docs/method.md, 2.4).
    case cascade(any ScoreFunction, threshold: Float)

    /// The texts that it is made of: its own, or S's answer and L's.
    package var lanes: [RoutingPolicy] {
        switch self {
        case .routed(let policy): [policy]
        case .oracle: [.slm, .llm]
        case .cascade(let function, let threshold):
            // A calibration never calls.
            [.observed(function.needs)] + (threshold.isFinite ? [.llm] : [])
        }
    }
}
