import ResultsStore
import Routing
import Statistics

/// What the whole curve of each policy with settings is worth, in every currency of cost.
struct CurveTable {
    let data: ReportData
    let bootstrap: Bootstrap

    /// Nil where a single model is missing or no policy has settings.
    var table: Table? {
        guard let slm = data.single(.slm), let llm = data.single(.llm) else { return nil }
        let families = data.families.filter(\.hasSettings)
        let baseline = families.first(where: \.isBaseline)
        let batches = self.batches(families, slm, llm, baseline)
        let rows = Currency.shown(in: .curves).flatMap { currency in
            let figures = batches.reduce(into: [String: CurveFigures]()) { figures, batch in
                figures.merge(batch.figures(in: currency, bootstrap)) { first, _ in first }
            }
            return families.compactMap { family in
                figures[family.name].map { $0.row(family, currency, against: baseline?.name) }
            }
        }
        return rows.isEmpty ? nil : table(rows, baseline)
    }

    private func table(_ rows: [TableRow], _ baseline: Family?) -> Table {
        let over = baseline?.name ?? "the line"
        return Table(
            name: "curves", title: "\(data.experiment.record.name): whole curves",
            columns: [
                .text("Policy", "policy"), .text("Cost", "currency"),
                .number("Settings", "settings"),
                .number("n", "n"), .estimate("APGR [95 %]", "apgr"),
                .estimate("Over \(over) [95 %]", "apgr_gain"), .estimate("CPT 20 %", "cpt_20"),
                .estimate("CPT 50 %", "cpt_50"), .estimate("CPT 80 %", "cpt_80"),
                .estimate("CPT 95 %", "cpt_95"),
            ],
            rows: rows,
            notes: [
                "APGR: the mean share of the gap between slm and llm that is recovered, over calls or passes "
                    + "from the slm's to the llm's; 0.5 is the straight line. In other costs there is no area: a "
                    + "method with no setting cheaper than the llm would get the line for nothing. CPT x: the least cost "
                    + "between the method's measured settings that recovers x, in the cost's unit. Intervals by paired bootstrap over "
                    + "questions; \"in 80 %\": in the other resamples it was not reached. "
                    + "Bold: significantly above \(over); never below \(PairedDifference.leastQuestions) questions.",
                "Left out where the llm is not significantly better than the slm.",
            ])
    }

    /// Families by the questions that they, the single models and the baseline finished.
    private func batches(
        _ families: [Family], _ slm: CellRow, _ llm: CellRow, _ baseline: Family?
    ) -> [FamilyBatch] {
        let singles = [slm, llm].map { data.outcomes[$0.id] ?? [] }
        var batches: [[String]: FamilyBatch] = [:]
        for family in families {
            let base = baseline?.outcomes ?? []
            let common = paired(singles + base + family.outcomes)
            guard let small = common.first, !small.isEmpty else { continue }
            let start = singles.count + base.count
            batches[
                small.map(\.question),
                default: FamilyBatch(
                    small: small, large: common[1], baseline: Array(common[2..<start]))
            ].families.append((family.name, Array(common[start...])))
        }
        return Array(batches.values)
    }
}

/// Policies compared on the same questions, which share their resamples.
private struct FamilyBatch {
    let small: [QuestionOutcome]
    let large: [QuestionOutcome]
    /// Empty where there is none.
    let baseline: [[QuestionOutcome]]
    var families: [(name: String, cells: [[QuestionOutcome]])] = []

    static let shares = [0.2, 0.5, 0.8, 0.95]

    func figures(in currency: Currency, _ bootstrap: Bootstrap) -> [String: CurveFigures] {
        guard let small = currency.results(of: small), let large = currency.results(of: large)
        else { return [:] }
        let base = baseline.compactMap(currency.results)
        guard base.count == baseline.count else { return [:] }
        let known = families.compactMap { family -> (name: String, cells: [CellResults])? in
            let cells = family.cells.compactMap(currency.results)
            return cells.count == family.cells.count ? (family.name, cells) : nil
        }
        let comparison = CurveComparison(
            small: small, large: large, methods: [base] + known.map(\.cells),
            bootstrap: bootstrap)
        let perFamily = 2 + Self.shares.count
        let estimates = comparison.estimates { curves in
            let line = baseline.isEmpty ? 0.5 : curves[0].averagePerformanceGapRecovered
            return curves.dropFirst().flatMap { curve -> [Double?] in
                let area = currency.hasArea ? curve.averagePerformanceGapRecovered : nil
                let gain = area.flatMap { area in line.map { area - $0 } }
                return [area, gain] + Self.shares.map { curve.leastCost(recovering: $0) }
            }
        }
        var figures: [String: CurveFigures] = [:]
        for (index, family) in known.enumerated() {
            let own = estimates[index * perFamily..<(index + 1) * perFamily].map(\.self)
            figures[family.name] = CurveFigures(
                n: small.scores.count, hasGap: comparison.hasGap, area: own[0], gain: own[1],
                costs: Array(own[2...]))
        }
        return figures
    }
}

private struct CurveFigures {
    let n: Int
    let hasGap: Bool
    let area: Bootstrap.Estimate?
    let gain: Bootstrap.Estimate?
    let costs: [Bootstrap.Estimate?]

    func row(_ family: Family, _ currency: Currency, against baseline: String?) -> TableRow {
        let costs = costs.map { cost -> Entry in
            if !hasGap { return .missing }
            guard cost != nil else { return .remark("not reached") }
            return .estimate(cost, scale: currency.scale, decimals: currency.decimals)
        }
        let gain: Entry =
            family.name == baseline ? .missing : .estimate(gain, scale: 1, decimals: 3)
        let isBetter = family.name != baseline && (self.gain?.interval.low ?? 0) > 0
        return TableRow(
            entries: [
                .text(family.name), .text(currency.title), .count(family.cells.count), .count(n),
                .estimate(area, scale: 1, decimals: 3), gain,
            ] + costs, bold: isBetter ? marking([4, 5], questions: n) : [])
    }
}
