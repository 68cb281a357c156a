/// Decides, token by token, which model writes.
public enum RoutingPolicy: Sendable {
    /// The small model alone.
    case slm
    /// The large model alone; the small one does not run.
    case llm
    /// The large model where the score is on its calling side of the threshold.
    case scored(any ScoreFunction, threshold: Float)
    /// One model for the whole answer, chosen by a score of the prompt: S's view of the first token (METHOD.md, 2.4).
    case whole(any ScoreFunction, threshold: Float)
    /// Both models at every step, L's token where they differ: L's own text at the least calls, an upper bound (METHOD.md, 2.7).
    case disagree

    /// Whether the small model's hidden states are looked at.
    public var needsHidden: Bool {
        switch self {
        case .scored(let function, _), .whole(let function, _): function.needsHidden
        case .slm, .llm, .disagree: false
        }
    }
}
