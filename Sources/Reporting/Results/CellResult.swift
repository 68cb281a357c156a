import ResultsStore
import Statistics

/// What a cell reached, and at what cost.
struct CellResult {
    let cell: CellRow
    let curve: CurveRow
    let cutShare: Double?
    /// Its accuracy above the line between the single models at the same calls; nil for these, and where one is missing.
    let aboveLine: Bootstrap.Estimate?

    /// A sum over the cell's questions, a question.
    func mean(_ sum: Double?) -> Double? { curve.n > 0 ? sum.map { $0 / Double(curve.n) } : nil }

    /// With Wilson's interval, if the questions are enough for one; nil for tasks with a score only.
    var accuracy: (value: Double, interval: Interval?)? {
        guard mayHaveInterval(questions: curve.n) else { return curve.accuracy.map { ($0, nil) } }
        guard let value = curve.accuracy, let low = curve.accuracyLow, let high = curve.accuracyHigh
        else { return nil }
        return (value, Interval(low: low, high: high))
    }

    /// In the cells' order, those that have not run left out.
    static func all(_ data: ReportData, differences: [DifferenceResult]) -> [CellResult] {
        let above = Dictionary(uniqueKeysWithValues: differences.map { ($0.cell.id, $0.aboveLine) })
        return data.cells.compactMap { cell in
            data.curve[cell.id].map { curve in
                CellResult(
                    cell: cell, curve: curve, cutShare: (data.outcomes[cell.id] ?? []).cutShare,
                    aboveLine: above[cell.id] ?? nil)
            }
        }
    }
}
