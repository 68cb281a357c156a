import ResultsStore
import Statistics

extension Results {
    /// Each cell against the two single models, question by question; nil where a single model or a third cell is missing.
    var differenceTable: Table? {
        guard !differences.isEmpty else { return nil }
        return Table(
            name: "differences", title: "\(experiment): differences from the single models",
            columns: [
                .hidden("cell") { $0.cell.record.key },
                .text("Policy", "policy") { $0.cell.method },
                .text("Setting", "setting") { $0.cell.record.setting }, .count("n", "n") { $0.n },
                .estimate(
                    "− slm, points [95 %]", "minus_slm", unit: 0.01, decimals: 1,
                    mark: { $0.minusSmall.mark(questions: $0.n, and: $0.pSmall) }
                ) { $0.minusSmall },
                .probability("p", "minus_slm_p") { $0.pSmall },
                .estimate(
                    "− llm, points [95 %]", "minus_llm", unit: 0.01, decimals: 1,
                    mark: { $0.minusLarge.mark(questions: $0.n, and: $0.pLarge) }
                ) { $0.minusLarge },
                .probability("p", "minus_llm_p") { $0.pLarge },
                .estimate(
                    "Above the line, points [95 %]", "above_line", unit: 0.01, decimals: 1,
                    mark: { $0.aboveLine.mark(questions: $0.n) }
                ) { $0.aboveLine },
                .estimate("PGR % [95 %]", "pgr", unit: 0.01, decimals: 0) { $0.recovered },
                .percent("Cut %", "cut") { $0.cutShare },
            ] as [ResultColumn<DifferenceResult>],
            results: differences,
            notes: [
                "Points: hundredths of accuracy, on the questions that all three finished; "
                    + "intervals by paired bootstrap over questions, p by the exact McNemar test. "
                    + "Bold: not 0, by the bootstrap and where there is a p by that, too (\(markNote)). The line: what lots drawn between slm and "
                    + "llm give at the same call ratio.",
                "PGR: the share of the gap between slm and llm that is recovered; left out where "
                    + "that gap is not significant.",
            ])
    }
}
