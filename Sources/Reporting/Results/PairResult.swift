import ResultsStore
import Statistics

/// Two methods over their whole curves in one currency (docs/method.md, section 4); positive: the first is better.
struct PairResult {
    let first: String
    let second: String
    let currency: Currency
    /// Questions that both methods and both single models finished.
    let n: Int
    /// Difference of the APGRs; over calls only: most settings cost more FLOPs than the large model, and have no curve there.
    let area: Bootstrap.Estimate?
    /// Mean iso-accuracy saving, a share of the second's cost.
    let saving: Bootstrap.Estimate?
    /// Mean iso-cost gain, accuracy of 0...1.
    let gain: Bootstrap.Estimate?

    /// By currency; empty where a single model is missing, or no two methods have settings and enough questions in common to be ranked.
    static func all(_ data: ReportData, _ bootstrap: Bootstrap) -> [PairResult] {
        guard let singles = data.singles else { return [] }
        // The baseline is compared with every method among the curves.
        let named = data.methods.filter { $0.hasSettings && !$0.isBaseline }
        // The method that this is about stands first in its pairs: what it saves against each of the others.
        let methods = named.filter { !$0.isCiter } + named.filter(\.isCiter)
        let pairs = methods.indices.flatMap { index in
            methods[(index + 1)...].map { Pair(first: $0, second: methods[index]) }
        }
        let batches = SharedQuestions.batches(of: pairs, singles) {
            $0.first.outcomes + $0.second.outcomes
        }.filter { mayMark(questions: $0.small.count) }
        return Currency.shown(in: .pairs).flatMap { currency in
            let found = batches.flatMap { results(of: $0, currency, bootstrap) }
            let known = Dictionary(uniqueKeysWithValues: found.map { ([$0.first, $0.second], $0) })
            return pairs.compactMap { known[[$0.first.name, $0.second.name]] }
        }
    }

    private struct Pair {
        let first: Method
        let second: Method
    }

    private static func results(
        of batch: SharedQuestions<Pair>, _ currency: Currency, _ bootstrap: Bootstrap
    ) -> [PairResult] {
        // Each method's curve once, however many pairs it is in.
        var places: [String: Int] = [:]
        var cells: [[[QuestionOutcome]]] = []
        func add(_ method: Method, _ outcomes: ArraySlice<[QuestionOutcome]>) -> Int {
            if let place = places[method.name] { return place }
            places[method.name] = cells.count
            cells.append(Array(outcomes))
            return cells.count - 1
        }
        let pairs = batch.members.map { pair, cells in
            let end = pair.first.cells.count
            return (first: add(pair.first, cells[..<end]), second: add(pair.second, cells[end...]))
        }
        let known = cells.map { $0.compactMap(currency.results) }
        guard let small = currency.results(of: batch.small),
            let large = currency.results(of: batch.large),
            zip(known, cells).allSatisfy({ $0.count == $1.count })
        else { return [] }
        let comparison = CurveComparison(
            small: small, large: large, methods: known, bootstrap: bootstrap)
        let estimates = comparison.estimates { curves in
            let areas = curves.map(\.averagePerformanceGapRecovered)
            return pairs.flatMap { first, second -> [Double?] in
                let difference =
                    currency.isShare
                    ? areas[first].flatMap { a in areas[second].map { a - $0 } } : nil
                return [
                    difference, curves[first].meanIsoAccuracySaving(against: curves[second]),
                    curves[first].meanIsoCostGain(over: curves[second]),
                ]
            }
        }
        return batch.members.enumerated().map { index, member in
            PairResult(
                first: member.item.first.name, second: member.item.second.name,
                currency: currency, n: small.scores.count, area: estimates[3 * index],
                saving: estimates[3 * index + 1], gain: estimates[3 * index + 2])
        }
    }
}
