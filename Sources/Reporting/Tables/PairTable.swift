import Statistics

extension Results {
    /// Methods against each other over their whole curves: APGR, iso-accuracy saving, iso-cost gain; nil where no two can be ranked.
    var pairTable: Table? {
        guard !pairs.isEmpty else { return nil }
        return Table(
            name: "pairs", title: "\(experiment): methods against each other",
            columns: [
                .text("Policy", "policy") { $0.first }, .text("Against", "against") { $0.second },
                .text("Cost", "currency") { $0.currency.name }, .count("n", "n") { $0.n },
                .estimate(
                    "APGR difference [95 %]", "apgr_difference", decimals: 3,
                    mark: { $0.area.mark(questions: $0.n) }
                ) { $0.area },
                .estimate(
                    "Iso-accuracy saving % [95 %]", "iso_accuracy_saving", unit: 0.01, decimals: 1,
                    mark: { $0.saving.mark(questions: $0.n) }
                ) { $0.saving },
                .estimate(
                    "Iso-cost gain, points [95 %]", "iso_cost_gain", unit: 0.01, decimals: 1,
                    mark: { $0.gain.mark(questions: $0.n) }
                ) { $0.gain },
            ] as [ResultColumn<PairResult>],
            results: pairs,
            notes: [
                "Paired bootstrap over the questions that both methods and both single models finished. Iso-accuracy saving: "
                    + "1 - C / C of the other, the mean over the accuracies on both sides of which both have measured settings; iso-cost gain: hundredths of accuracy, the "
                    + "mean over the costs that the settings of both cover. Positive: the first is better. Bold: not 0 "
                    + "(\(markNote)). Pairs with fewer than \(PairedDifference.leastQuestions) questions in common are left out."
            ])
    }
}
