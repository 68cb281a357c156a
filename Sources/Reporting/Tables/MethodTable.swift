import ResultsStore
import Statistics

extension Results {
    /// What each method costs where it is as accurate as the large model; nil where a single model or every method is missing.
    var methodTable: Table? {
        guard !methods.isEmpty else { return nil }
        let head: [ResultColumn<MethodResult>] = [
            .text("Policy", "policy") { $0.name },
            .text("Setting", "setting") { $0.choice.text },
            .count("n", "n") { $0.outcomes.count },
            .percent("Accuracy %", "accuracy") { $0.outcomes.accuracy },
            .percent("Calls %", "call_ratio") { $0.outcomes.callRatio },
        ]
        let costs: [ResultColumn<MethodResult>] = data.currencies(in: .methods).map { currency in
            currency.column { $0.outcomes.mean(currency) }
        }
        let tail: [ResultColumn<MethodResult>] = [
            .number(Currency.latency.heading, Currency.latency.key, decimals: 2) { $0.latency },
            .estimate(
                "Calls saved % [95 %]", "calls_saved", unit: 0.01, decimals: 1,
                mark: { $0.callsSaved.mark(questions: $0.outcomes.count) }, \.callsSaved
            ),
            .estimate(
                "Bytes saved % [95 %]", "bytes_saved", unit: 0.01, decimals: 1,
                mark: { $0.bytesSaved.mark(questions: $0.outcomes.count) }, \.bytesSaved
            ),
            .estimate("APGR over calls [95 %]", "apgr", decimals: 3) { $0.area },
            .percent("Cut %", "cut") { $0.outcomes.cutShare },
        ]
        return Table(
            name: "methods", title: "\(experiment): at the llm's accuracy",
            columns: head + costs + tail,
            results: methods,
            notes: [
                "The setting that moves the fewest bytes among those with at least the llm's accuracy on the "
                    + "same questions; \"best:\" marks the most accurate setting of a method that has none. It is "
                    + "chosen on these questions, so read it as what the method can do, not as a "
                    + "threshold that was known beforehand. Settings at which one model writes everything are no choice of a method's.",
                "Saved: 1 - C / C of the llm, C the least cost between the method's measured settings that reaches the llm's accuracy; left "
                    + "out where the slm has that accuracy by itself. Paired "
                    + "bootstrap over questions, the choice made anew in each resample; \"in 60 %\": in the others "
                    + "that accuracy was not reached. Bold: not 0 (\(markNote)).",
            ])
    }
}

extension MethodResult.Choice {
    fileprivate var text: String? {
        switch self {
        case .reached(let setting): setting
        case .best(let setting): "best: \(setting ?? "as it is")"
        }
    }
}
