import Foundation
import ResultsStore

/// One number that other programs' logs give of each answer: the grade, or a cost.
struct AnswerMetric: Sendable {
    /// Its name in the logs.
    let name: String
    let isHigherBetter: Bool
    /// As people read it in a column of a viewer.
    var column: Column?
    /// Of one answer; nil where it has none.
    let value: @Sendable (SampleRecord) -> Double?

    /// A name that says the unit, and how much of the number is read.
    struct Column: Sendable {
        let name: String
        /// How many of its units are one of the metric's.
        let factor: Double
        let decimals: Int

        /// A value of the metric in this column's unit, rounded.
        func value(_ value: Double) -> Double {
            let scale = pow(10, Double(decimals))
            return (value * factor * scale).rounded() / scale
        }
    }

    /// Grades first.
    static let all = grades + costs

    /// A right answer counts 1, a wrong one 0; tasks without right and wrong have a score.
    static let grades = [
        AnswerMetric(name: "exact_match", isHigherBetter: true) { sample in
            sample.grade.correct.map { $0 ? 1 : 0 }
        },
        AnswerMetric(name: "score", isHigherBetter: true) { sample in
            sample.grade.correct == nil ? sample.grade.score : nil
        },
    ]

    static let costs = [
        AnswerMetric(
            name: "call_ratio", isHigherBetter: false,
            column: Column(name: "calls_percent", factor: 100, decimals: 1)
        ) { sample in
            sample.usage.tokens == 0
                ? nil : Double(sample.usage.llmCalls) / Double(sample.usage.tokens)
        },
        AnswerMetric(name: "tokens", isHigherBetter: false) { Double($0.usage.tokens) },
        AnswerMetric(name: "llm_passes", isHigherBetter: false) { Double($0.usage.llmPasses) },
        AnswerMetric(
            name: "flops", isHigherBetter: false,
            column: Column(name: "gflop", factor: 1e-9, decimals: 1)
        ) { $0.usage.flops.map(Double.init) },
        AnswerMetric(
            name: "bytes", isHigherBetter: false,
            column: Column(name: "gb", factor: 1e-9, decimals: 1)
        ) { $0.usage.bytes.map(Double.init) },
        AnswerMetric(
            name: "seconds", isHigherBetter: false,
            column: Column(name: "seconds", factor: 1, decimals: 2)
        ) { $0.usage.seconds },
        AnswerMetric(
            name: "joules", isHigherBetter: false,
            column: Column(name: "joules", factor: 1, decimals: 1)
        ) { $0.usage.joules },
    ]
}

/// A metric over the answers of a cell that have it.
struct MetricMean: Sendable {
    let metric: AnswerMetric
    /// Answers that have it; at least one.
    let count: Int
    let mean: Double
    /// Of the mean: the answers' standard deviation, with n - 1, by the root of n; nil for a single answer.
    let standardError: Double?

    /// nil where no answer has it.
    init?(_ metric: AnswerMetric, of samples: [SampleRecord]) {
        let values = samples.compactMap(metric.value)
        guard !values.isEmpty else { return nil }
        let n = Double(values.count)
        let mean = values.reduce(0, +) / n
        let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
        self.metric = metric
        self.mean = mean
        count = values.count
        standardError = values.count > 1 ? (squares / (n - 1) / n).squareRoot() : nil
    }
}
