import ResultsStore
import Routing
import Statistics

/// What a method costs where it is as accurate as the large model (docs/method.md, section 4, iso-accuracy): at one of its settings, and over all.
struct MethodResult {
    let name: String
    let choice: Choice
    /// The setting's answers, on the questions that the method and both single models finished.
    let outcomes: [QuestionOutcome]
    /// Mean seconds a question at batch 1, where measured.
    let latency: Double?
    /// 1 - C / C of the large model, C the least cost that reaches its accuracy.
    let callsSaved: Bootstrap.Estimate?
    let bytesSaved: Bootstrap.Estimate?
    /// APGR over calls; nil for a method of one setting, which has no curve.
    let area: Bootstrap.Estimate?

    /// The setting that stands for the method; the text is nil for a policy without settings.
    enum Choice {
        /// Of those with at least the large model's accuracy, the one that moves the fewest bytes.
        case reached(String?)
        /// None has; the most accurate.
        case best(String?)
    }

    /// The large model's own first, then the methods in the spec's order; empty where a single model or every method is missing.
    static func all(_ data: ReportData, _ bootstrap: Bootstrap) -> [MethodResult] {
        guard let singles = data.singles else { return [] }
        let methods = data.methods
        let found = SharedQuestions.batches(of: methods, singles, cells: \.outcomes)
            .flatMap { results(of: $0, data.latency, bootstrap) }
        guard !found.isEmpty else { return [] }
        let known = Dictionary(uniqueKeysWithValues: found.map { ($0.name, $0) })
        let own = MethodResult(
            name: PolicyDefinition.llm.name, choice: .reached(nil), outcomes: singles.large,
            latency: data.latency?.seconds(of: singles.llm), callsSaved: nil, bytesSaved: nil,
            area: nil)
        return [own] + methods.compactMap { known[$0.name] }
    }

    private static func results(
        of batch: SharedQuestions<Method>, _ latency: Latency?, _ bootstrap: Bootstrap
    ) -> [MethodResult] {
        let calls = figures(of: batch, in: .calls, bootstrap)
        let bytes = figures(of: batch, in: .bytes, bootstrap)
        return batch.members.enumerated().map { index, member in
            let (method, cells) = member
            let (chosen, isReached) = choice(among: cells, large: batch.large)
            let setting = method.cells[chosen].record.setting
            return MethodResult(
                name: method.name, choice: isReached ? .reached(setting) : .best(setting),
                outcomes: cells[chosen], latency: latency?.seconds(of: method.cells[chosen]),
                callsSaved: calls[index].saved, bytesSaved: bytes[index].saved,
                area: method.hasSettings ? calls[index].area : nil)
        }
    }

    /// The cheapest in bytes that is as accurate as the large model, else the most accurate, by its place among the cells.
    private static func choice(
        among cells: [[QuestionOutcome]], large: [QuestionOutcome]
    ) -> (index: Int, isReached: Bool) {
        func score(_ outcomes: [QuestionOutcome]) -> Double {
            outcomes.compactMap(\.mark).reduce(0, +)
        }
        func bytes(_ outcomes: [QuestionOutcome]) -> Double {
            outcomes.reduce(0) { $0 + Double($1.bytes ?? 0) }
        }
        let mixed = cells.indices.filter { cells[$0].isMixed }
        let byCost = (mixed.isEmpty ? Array(cells.indices) : mixed).sorted {
            (bytes(cells[$0]), $0) < (bytes(cells[$1]), $1)
        }
        let goal = score(large)
        if let reached = byCost.first(where: { score(cells[$0]) >= goal }) {
            return (reached, true)
        }
        return (byCost.max { score(cells[$0]) < score(cells[$1]) } ?? 0, false)
    }

    private struct Figures {
        var saved: Bootstrap.Estimate?
        var area: Bootstrap.Estimate?
    }

    /// Each method's share of a cost that is saved, and the area under its curve over it; none of too few questions to rank by.
    private static func figures(
        of batch: SharedQuestions<Method>, in currency: Currency, _ bootstrap: Bootstrap
    ) -> [Figures] {
        let cells = batch.members.map { $0.cells.compactMap(currency.results) }
        guard let small = currency.results(of: batch.small),
            let large = currency.results(of: batch.large),
            zip(cells, batch.members).allSatisfy({ $0.count == $1.cells.count }),
            mayMark(questions: batch.large.count)
        else { return batch.members.map { _ in Figures() } }
        let comparison = CurveComparison(
            small: small, large: large, methods: cells, bootstrap: bootstrap)
        let estimates = comparison.estimates { curves in
            curves.flatMap { curve -> [Double?] in
                // Where the small model gets there alone, there is nothing that a method could save.
                let cost =
                    curve.large.accuracy > curve.small.accuracy
                    ? curve.leastCost(reaching: curve.large.accuracy) : nil
                let saved = cost.flatMap {
                    curve.large.cost > 0 ? 1 - $0 / curve.large.cost : nil
                }
                return [saved, curve.averagePerformanceGapRecovered]
            }
        }
        return cells.indices.map {
            Figures(saved: estimates[2 * $0], area: estimates[2 * $0 + 1])
        }
    }
}
