import ResultsStore
import Statistics

/// Accuracy and cost of each cell, costs as means over its questions.
struct CellTable {
    let data: ReportData
    /// Cells whose accuracy lies significantly above the line between the single models.
    let aboveLine: Set<RowID<CellRecord>>

    var table: Table {
        Table(
            name: "cells", title: "\(data.experiment.record.name): accuracy and cost a question",
            columns: columns, rows: data.cells.compactMap(row),
            notes: notes + data.footer)
    }

    /// Passes stand beside calls, before tokens.
    private var currencies: (passes: [Currency], others: [Currency]) {
        let all = data.currencies(in: .cells)
        return (all.filter(\.hasArea), all.filter { !$0.hasArea })
    }

    private var columns: [Column] {
        [
            .hidden("cell"), .text("Policy", "policy"), .text("Setting", "setting"),
            .hidden("label"), .number("n", "n"), .interval("Accuracy % [95 %]", "accuracy"),
            .number("Score", "score"), .number("Calls %", "call_ratio"),
            .number("Calls % by question", "call_ratio_mean"),
        ] + currencies.passes.map(\.column) + [.number("Tokens", "tokens_per_question")]
            + currencies.others.map(\.column) + [
                .number("No answer %", "no_answer"), .number("Cut %", "cut"),
                .number("Failed", "failed"),
            ]
    }

    private func row(_ cell: CellRow) -> TableRow? {
        guard let curve = data.curve[cell.id] else { return nil }
        let mean = { (sum: Double?) in curve.n > 0 ? sum.map { $0 / Double(curve.n) } : nil }
        let record = cell.record
        let accuracy: Entry =
            if let value = curve.accuracy, let low = curve.accuracyLow,
                let high = curve.accuracyHigh
            {
                .percentInterval(value, low: low, high: high)
            } else { .missing }
        let costs = { (currencies: [Currency]) in currencies.map { $0.entry($0.mean(curve)) } }
        let head: [Entry] = [
            .text(record.key), .text(record.label ?? record.policy),
            record.setting.map { .text($0) } ?? .missing,
            record.label.map { .text($0) } ?? .missing, .count(curve.n), accuracy,
            curve.score.map { .number($0, decimals: 3) } ?? .missing,
            curve.callRatio.map { .percent($0) } ?? .missing,
            curve.callRatioMean.map { .percent($0) } ?? .missing,
        ]
        let tokens = mean(Double(curve.tokens)).map { Entry.number($0, decimals: 1) } ?? .missing
        let tail: [Entry] = [
            mean(Double(curve.noAnswer)).map { .percent($0) } ?? .missing,
            CutAnswers.entry(data.outcomes[cell.id] ?? []),
            .count(curve.failed),
        ]
        let accuracyColumn = columns.firstIndex { $0.keys[0] == "accuracy" }
        return TableRow(
            entries: head + costs(currencies.passes) + [tokens]
                + costs(currencies.others) + tail,
            bold: aboveLine.contains(cell.id)
                ? marking(Set([accuracyColumn].compactMap(\.self)), questions: curve.n) : [])
    }

    private var notes: [String] {
        var notes = [
            "Accuracy with Wilson's 95 % interval. Bold: significantly above the straight line "
                + "between slm and llm at the same call ratio (paired bootstrap over questions, "
                + "95 %, not corrected for the number of cells; never below "
                + "\(PairedDifference.leastQuestions) questions).",
            "Calls %: tokens written by the llm, of all tokens; by question: the mean of each "
                + "question's share. Cut: answers that reached the most tokens allowed; one that had not said its result by then counts as no answer. Failed questions are in no other column.",
            "With an exact key-value cache the llm still reads every token of the slm before its "
                + "last call: routing saves serial passes and weight traffic, not the llm's FLOPs.",
        ]
        let missing = data.cells.filter { data.curve[$0.id] == nil }.map(\.name)
        if !missing.isEmpty { notes.append("Not run yet: \(missing.joined(separator: ", ")).") }
        let counts = Set(data.curve.values.map { $0.n + $0.failed })
        if counts.count > 1 {
            notes.append(
                "Cells differ in their numbers of questions, so their rows are not comparable "
                    + "until all are finished.")
        }
        return notes
    }
}
