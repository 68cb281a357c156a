import ResultsStore
import Routing
import Statistics

/// A cell's seconds by itself, beside the large model's and those of the fastest draft length.
struct LatencyResult {
    let cell: CellRow
    let outcomes: [QuestionOutcome]
    /// Mean seconds a question; nil where some have none.
    let seconds: Double?
    /// The sum of its seconds over the large model's, on the questions that both finished.
    let ofLarge: Bootstrap.Estimate?
    /// The same over the fastest draft length's.
    let ofSpeculative: Bootstrap.Estimate?

    /// Mean milliseconds a token.
    var millisecondsPerToken: Double? {
        let tokens = Double(outcomes.tokens) / Double(outcomes.count)
        return seconds.map { 1000 * $0 / max(tokens, 1) }
    }

    /// Empty where no latency was measured, or none of the large model.
    static func all(_ data: ReportData, _ bootstrap: Bootstrap) -> [LatencyResult] {
        guard let latency = data.latency, let llm = data.single(.llm),
            let own = latency.outcomes[llm.record.key]
        else { return [] }
        let drafts = data.cells.filter { $0.method == PolicyDefinition.speculative.name }
            .compactMap { cell in latency.seconds(of: cell).map { (cell, $0) } }
        let drafted = drafts.min { $0.1 < $1.1 }.flatMap { latency.outcomes[$0.0.record.key] }
        return data.cells.compactMap { cell in
            latency.outcomes[cell.record.key].map { outcomes in
                LatencyResult(
                    cell: cell, outcomes: outcomes, seconds: latency.seconds(of: cell),
                    ofLarge: share(of: outcomes, in: own, bootstrap),
                    ofSpeculative: drafted.flatMap { share(of: outcomes, in: $0, bootstrap) })
            }
        }
    }

    private static func share(
        of cell: [QuestionOutcome], in other: [QuestionOutcome], _ bootstrap: Bootstrap
    ) -> Bootstrap.Estimate? {
        let both = paired([cell, other])
        let seconds = both.map { $0.compactMap(\.seconds) }
        guard both[0].count == seconds[0].count, seconds[0].count == seconds[1].count else {
            return nil
        }
        return bootstrap.estimates(questions: seconds[0].count) { draws in
            let sums = seconds.map { zip($0, draws).reduce(0) { $0 + $1.0 * $1.1 } }
            return [sums[1] > 0 ? sums[0] / sums[1] : nil]
        }.first ?? nil
    }
}
