import Grading
import Platform
package import ResultsStore
import Statistics

/// Two cells on the questions that both finished, of one database or of two.
///
/// Differences are right minus left, with intervals by paired bootstrap over questions; the verdicts
/// are compared by the exact McNemar test.
package struct Comparison {
    private let left: ComparisonSide
    private let right: ComparisonSide
    private let pairs: (left: [QuestionOutcome], right: [QuestionOutcome])
    private let unpaired: (left: Int, right: Int)
    private let changes: [Change]
    private let bootstrap: Bootstrap

    /// Reads both cells; questions are matched by name. Throws `.noCommonQuestion` where none is finished in both.
    package init(
        _ left: ComparisonSide, _ right: ComparisonSide, resamples: Int = 10_000
    ) throws(StoreError) {
        self.left = left
        self.right = right
        bootstrap = Bootstrap(resamples: max(1, resamples))
        let all = try [left, right].map { side throws(StoreError) in
            try side.reader.outcomes(of: side.cell.id)
        }
        let common = paired(all)
        pairs = (common[0], common[1])
        unpaired = (all[0].count - common[0].count, all[1].count - common[1].count)
        guard !common[0].isEmpty else {
            throw .noCommonQuestion(
                left: left.cell.nameWithKey, answers: all[0].count, right: right.cell.nameWithKey,
                others: all[1].count)
        }
        var changes: [Change] = []
        for (one, other) in zip(pairs.left, pairs.right) where one.mark != other.mark {
            let samples = (
                try left.reader.sample(of: left.cell.id, question: one.question).sample,
                try right.reader.sample(of: right.cell.id, question: one.question).sample
            )
            changes.append(Change(question: one.question, left: samples.0, right: samples.1))
        }
        self.changes = changes
    }

    /// The comparison as text; CSV holds the changed questions only.
    package func text(as format: ReportFormat) -> String {
        switch format {
        case .markdown: summary.markdown() + "\n" + changed.markdown()
        case .csv: changed.csv()
        case .latex: summary.latex(label: "tab:comparison")
        case .json:
            JSONValue.object([
                ("left", .string(name(left))), ("right", .string(name(right))),
                ("summary", summary.json), ("changed", changed.json),
                ("notes", .array(notes.map { .string($0) })),
            ]).text(indent: true) + "\n"
        }
    }

    private func name(_ side: ComparisonSide) -> String {
        let name =
            left.experiment == right.experiment
            ? side.cell.name : "\(side.experiment) \(side.cell.name)"
        return left.reader.path == right.reader.path ? name : "\(name) in \(side.reader.path)"
    }

    // MARK: The figures

    /// A figure of both cells, and whether they differ in it.
    private struct Difference {
        let measure: Measure
        let left: Double
        let right: Double
        /// Right minus left.
        let estimate: Bootstrap.Estimate
        /// Of another test, where there is one.
        var pValue: Double?
    }

    /// What is compared, and the unit in which it is shown.
    private struct Measure {
        let title: String
        let unit: Double
        let decimals: Int
    }

    private var summary: Table {
        Table(
            name: "summary", title: "\(name(left)) against \(name(right))",
            columns: [
                .text("Figure", "figure") { $0.measure.title },
                .value("Left", "left") {
                    .number($0.left / $0.measure.unit, decimals: $0.measure.decimals)
                },
                .value("Right", "right") {
                    .number($0.right / $0.measure.unit, decimals: $0.measure.decimals)
                },
                .estimate(
                    "Difference [95 %]", "difference",
                    mark: {
                        Optional($0.estimate).mark(questions: pairs.left.count, and: $0.pValue)
                    },
                    value: {
                        .estimate(
                            $0.estimate, unit: $0.measure.unit, decimals: $0.measure.decimals)
                    }),
            ] as [ResultColumn<Difference>],
            results: figures, notes: notes)
    }

    private var figures: [Difference] {
        var figures = [
            mean(Measure(title: "accuracy, %", unit: 0.01, decimals: 1), \.mark),
            mean(Measure(title: "tokens", unit: 1, decimals: 1)) { Double($0.tokens) },
        ].compactMap(\.self)
        figures += Currency.shown(in: .comparison).compactMap { currency in
            mean(
                Measure(
                    title: currency.questionTitle, unit: currency.questionScale,
                    decimals: currency.decimals), currency.cost)
        }
        if let callRatio { figures.insert(callRatio, at: min(1, figures.count)) }
        return figures
    }

    /// The mean of a figure over the questions; nil where some lack it on either side.
    private func mean(
        _ measure: Measure, _ figure: (QuestionOutcome) -> Double?
    ) -> Difference? {
        let (one, other) = (pairs.left.compactMap(figure), pairs.right.compactMap(figure))
        guard one.count == pairs.left.count, other.count == one.count,
            let difference = PairedDifference(other, one, bootstrap: bootstrap)
        else { return nil }
        let mean = { (values: [Double]) in values.reduce(0, +) / Double(values.count) }
        return Difference(
            measure: measure, left: mean(one), right: mean(other), estimate: difference.estimate,
            pValue: difference.pValue)
    }

    /// The share of tokens, which is a ratio of sums, not a mean over questions.
    private var callRatio: Difference? {
        let ratio = { (outcomes: [QuestionOutcome], draws: [Double]) -> Double? in
            let calls = zip(outcomes, draws).reduce(0) { $0 + Double($1.0.llmCalls) * $1.1 }
            let tokens = zip(outcomes, draws).reduce(0) { $0 + Double($1.0.tokens) * $1.1 }
            return tokens > 0 ? calls / tokens : nil
        }
        let estimates = bootstrap.estimates(questions: pairs.left.count) { draws in
            let (one, other) = (ratio(pairs.left, draws), ratio(pairs.right, draws))
            return [one.flatMap { one in other.map { $0 - one } }]
        }
        guard let difference = estimates.first ?? nil, let one = pairs.left.callRatio,
            let other = pairs.right.callRatio
        else { return nil }
        return Difference(
            measure: Measure(title: "call ratio, %", unit: 0.01, decimals: 1), left: one,
            right: other, estimate: difference)
    }

    private var notes: [String] {
        var notes = [
            "\(pairs.left.count) questions that both finished"
                + (unpaired == (0, 0)
                    ? ""
                    : " (\(unpaired.left) only on the left, \(unpaired.right) only on the right)")
                + "; means a question; difference: right minus left, paired bootstrap over "
                + "questions; bold: not 0, of accuracies by the exact McNemar test, too (\(markNote))."
        ]
        let verdicts = (pairs.left.compactMap(\.correct), pairs.right.compactMap(\.correct))
        if verdicts.0.count == pairs.left.count, verdicts.1.count == verdicts.0.count {
            let test = McNemarTest(verdicts.0, verdicts.1)
            notes.append(
                "Right only on the left: \(test.onlyFirst); right only on the right: "
                    + "\(test.onlySecond); exact McNemar p = \(probabilityText(test.pValue))."
            )
        }
        if let differences { notes.append(differences) }
        if left.cell.datasetHash != right.cell.datasetHash {
            notes.append(
                "The two cells read different data (\(left.cell.dataset ?? "unknown") and "
                    + "\(right.cell.dataset ?? "unknown")): equal names need not be equal questions."
            )
        }
        return notes
    }

    /// What the cells differ in besides their policies; nil where that is nothing.
    private var differences: String? {
        let facts = [left, right].map { side in
            SharedFacts(
                canonical: side.cell.record.canonical,
                method: side.cell.method, router: side.cell.router, judge: side.cell.judge)
        }
        let (one, other) = (facts[0].all, facts[1].all)
        let names = Set(facts[0].base.keys).union(facts[1].base.keys).union(
            one.keys.filter { other[$0] != nil })
        let texts = names.sorted().filter { one[$0] != other[$0] }.map { name in
            let values = [one[name], other[name]].map { value in
                value.map { $0.count >= 32 ? "\($0.prefix(8))" : $0 } ?? "nothing"
            }
            return "\(ConfigurationTable.title(name)) (\(values[0]) and \(values[1]))"
        }
        guard !texts.isEmpty else { return nil }
        return "The two cells are of different configurations, and differ in "
            + texts.joined(separator: ", ") + "."
    }

    // MARK: The questions that changed

    private struct Change {
        let question: String
        let left: SampleRecord?
        let right: SampleRecord?
    }

    private var changed: Table {
        Table(
            name: "changed", title: "Questions that changed",
            columns: [
                .text("Question", "question") { visibleLine($0.question) },
                .text("Left", "left_verdict") { verdict($0.left) },
                .text("Right", "right_verdict") { verdict($0.right) },
                .text("Expected", "expected") { short($0.left?.gold ?? $0.right?.gold) },
                .text("Left's answer", "left_answer") { short($0.left?.grade.extracted) },
                .text("Right's answer", "right_answer") { short($0.right?.grade.extracted) },
            ] as [ResultColumn<Change>],
            results: changes,
            notes: changes.isEmpty ? ["None."] : [])
    }

    private func verdict(_ sample: SampleRecord?) -> String {
        sample?.grade.correct.map { $0 ? "right" : "wrong" }
            ?? sample?.grade.score.map { fixed($0, 3) } ?? "not graded"
    }

    /// Answers of a summary task are long; the token view shows them whole.
    private func short(_ text: String?) -> String? {
        guard let text else { return nil }
        let line = visibleLine(text)
        return line.count > 40 ? line.prefix(39) + "…" : line
    }
}
