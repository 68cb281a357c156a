/// Two or more routing methods over the same questions, with intervals for whatever is read off their
/// curves (docs/method.md, section 4: paired bootstrap over questions for every curve metric).
package struct CurveComparison: Sendable {
    /// The small model alone.
    package let small: CellResults
    /// The large model alone.
    package let large: CellResults
    /// Each method's cells, one for each of its settings.
    package let methods: [[CellResults]]
    /// Whether the large model's accuracy differs from the small one's, by the exact McNemar test and by the paired bootstrap.
    package let isGapSignificant: Bool

    private let bootstrap: Bootstrap

    /// Whether the large model is the better one, beyond chance: without that nothing can be recovered.
    package var hasGap: Bool {
        isGapSignificant && large.scores.reduce(0, +) > small.scores.reduce(0, +)
    }

    /// A comparison; all cells must cover the same questions in the same order.
    package init(
        small: CellResults, large: CellResults, methods: [[CellResults]],
        bootstrap: Bootstrap = Bootstrap()
    ) {
        let count = small.scores.count
        precondition(
            ([large] + methods.joined()).allSatisfy { $0.scores.count == count },
            "all cells must cover the same questions")
        self.small = small
        self.large = large
        self.methods = methods
        self.bootstrap = bootstrap
        isGapSignificant =
            PairedDifference(large.scores, small.scores, bootstrap: bootstrap)?.isSignificant
            ?? false
    }

    /// Figures read off the methods' curves, each with its interval over resampled questions.
    ///
    /// `figures` gets the curves in the methods' order and returns figures always in the same number
    /// and order, such as each method's APGR and their difference; nil where one is not defined.
    /// In every resample all curves, the single models included, come from the same questions.
    /// O(resamples x questions x cells).
    package func estimates(
        of figures: ([RoutingCurve]) -> [Double?]
    ) -> [Bootstrap.Estimate?] {
        bootstrap.estimates(questions: small.scores.count) { figures(curves(draws: $0)) }
    }

    private func curves(draws: [Double]) -> [RoutingCurve] {
        let (small, large) = (small.point(draws: draws), large.point(draws: draws))
        return methods.map { cells in
            RoutingCurve(
                small: small, large: large, points: cells.map { $0.point(draws: draws) },
                isGapSignificant: isGapSignificant)
        }
    }
}
