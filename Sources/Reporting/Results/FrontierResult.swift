import ResultsStore
import Routing
import Statistics

/// A setting that no other beats in one currency: none is as accurate at no greater cost, or more accurate at the same (docs/method.md, section 4); or the
/// cheapest that is shown to be as accurate as the large model, which one whose accuracy is not shown may beat.
struct FrontierResult {
    let currency: Currency
    let cell: CellRow
    /// On the questions that it and the large model finished.
    let accuracy: Double
    let n: Int
    /// Of the large model's cost on the same questions.
    let share: Double
    /// Against the large model; nil of that itself.
    let equality: EqualAccuracy?
    /// Whether it is the cheapest that is shown to be as accurate as the large model.
    var isCheapestEqual = false

    /// By currency, the cheapest first; empty where the large model has not run.
    static func all(_ data: ReportData, _ equalities: [EqualityResult]) -> [FrontierResult] {
        guard let llm = data.single(.llm), let large = data.outcomes[llm.id],
            let accuracy = large.accuracy
        else { return [] }
        return currencies(data).flatMap { currency -> [FrontierResult] in
            var found = equalities.compactMap { result -> FrontierResult? in
                guard let share = result.share(in: currency), let own = result.outcomes.accuracy
                else { return nil }
                return FrontierResult(
                    currency: currency, cell: result.cell, accuracy: own, n: result.outcomes.count,
                    share: share, equality: result.accuracy)
            }
            guard !found.isEmpty else { return [] }
            found.append(
                FrontierResult(
                    currency: currency, cell: llm, accuracy: accuracy, n: large.count, share: 1,
                    equality: nil))
            let cheapest = found.indices.filter { found[$0].equality?.isShown ?? false }.min {
                (found[$0].share, -found[$0].accuracy) < (found[$1].share, -found[$1].accuracy)
            }
            if let cheapest { found[cheapest].isCheapestEqual = true }
            return found.filter { one in one.isCheapestEqual || !found.contains { $0.beats(one) } }
                .sorted {
                    ($0.share, $0.cell.record.position) < ($1.share, $1.cell.record.position)
                }
        }
    }

    /// Those in which a setting's cost follows from what it does, rather than being what is chosen; seconds at batch 1 where they were measured.
    private static func currencies(_ data: ReportData) -> [Currency] {
        let own = data.currencies(in: .methods)
        guard data.latency != nil else { return own }
        return own.filter { $0.key != Currency.seconds.key } + [.latency]
    }

    private func beats(_ other: FrontierResult) -> Bool {
        share <= other.share && accuracy >= other.accuracy
            && (share < other.share || accuracy > other.accuracy)
    }
}
