import ResultsStore
import Routing
import Statistics

extension Results {
    /// What an answer adds where the experiment has it: ablations against their base, kinds of questions, latency, the router's own time, rounds of
    /// training, the shortcut's labels, and when training is repaid; one sentence each.
    var details: [String] {
        // Of fewer questions nothing is ranked.
        let questions = data.singles.map { min($0.small.count, $0.large.count) } ?? 0
        let ranked = [ablationSentence, groupSentence, latencySentence]
        let others = [routerTimeSentence, roundsSentence, agreementSentence, breakEvenSentence]
        return ((mayMark(questions: questions) ? ranked : []) + others).compactMap(\.self)
    }

    private var ablationSentence: String? {
        guard !ablations.isEmpty else { return nil }
        let texts = ablations.map { ablation in
            "\(ablation.method) \(intervalText(ablation.difference, decimals: 3))"
                + (ablation.difference.excludesZero ? "" : ", undecided")
        }
        return "In APGR, minus what it varies: " + texts.joined(separator: "; ") + "."
    }

    /// Accuracy and calls over the kinds of questions that the experiment was made for, of our own trained router if there is one, else of the first
    /// method that looks at something.
    private var groupSentence: String? {
        let made = groups.groups.filter(\.group.isMadeFor)
        guard
            let methods = made.first?.methods.map(\.method),
            let method = (methods.first(where: \.isCiter) ?? methods.first { !$0.isBaseline })?.name
        else { return nil }
        let texts = made.compactMap { group -> String? in
            guard let routed = group.methods.first(where: { $0.method.name == method })?.result,
                let calls = routed.outcomes.callRatio
            else { return nil }
            let accuracies = [group.small, group.large, routed].compactMap(\.accuracy)
                .map { percentText($0.value) }
            guard accuracies.count == 3 else { return nil }
            return "\(group.group.kind.name): \(accuracies.joined(separator: ", ")) "
                + "at \(percentText(calls)) of calls"
        }
        guard texts.count > 1 else { return nil }
        return "Small model, large model and \(method) at its middle setting by kind of question: "
            + texts.joined(separator: "; ") + "."
    }

    /// The fastest routed cell at batch 1 among those with the large model's accuracy, else the fastest that writes with both; and the fastest of
    /// each policy that drafts.
    private var latencySentence: String? {
        guard let goal = latencies.first(where: { $0.cell.single == .llm })?.outcomes.accuracy
        else { return nil }
        func fastest(_ isMeant: (CellRow) -> Bool, least goal: Double = 0) -> String? {
            let meant = latencies.compactMap {
                result -> (name: String, Double, Bootstrap.Estimate)? in
                guard isMeant(result.cell), let share = result.ofLarge,
                    let accuracy = result.outcomes.accuracy, accuracy >= goal
                else { return nil }
                return (result.cell.name, accuracy, share)
            }
            return meant.min { $0.2.value < $1.2.value }.map { name, accuracy, share in
                "\(name) \(intervalText(share, decimals: 2)) (accuracy \(percentText(accuracy)))"
            }
        }
        let isRouted = { (cell: CellRow) in cell.single == nil && !cell.isJudged }
        let routed =
            fastest(isRouted, least: goal).map { "routing at its accuracy " + $0 }
            ?? fastest(isRouted).map { "routing, which did not reach its accuracy, " + $0 }
        let drafted = data.methods.filter(\.isJudged).compactMap { method in
            fastest { $0.method == method.name }.map { "\(method.title) \($0)" }
        }
        let parts = [routed].compactMap(\.self) + drafted
        guard !parts.isEmpty else { return nil }
        return "Of the large model's time at batch 1, the fastest settings take: "
            + parts.joined(separator: "; ") + "."
    }

    private var routerTimeSentence: String? {
        let texts = routerTimes.map { "\($0.cell.method) \(fixed(100 * $0.share, 2)) %" }
        guard !texts.isEmpty else { return nil }
        return "At batch 1 the router takes, of a step of the small model: "
            + texts.reduce(into: [String]()) { if !$0.contains($1) { $0.append($1) } }
            .joined(separator: ", ") + "."
    }

    /// How labels and losses moved between rounds.
    private var roundsSentence: String? {
        let byRouter = Dictionary(grouping: data.training, by: \.router)
        let texts = byRouter.sorted { $0.key < $1.key }.compactMap { router, rows -> String? in
            let rounds = rows.map(\.record).sorted { $0.round < $1.round }
            guard rounds.count > 1 else { return nil }
            let churn = rounds.compactMap(\.churn).map { percentText($0) }
            let losses = rounds.compactMap(\.validationLoss).map { fixed($0, 4) }
            return
                "\(router) changed \(churn.joined(separator: ", ")) of its rolled-out labels from round to round, "
                + "with held-out losses of \(losses.joined(separator: ", "))"
        }
        return texts.isEmpty ? nil : texts.joined(separator: "; ") + "."
    }

    /// How often the shortcut's labels agree with rollouts of both tokens, of the first router.
    private var agreementSentence: String? {
        guard let labels = agreements.first(where: { $0.cases == .both }) else { return nil }
        func text(_ estimate: Bootstrap.Estimate?, scale: Double, _ decimals: Int) -> String {
            estimate.map { intervalText($0, scale: scale, decimals: decimals) } ?? "undecided"
        }
        return
            "The shortcut agrees with rollouts of both tokens at \(text(labels.agreement, scale: 100, 1)) % of the positions "
            + "where the models differ (kappa \(text(labels.kappa, scale: 1, 2)); "
            + "false S \(text(labels.falseSmall, scale: 100, 1)) %, "
            + "false L \(text(labels.falseLarge, scale: 100, 1)) %)."
    }

    /// The fewest questions after which a trained router has cost less than the large model alone.
    private var breakEvenSentence: String? {
        guard !breakEven.isEmpty else { return nil }
        func text(_ name: String, _ place: Int) -> String {
            let known = breakEven.filter { $0.repayments[place] != .unknown }
            let repaid = known.compactMap { cell in
                cell.repayments[place].questions.map { (questions: $0, cell: cell.cell.name) }
            }
            guard let least = repaid.min(by: { $0.questions < $1.questions }) else {
                return known.isEmpty ? "\(name): not measured" : "\(name): never"
            }
            return "\(name): after \(fixed(least.questions, 0)) questions (\(least.cell))"
        }
        return "Training is repaid at the earliest, by "
            + BreakEven.currencies.enumerated().map { text($1.name, $0) }.joined(separator: "; ")
            + "."
    }
}
