/// Decides, token by token, which model writes.
public enum RoutingPolicy: Sendable {
    /// The small model alone.
    case slm
    /// The large model alone; the small one does not run.
    case llm
    /// The small model alone, with the mean of what it saw (`SignalsMean`) kept for who judges its answer.
    case observed(SignalNeeds)
    /// The large model where the score is on its calling side of the threshold, but for the decisions that are flipped.
    case scored(any ScoreFunction, threshold: Float, flips: Flips? = nil)
    /// One model for the whole answer, chosen by a score of the prompt: S's view of the first token (METHOD.md, 2.4).
    case whole(any ScoreFunction, threshold: Float)
    /// Both models at every step, L's token where they differ: L's own text at the least calls, an upper bound (METHOD.md, 2.7).
    case disagree

    /// What is looked at of the small model's steps.
    public var needs: SignalNeeds {
        switch self {
        case .scored(let function, _, _), .whole(let function, _): function.needs
        case .observed(let needs): needs
        case .slm, .llm, .disagree: .none
        }
    }

    /// Whether the mean of the small model's hidden states over the prompt is looked at.
    public var needsPromptMean: Bool {
        if case .whole(let function, _) = self { function.needsPromptMean } else { false }
    }
}
