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
                "Pareto-optimal settings: no other is as accurate at no greater cost; and the cheapest equal one, which one whose accuracy is undecided may beat. They are seen on these very questions, without intervals. Equal: the same texts, or shown to be within "
                    + "\(fixed(100 * EqualAccuracy.margin, 0)) points (one-sided 95 %, by paired bootstrap and Tango's score, for the number of settings compared); never below \(PairedDifference.leastQuestions) questions. "
                    + "Undecided: so many questions would decide with a chance of \(fixed(100 * EqualAccuracy.power, 0)) %."
                    + notCheaper
            ])
    }

    /// The costs of which nothing is shown to be saved at equal accuracy, and whether that is decided; as the first screen says it.
    private var notCheaper: String {
        let currencies = frontier.map(\.currency).reduce(into: [Currency]()) { all, currency in
            if !all.contains(where: { $0.key == currency.key }) { all.append(currency) }
        }.filter { currency in
            !frontier.contains {
                $0.currency.key == currency.key && $0.isCheapestEqual && $0.share < 1
            }
        }
        let undecided = currencies.filter { currency in
            equalities.contains { result in
                guard case .undecided = result.accuracy.verdict,
                    let share = result.share(in: currency)
                else { return false }
                return share < 1
            }
        }.map(\.name)
        let others = currencies.map(\.name).filter { !undecided.contains($0) }
        return sentence("Undecided whether anything is cheaper at equal accuracy", undecided)
            + sentence("Not seen to be cheaper at equal accuracy", others)
    }

    private func sentence(_ start: String, _ names: [String]) -> String {
        names.isEmpty ? "" : " \(start): \(names.joined(separator: ", "))."
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
