import GRDB

/// One row of the view `curve`: a cell's accuracy and cost.
///
/// `n` counts finished questions; failed ones are counted apart and in nothing else. Counts and
/// costs are sums over the `n` questions.
package struct CurveRow: Equatable, Sendable {
    package let cell: RowID<CellRecord>
    /// The policy's name.
    package let policy: String
    /// Such as `threshold=0.5`.
    package let setting: String?
    /// An ablation's name.
    package let label: String?
    /// Finished questions.
    package let n: Int
    /// Failed questions.
    package let failed: Int
    /// Finished questions without a readable answer.
    package let noAnswer: Int
    /// Share of right answers; nil for tasks with a score only.
    package let accuracy: Double?
    /// Lower end of Wilson's 95 % interval.
    package let accuracyLow: Double?
    /// Upper end of Wilson's 95 % interval.
    package let accuracyHigh: Double?
    /// Mean score, for tasks that have one.
    package let score: Double?
    /// Share of tokens written by the large model.
    package let callRatio: Double?
    /// The same per question, then averaged.
    package let callRatioMean: Double?
    /// Tokens written by the large model.
    package let llmCalls: Int
    /// Serial passes of the large model.
    package let llmPasses: Int
    /// Tokens written.
    package let tokens: Int
    /// Floating-point operations; nil where some questions lack them.
    package let flops: Double?
    /// Bytes moved; nil where some questions lack them.
    package let bytes: Double?
    /// Wall-clock as if run alone; nil unless measured for every question.
    package let seconds: Double?
    /// Questions with a measured time.
    package let timed: Int
    /// Mean time of those.
    package let secondsMean: Double?
    /// Mean energy in joules of the questions of which it was measured.
    package let joulesMean: Double?
}

extension ResultsReader {
    /// The curve of an experiment in the spec's order.
    package func curve(of experiment: RowID<ExperimentRecord>) throws(StoreError) -> [CurveRow] {
        try rows(
            """
            SELECT curve.* FROM curve
            WHERE cell IN (SELECT id FROM cell WHERE experiment = ?)
            ORDER BY position, key
            """, [experiment.value]
        ) { row in
            try CurveRow(
                cell: RowID(row.value("cell")), policy: row.value("policy"),
                setting: row.value("setting"),
                label: row.value("label"), n: row.value("n"), failed: row.value("failed"),
                noAnswer: row.value("no_answer"), accuracy: row.value("accuracy"),
                accuracyLow: row.value("accuracy_low"), accuracyHigh: row.value("accuracy_high"),
                score: row.value("score"), callRatio: row.value("call_ratio"),
                callRatioMean: row.value("call_ratio_mean"), llmCalls: row.value("llm_calls") ?? 0,
                llmPasses: row.value("llm_passes") ?? 0, tokens: row.value("tokens") ?? 0,
                flops: row.value("flops"), bytes: row.value("bytes"), seconds: row.value("seconds"),
                timed: row.value("timed"), secondsMean: row.value("seconds_mean"),
                joulesMean: row.value("joules_mean"))
        }
    }
}
