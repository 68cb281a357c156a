import ResultsStore
import Statistics

extension Results {
    /// In each currency the settings worth running, and the cheapest that keeps the large model's accuracy; nil where nothing stands beside that.
    var frontierTable: Table? {
        guard !frontier.isEmpty else { return nil }
        return Table(
            name: "frontier", title: "\(experiment): what nothing beats, cost by cost",
            columns: [
                .text("Cost", "currency") { $0.currency.name },
                .hidden("cell") { $0.cell.record.key },
                .hidden("policy") { $0.cell.method },
                .text("Setting", "name") { $0.cell.shortName },
                .count("n", "n") { $0.n },
                .percent("Accuracy %", "accuracy") { $0.accuracy },
                .percent("Of the llm's cost %", "of_llm") { $0.share },
                .text("Against the llm", "verdict") { $0.equality.map(word) },
                .text("Cheapest equal", "cheapest_equal") { $0.isCheapestEqual ? "yes" : nil },
            ] as [ResultColumn<FrontierResult>],
            results: frontier,
            notes: [
                "Pareto-optimal settings: no other is as accurate at no greater cost. They are seen on these very questions, without intervals. Equal: shown to be within "
                    + "\(fixed(100 * EqualAccuracy.margin, 0)) points (one-sided 95 %, paired bootstrap, for the number of settings compared); never below \(PairedDifference.leastQuestions) questions."
                    + neverCheaper
            ])
    }

    /// The costs of which nothing is saved at equal accuracy.
    private var neverCheaper: String {
        let names = frontier.map(\.currency).reduce(into: [Currency]()) { names, currency in
            if !names.contains(where: { $0.key == currency.key }) { names.append(currency) }
        }.filter { currency in
            !frontier.contains {
                $0.currency.key == currency.key && $0.isCheapestEqual && $0.share < 1
            }
        }.map(\.name)
        return names.isEmpty
            ? "" : " Not seen to be cheaper at equal accuracy: \(names.joined(separator: ", "))."
    }
}

private func word(_ accuracy: EqualAccuracy) -> String {
    switch accuracy.verdict {
    case .equal: "equal"
    case .better: "better"
    case .worse: "worse"
    case .undecided(let needed?): "undecided; n = \(needed)"
    case .undecided(nil): "undecided"
    }
}
