/// Decides, token by token, which model writes.
public enum RoutingPolicy: Sendable {
    /// The small model alone.
    case slm
    /// The large model alone; the small one does not run.
    case llm
    /// The large model where the score is on its calling side of the threshold.
    case scored(any ScoreFunction, threshold: Float)

    /// Whether the small model must run at every step.
    public var runsSmall: Bool {
        if case .llm = self { return false }
        return true
    }

    /// Whether the small model's hidden states are looked at.
    public var needsHidden: Bool {
        if case .scored(let function, _) = self { return function.needsHidden }
        return false
    }
}
