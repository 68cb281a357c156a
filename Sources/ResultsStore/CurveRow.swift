import GRDB

/// One row of the view `curve`: a cell's accuracy and cost.
///
/// `n` counts finished questions; failed ones are counted apart and in nothing else. Counts and
/// costs are sums over the `n` questions.
public struct CurveRow: Equatable, Sendable {
    /// The cell.
    public let cell: RowID<CellRecord>
    /// The policy's name.
    public let policy: String
    /// Such as `threshold=0.5`.
    public let setting: String?
    /// An ablation's name.
    public let label: String?
    /// Finished questions.
    public let n: Int
    /// Failed questions.
    public let failed: Int
    /// Finished questions without a readable answer.
    public let noAnswer: Int
    /// Share of right answers; nil for tasks with a score only.
    public let accuracy: Double?
    /// Lower end of Wilson's 95 % interval.
    public let accuracyLow: Double?
    /// Upper end of Wilson's 95 % interval.
    public let accuracyHigh: Double?
    /// Mean score, for tasks that have one.
    public let score: Double?
    /// Share of tokens written by the large model.
    public let callRatio: Double?
    /// The same per question, then averaged.
    public let callRatioMean: Double?
    /// Tokens written by the large model.
    public let llmCalls: Int
    /// Serial passes of the large model.
    public let llmPasses: Int
    /// Tokens written.
    public let tokens: Int
    /// Floating-point operations; nil where some questions lack them.
    public let flops: Double?
    /// Bytes moved; nil where some questions lack them.
    public let bytes: Double?
    /// Wall-clock as if run alone; nil unless measured for every question.
    public let seconds: Double?
    /// Questions with a measured time.
    public let timed: Int
    /// Mean time of those.
    public let secondsMean: Double?
}

extension ResultsReader {
    /// The curve of an experiment in the spec's order.
    public func curve(of experiment: RowID<ExperimentRecord>) throws(StoreError) -> [CurveRow] {
        try rows(
            """
            SELECT curve.* FROM curve
            WHERE cell IN (SELECT id FROM cell WHERE experiment = ?)
            ORDER BY position, key
            """, [experiment.value]
        ) { row in
            CurveRow(
                cell: RowID(row["cell"]), policy: row["policy"], setting: row["setting"],
                label: row["label"], n: row["n"], failed: row["failed"],
                noAnswer: row["no_answer"], accuracy: row["accuracy"],
                accuracyLow: row["accuracy_low"], accuracyHigh: row["accuracy_high"],
                score: row["score"], callRatio: row["call_ratio"],
                callRatioMean: row["call_ratio_mean"], llmCalls: row["llm_calls"] ?? 0,
                llmPasses: row["llm_passes"] ?? 0, tokens: row["tokens"] ?? 0,
                flops: row["flops"], bytes: row["bytes"], seconds: row["seconds"],
                timed: row["timed"], secondsMean: row["seconds_mean"])
        }
    }
}
