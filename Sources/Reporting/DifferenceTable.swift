import ResultsStore
import Routing
import Statistics

/// Each cell against the two single models, question by question.
struct DifferenceTable {
    /// Cells that lie significantly above the line between the single models.
    let aboveLine: Set<RowID<CellRecord>>
    /// Nil where a single model or a second cell is missing.
    let table: Table?

    init(data: ReportData, bootstrap: Bootstrap) {
        guard let slm = data.single(.slm), let llm = data.single(.llm) else {
            (aboveLine, table) = ([], nil)
            return
        }
        let cells = data.cells.filter { $0.id != slm.id && $0.id != llm.id }
        var comparisons: [[String]: Batch] = [:]
        for cell in cells {
            let trio = paired([slm, llm, cell].map { data.outcomes[$0.id] ?? [] })
            guard trio.count == 3, !trio[0].isEmpty else { continue }
            comparisons[trio[0].map(\.question), default: Batch(small: trio[0], large: trio[1])]
                .add(cell, trio[2])
        }
        // Cells that answered the same questions share their resamples, hence their time.
        let figures = comparisons.values.reduce(into: [:]) { figures, batch in
            figures.merge(batch.figures(bootstrap)) { first, _ in first }
        }
        let rows = cells.compactMap { cell in figures[cell.id].map { $0.row(cell) } }
        aboveLine = Set(figures.filter { ($1.aboveLine?.interval.low ?? 0) > 0 }.keys)
        table = rows.isEmpty ? nil : Self.table(rows, data.experiment.record.name)
    }

    private static func table(_ rows: [TableRow], _ name: String) -> Table {
        Table(
            name: "differences", title: "\(name): differences from the single models",
            columns: [
                .hidden("cell"), .text("Policy", "policy"), .text("Setting", "setting"),
                .number("n", "n"), .estimate("− slm, points [95 %]", "minus_slm"),
                .number("p", "minus_slm_p"), .estimate("− llm, points [95 %]", "minus_llm"),
                .number("p", "minus_llm_p"),
                .estimate("Above the line, points [95 %]", "above_line"),
                .estimate("PGR % [95 %]", "pgr"), .number("Cut %", "cut"),
            ],
            rows: rows,
            notes: [
                "Points: hundredths of accuracy, on the questions that all three finished; "
                    + "intervals by paired bootstrap over questions, p by the exact McNemar test. "
                    + "Bold: the interval excludes 0, and where there is a p, p < 0.05; never below "
                    + "\(PairedDifference.leastQuestions) questions. The line: what lots drawn between slm and "
                    + "llm give at the same call ratio.",
                "PGR: the share of the gap between slm and llm that is recovered; left out where "
                    + "that gap is not significant.",
            ])
    }
}

/// Cells that finished the same questions.
private struct Batch {
    let small: [QuestionOutcome]
    let large: [QuestionOutcome]
    private var cells: [(id: RowID<CellRecord>, outcomes: [QuestionOutcome])] = []

    init(small: [QuestionOutcome], large: [QuestionOutcome]) {
        self.small = small
        self.large = large
    }

    mutating func add(_ cell: CellRow, _ outcomes: [QuestionOutcome]) {
        cells.append((cell.id, outcomes))
    }

    func figures(_ bootstrap: Bootstrap) -> [RowID<CellRecord>: CellFigures] {
        let currency = Currency.calls
        guard let small = currency.results(of: small), let large = currency.results(of: large)
        else { return [:] }
        let known = cells.compactMap { cell in
            currency.results(of: cell.outcomes).map { (cell.id, cell.outcomes, $0) }
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
        var figures: [RowID<CellRecord>: CellFigures] = [:]
        for (index, cell) in known.enumerated() {
            let own = estimates[index * perCell..<(index + 1) * perCell].map(\.self)
            figures[cell.0] = CellFigures(
                n: small.scores.count, minusSmall: own[0], minusLarge: own[1], aboveLine: own[2],
                recovered: own[3], pSmall: pValue(cell.1, self.small),
                pLarge: pValue(cell.1, self.large), cut: CutAnswers.entry(cell.1))
        }
        return figures
    }

    private func gainOverLine(_ curve: RoutingCurve, _ point: CurvePoint) -> Double? {
        let width = curve.large.cost - curve.small.cost
        guard width > 0 else { return nil }
        let share = (point.cost - curve.small.cost) / width
        return point.accuracy - curve.small.accuracy
            - share * (curve.large.accuracy - curve.small.accuracy)
    }

    private func pValue(_ first: [QuestionOutcome], _ second: [QuestionOutcome]) -> Double? {
        let (left, right) = (first.compactMap(\.correct), second.compactMap(\.correct))
        guard left.count == first.count, right.count == left.count else { return nil }
        return McNemarTest(left, right).pValue
    }
}

private struct CellFigures {
    let n: Int
    let minusSmall: Bootstrap.Estimate?
    let minusLarge: Bootstrap.Estimate?
    let aboveLine: Bootstrap.Estimate?
    let recovered: Bootstrap.Estimate?
    let pSmall: Double?
    let pLarge: Double?
    let cut: Entry

    func row(_ cell: CellRow) -> TableRow {
        let entries: [Entry] = [
            .text(cell.record.key), .text(cell.record.label ?? cell.record.policy),
            cell.record.setting.map { .text($0) } ?? .missing, .count(n),
            .estimate(minusSmall, scale: 0.01, decimals: 1), .pValue(pSmall),
            .estimate(minusLarge, scale: 0.01, decimals: 1), .pValue(pLarge),
            .estimate(aboveLine, scale: 0.01, decimals: 1),
            .estimate(recovered, scale: 0.01, decimals: 0), cut,
        ]
        let tests = [
            4: (minusSmall, pSmall), 6: (minusLarge, pLarge), 8: (aboveLine, Double?.none),
        ]
        let significant = tests.filter { _, test in
            (test.0?.excludesZero ?? false) && test.1.map { $0 < 0.05 } ?? true
        }
        return TableRow(entries: entries, bold: marking(Set(significant.keys), questions: n))
    }
}

extension Entry {
    /// A figure of the bootstrap in units of `scale`; missing where it is not defined.
    static func estimate(
        _ estimate: Bootstrap.Estimate?, scale: Double, decimals: Int
    ) -> Entry {
        guard let estimate else { return .missing }
        return .estimate(
            estimate.value / scale, low: estimate.interval.low / scale,
            high: estimate.interval.high / scale, decimals: decimals,
            defined: 1 - estimate.undefinedShare)
    }

    /// A probability, three decimals, or in powers of ten where that would show 0.
    static func pValue(_ value: Double?) -> Entry {
        guard let value else { return .missing }
        return .probability(value)
    }
}
