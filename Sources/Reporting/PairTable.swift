import ResultsStore
import Routing
import Statistics

/// Methods against each other over their whole curves (docs/method.md, section 4): APGR, iso-accuracy saving, iso-cost gain.
struct PairTable {
    let data: ReportData
    let bootstrap: Bootstrap

    /// Nil where a single model is missing, or no two methods have settings and enough questions in common to be ranked.
    var table: Table? {
        guard let slm = data.single(.slm), let llm = data.single(.llm) else { return nil }
        let singles = [slm, llm].map { data.outcomes[$0.id] ?? [] }
        // Random calls are every method's baseline in the table of curves.
        let named = data.families.filter { $0.hasSettings && !$0.isBaseline }
        // The method that this is about stands first in its pairs: what it saves against each of the others.
        let families = named.filter { !$0.isCiter } + named.filter(\.isCiter)
        var batches: [[String]: PairBatch] = [:]
        for (index, second) in families.enumerated() {
            for first in families[(index + 1)...] {
                let common = paired(singles + first.outcomes + second.outcomes)
                guard let small = common.first, small.count >= PairedDifference.leastQuestions
                else { continue }
                let end = 2 + first.outcomes.count
                batches[
                    small.map(\.question), default: PairBatch(small: small, large: common[1])
                ].add((first.name, Array(common[2..<end])), (second.name, Array(common[end...])))
            }
        }
        let rows = Currency.shown(in: .pairs).flatMap { currency in
            let figures = batches.values.reduce(into: [Pair: PairFigures]()) { figures, batch in
                figures.merge(batch.figures(in: currency, bootstrap)) { first, _ in first }
            }
            return families.indices.flatMap { index in
                families[(index + 1)...].compactMap { first in
                    let pair = Pair(first: first.name, second: families[index].name)
                    return figures[pair].map { $0.row(pair, currency) }
                }
            }
        }
        return rows.isEmpty ? nil : table(rows)
    }

    private func table(_ rows: [TableRow]) -> Table {
        Table(
            name: "pairs", title: "\(data.experiment.record.name): methods against each other",
            columns: [
                .text("Policy", "policy"), .text("Against", "against"),
                .text("Cost", "currency"), .number("n", "n"),
                .estimate("APGR difference [95 %]", "apgr_difference"),
                .estimate("Iso-accuracy saving % [95 %]", "iso_accuracy_saving"),
                .estimate("Iso-cost gain, points [95 %]", "iso_cost_gain"),
            ],
            rows: rows,
            notes: [
                "Paired bootstrap over the questions that both methods and both single models finished. Iso-accuracy saving: "
                    + "1 - C / C of the other, the mean over the accuracies on both sides of which both have measured settings; iso-cost gain: hundredths of accuracy, the "
                    + "mean over the costs that the settings of both cover. Positive: the first is better. Bold: "
                    + "the interval excludes 0, not corrected for the number of pairs. Pairs with fewer than \(PairedDifference.leastQuestions) questions in common are left out."
            ])
    }
}

private struct Pair: Hashable {
    let first: String
    let second: String
}

/// Pairs of methods that finished the same questions; they share their resamples.
private struct PairBatch {
    let small: [QuestionOutcome]
    let large: [QuestionOutcome]
    private var methods: [(name: String, cells: [[QuestionOutcome]])] = []
    private var pairs: [Pair] = []

    init(small: [QuestionOutcome], large: [QuestionOutcome]) {
        self.small = small
        self.large = large
    }

    mutating func add(
        _ first: (name: String, cells: [[QuestionOutcome]]),
        _ second: (name: String, cells: [[QuestionOutcome]])
    ) {
        for method in [first, second] where !methods.contains(where: { $0.name == method.name }) {
            methods.append(method)
        }
        pairs.append(Pair(first: first.name, second: second.name))
    }

    func figures(in currency: Currency, _ bootstrap: Bootstrap) -> [Pair: PairFigures] {
        let cells = methods.map { $0.cells.compactMap(currency.results) }
        guard let small = currency.results(of: small), let large = currency.results(of: large),
            zip(cells, methods).allSatisfy({ $0.count == $1.cells.count })
        else { return [:] }
        let comparison = CurveComparison(
            small: small, large: large, methods: cells, bootstrap: bootstrap)
        let places = pairs.compactMap { pair -> (Int, Int)? in
            guard let first = methods.firstIndex(where: { $0.name == pair.first }),
                let second = methods.firstIndex(where: { $0.name == pair.second })
            else { return nil }
            return (first, second)
        }
        let estimates = comparison.estimates { curves in
            let areas = curves.map(\.averagePerformanceGapRecovered)
            return places.flatMap { first, second -> [Double?] in
                // APGR is over calls: most settings cost more FLOPs than the large model, and have no curve there.
                let difference =
                    currency.isShare
                    ? areas[first].flatMap { a in areas[second].map { a - $0 } } : nil
                return [
                    difference, curves[first].meanIsoAccuracySaving(against: curves[second]),
                    curves[first].meanIsoCostGain(over: curves[second]),
                ]
            }
        }
        var figures: [Pair: PairFigures] = [:]
        for (index, pair) in pairs.enumerated() {
            figures[pair] = PairFigures(
                n: small.scores.count, area: estimates[3 * index],
                saving: estimates[3 * index + 1], gain: estimates[3 * index + 2])
        }
        return figures
    }
}

private struct PairFigures {
    let n: Int
    let area: Bootstrap.Estimate?
    let saving: Bootstrap.Estimate?
    let gain: Bootstrap.Estimate?

    func row(_ pair: Pair, _ currency: Currency) -> TableRow {
        let significant = [4: area, 5: saving, 6: gain].filter { $0.value?.excludesZero ?? false }
        return TableRow(
            entries: [
                .text(pair.first), .text(pair.second), .text(currency.name), .count(n),
                .estimate(area, scale: 1, decimals: 3),
                .estimate(saving, scale: 0.01, decimals: 1),
                .estimate(gain, scale: 0.01, decimals: 1),
            ], bold: marking(Set(significant.keys), questions: n))
    }
}
