import ResultsStore
import Statistics

/// A cell against the two single models, question by question.
struct DifferenceResult {
    let cell: CellRow
    /// Questions that all three finished.
    let n: Int
    let minusSmall: Bootstrap.Estimate?
    let minusLarge: Bootstrap.Estimate?
    /// Of the exact McNemar test; nil where answers are not right or wrong.
    let pSmall: Double?
    let pLarge: Double?
    /// Accuracy above what lots drawn between the single models give at the same call ratio.
    let aboveLine: Bootstrap.Estimate?
    /// The share of the gap between the single models that is recovered; nil where that gap is not significant.
    let recovered: Bootstrap.Estimate?
    let cutShare: Double?

    /// In the cells' order; empty where a single model is missing, or the questions are too few for an interval.
    static func all(_ data: ReportData, _ bootstrap: Bootstrap) -> [DifferenceResult] {
        guard let singles = data.singles else { return [] }
        let cells = data.cells.filter { $0.id != singles.slm.id && $0.id != singles.llm.id }
        let batches = SharedQuestions.batches(of: cells, singles) { [data.outcomes[$0.id] ?? []] }
        let found = batches.flatMap { results(of: $0, bootstrap) }
        let known = Dictionary(uniqueKeysWithValues: found.map { ($0.cell.id, $0) })
        return cells.compactMap { known[$0.id] }
    }

    private static func results(
        of batch: SharedQuestions<CellRow>, _ bootstrap: Bootstrap
    ) -> [DifferenceResult] {
        let currency = Currency.calls
        guard let small = currency.results(of: batch.small),
            let large = currency.results(of: batch.large),
            mayHaveInterval(questions: large.scores.count)
        else { return [] }
        let known = batch.members.compactMap { cell, outcomes in
            currency.results(of: outcomes[0]).map { (cell, outcomes[0], $0) }
        }
        let comparison = CurveComparison(
            small: small, large: large, methods: known.map { [$0.2] }, bootstrap: bootstrap)
        let perCell = 4
        let estimates = comparison.estimates { curves in
            curves.flatMap { curve -> [Double?] in
                guard let point = curve.points.first else {
                    return Array(repeating: nil, count: perCell)
                }
                return [
                    point.accuracy - curve.small.accuracy, point.accuracy - curve.large.accuracy,
                    gainOverLine(curve, point), curve.performanceGapRecovered(by: point.accuracy),
                ]
            }
        }
        return known.enumerated().map { index, known in
            let (cell, outcomes, _) = known
            let own = Array(estimates[index * perCell..<(index + 1) * perCell])
            return DifferenceResult(
                cell: cell, n: small.scores.count, minusSmall: own[0], minusLarge: own[1],
                pSmall: pValue(outcomes, batch.small), pLarge: pValue(outcomes, batch.large),
                aboveLine: own[2], recovered: own[3], cutShare: outcomes.cutShare)
        }
    }

    private static func gainOverLine(_ curve: RoutingCurve, _ point: CurvePoint) -> Double? {
        let width = curve.large.cost - curve.small.cost
        guard width > 0 else { return nil }
        let share = (point.cost - curve.small.cost) / width
        return point.accuracy - curve.small.accuracy
            - share * (curve.large.accuracy - curve.small.accuracy)
    }

    private static func pValue(
        _ first: [QuestionOutcome], _ second: [QuestionOutcome]
    ) -> Double? {
        let (left, right) = (first.compactMap(\.correct), second.compactMap(\.correct))
        guard left.count == first.count, right.count == left.count else { return nil }
        return McNemarTest(left, right).pValue
    }
}
