/// A trained router as a score function: one score a step, from the small model's signals alone.
package struct RouterScore: ScoreFunction {
    package let router: Router
    private let classes: [TokenClass]

    /// Scores with this router; `classes` holds every token's class if `token` is among its inputs.
    package init(_ router: Router, classes: [TokenClass] = []) {
        self.router = router
        self.classes = classes
    }

    /// The router's kind, such as `citer`.
    package var name: String { router.kind }
    /// As the router says.
    package var calls: CallSide { router.calls }
    /// What the router's inputs are made of.
    package var needs: SignalNeeds { router.features.needs }
    /// Whether the prompt's mean is among the router's inputs.
    package var needsPromptMean: Bool { router.features.needsPromptMean }
    /// 0...1.
    package func score(_ signals: Signals) -> Float {
        router.score(router.features.vector(of: signals, classes: classes))
    }
}
