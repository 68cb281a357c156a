import ResultsStore
import Statistics

extension Results {
    /// Accuracy and cost of each cell, costs as means over its questions.
    var cellTable: Table {
        // Passes stand beside calls, before tokens.
        func costs(_ belong: (Currency) -> Bool) -> [ResultColumn<CellResult>] {
            data.currencies(in: .cells).filter(belong).map { currency in
                currency.column { currency.mean($0.curve) }
            }
        }
        let head: [ResultColumn<CellResult>] = [
            .hidden("cell") { $0.cell.record.key },
            .text("Policy", "policy") { $0.cell.method },
            .text("Setting", "setting") { $0.cell.record.setting },
            .hidden("label") { $0.cell.record.label }, .count("n", "n") { $0.curve.n },
            .percentInterval(
                "Accuracy % [95 %]", "accuracy",
                mark: { $0.aboveLine.mark(questions: $0.curve.n, onlyAbove: true) },
                \.accuracy),
            .number("Score", "score", decimals: 3) { $0.curve.score },
            .percent("Calls %", "call_ratio") { $0.curve.callRatio },
            .percent("Calls % by question", "call_ratio_mean") { $0.curve.callRatioMean },
        ]
        let tokens: [ResultColumn<CellResult>] = [
            .number("Tokens", "tokens_per_question", decimals: 1) {
                $0.mean(Double($0.curve.tokens))
            }
        ]
        let tail: [ResultColumn<CellResult>] = [
            .percent("No answer %", "no_answer") { $0.mean(Double($0.curve.noAnswer)) },
            .percent("Cut %", "cut") { $0.cutShare },
            .count("Failed", "failed") { $0.curve.failed },
        ]
        return Table(
            name: "cells", title: "\(experiment): accuracy and cost a question",
            columns: head + costs(\.hasArea) + tokens + costs { !$0.hasArea } + tail,
            results: cells, notes: cellNotes + data.footer)
    }

    private var cellNotes: [String] {
        var notes = [
            "Accuracy with Wilson's 95 % interval. Bold: significantly above the straight line "
                + "between slm and llm at the same call ratio (paired bootstrap over questions, "
                + "95 %, \(markNote)).",
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
