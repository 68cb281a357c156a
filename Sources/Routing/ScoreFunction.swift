/// On which side of the threshold the large model is called.
package enum CallSide: Sendable {
    case below
    case above
}

/// One number a step, compared with a threshold; every threshold of one score function shares the same forward passes.
package protocol ScoreFunction: Sendable {
    /// The policy's name in specs, such as `entropy`.
    var name: String { get }
    var calls: CallSide { get }
    /// Which of the signals must be filled.
    var needs: SignalNeeds { get }
    /// What S must be able to tell.
    var asks: Set<Capability> { get }
    /// Whether `Signals.promptMean` must be filled.
    var needsPromptMean: Bool { get }
    /// Pure: equal signals give equal scores, on every machine.
    func score(_ signals: Signals) -> Float
}

extension ScoreFunction {
    /// Most scores need the summary alone.
    package var needs: SignalNeeds { .none }
    /// What the signals that it needs are made of; S's greatest probability every model tells.
    package var asks: Set<Capability> {
        var asks: Set<Capability> = []
        if needs.hidden || !needs.layers.isEmpty || needsPromptMean { asks.insert(.hiddenStates) }
        if needs.top > 0 { asks.insert(.topTokens) }
        return asks
    }
    /// Most scores need none.
    package var needsPromptMean: Bool { false }

    /// The decision at a threshold; at equality the small model writes.
    package func route(score: Float, threshold: Float) -> Route {
        switch calls {
        case .below: score < threshold ? .llm : .slm
        case .above: score > threshold ? .llm : .slm
        }
    }
}
