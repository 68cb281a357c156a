/// A trained router as a score function: one score a step, from the small model's signals alone.
public struct RouterScore: ScoreFunction {
    /// The router.
    public let router: Router
    private let classes: [TokenClass]

    /// Scores with this router; `classes` holds every token's class if `token` is among its inputs.
    public init(_ router: Router, classes: [TokenClass] = []) {
        self.router = router
        self.classes = classes
    }

    /// The router's kind, such as `citer`.
    public var name: String { router.kind }
    /// As the router says.
    public var calls: CallSide { router.calls }
    /// What the router's inputs are made of.
    public var needs: SignalNeeds { router.features.needs }
    /// Whether the prompt's mean is among the router's inputs.
    public var needsPromptMean: Bool { router.features.needsPromptMean }
    /// 0...1.
    public func score(_ signals: Signals) -> Float {
        router.score(router.features.vector(of: signals, classes: classes))
    }
}
