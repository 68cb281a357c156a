import Foundation
package import Generation
import Hashing
import Platform
package import Routing

/// The rounds of one router's training.
package struct TrainingRounds {
    let plan: RouterPlan
    let sources: LabelSources
    let costs: Pair<ModelCosts>
    /// SHA-256 of both models' files.
    let hashes: Pair<String>
    let data: TrainedOn
    /// Every token's class, if the router sees tokens.
    private let classes: [TokenClass]

    /// - Parameter classes: of every token; asked only if the router sees tokens.
    package init(
        plan: RouterPlan, sources: LabelSources, costs: Pair<ModelCosts>, hashes: Pair<String>,
        data: TrainedOn, classes: () -> [TokenClass]
    ) {
        self.plan = plan
        self.sources = sources
        self.costs = costs
        self.hashes = hashes
        self.data = data
        self.classes = plan.inputs.contains(.token) ? classes() : []
    }

    /// What one round learns from.
    private struct RoundLabels {
        var labels: [TokenLabel] = []
        var counts = ShortcutCounts()
        var work = LabelWork()
    }

    /// Shares of the tokens that the router of a round may give to L in the next round's rollouts.
    private static let rolloutCalls = 0.1
    /// A further round is not worth it once fewer labels than this share change.
    private static let settledChurn = 0.05

    /// Runs all rounds, or fewer where labels settle; throws `NoLabels` where there is nothing to learn from.
    package func run() throws -> TrainedRouter {
        if plan.learning == .outcome {
            let view: QuestionView = plan.policy.scope == .question ? .prompt : .answer
            return try trained([round(1, questionLabels(view), before: [:])])
        }
        let (walks, references, work) = try walks()
        var rounds: [Round] = []
        var before: [TokenLabel.Place: Float] = [:]
        for number in 1...plan.rounds {
            var made = try labels(walks, references, policy: policy(after: rounds.last))
            // References and walks are paid for once.
            if number == 1 { made.work.add(work) }
            let round = try round(number, made, before: before)
            before = made.labels.reduce(into: [:]) { $0[$1.place] = $1.label }
            rounds.append(round)
            if let churn = round.result.churn, churn < Self.settledChurn { break }
            if plan.rollouts == 0 || plan.learning == .likelihood { break }
        }
        return try trained(rounds)
    }

    // MARK: - Labels

    private func walks() throws -> ([ReferenceWalk], [LabelSources.Reference], LabelWork) {
        var work = LabelWork()
        var references: [LabelSources.Reference] = []
        let questions = sources.questions
        switch plan.reference {
        case .llm:
            for (question, answer) in zip(questions, try sources.answers(by: .llm)) {
                guard let answer else { continue }
                work.add(answer, costs)
                if answer.correct {
                    references.append(.init(question: question, tokens: answer.tokens))
                }
            }
        case .gold:
            for question in questions {
                guard let solution = question.solution else { continue }
                references.append(.init(question: question, tokens: solution))
            }
        }
        guard !references.isEmpty else {
            throw NoLabels(
                router: plan.name, reason: "no question has a \(plan.reference.rawValue) reference")
        }
        // Of its own greedy text L has nothing to say that is not known, but for Co-LLM's probabilities.
        let asksLarge = plan.reference == .gold || plan.learning == .likelihood
        let series = try sources.walkSeries(plan.reference, asksLarge: asksLarge)
        let walks = try sources.walks(
            references, in: series, asksLarge: asksLarge, title: "\(plan.name): walks")
        for walk in walks { work.add(walk, costs) }
        return (walks, references, work)
    }

    private func labels(
        _ walks: [ReferenceWalk], _ references: [LabelSources.Reference],
        policy: (policy: RoutingPolicy, name: String)
    ) throws -> RoundLabels {
        var made = RoundLabels()
        let open = walks.map { $0.branches(along: plan.reference, for: plan.labels) }
        let drawn = zip(walks, open).map { walk, branches in
            Branch.drawn(
                plan.learning == .likelihood ? 0 : plan.rollouts, of: branches,
                question: walk.question,
                seed: UInt64(bitPattern: Int64(plan.seed)))
        }
        let places = references.indices.filter { !drawn[$0].branches.isEmpty }
        let texts = places.map { place in
            LabelSources.BranchedReference(
                reference: references[place],
                branches: drawn[place].branches.flatMap { branch in
                    plan.labels == .shortcut
                        ? [branch] : [branch, largeBranch(walks[place], at: branch.position)]
                })
        }
        let canonical = try sources.writer(of: plan.reference)
        let answers = try sources.rollouts(
            texts, under: policy.policy, series: "\(policy.name) \(canonical)")
        var decided = [[Int: RolledOut]](repeating: [:], count: walks.count)
        for (place, (text, results)) in zip(places, zip(texts, answers)) {
            var outcomes: [Branch: GradedAnswer] = [:]
            for case (let branch, let answer?) in zip(text.branches, results) {
                outcomes[branch] = answer
                made.work.add(answer, from: branch, of: text.question, costs)
                made.counts.rollouts += 1
            }
            made.work.add(prefixOf: text, costs)
            for branch in drawn[place].branches {
                guard let small = outcomes[branch] else { continue }
                switch plan.labels {
                case .shortcut:
                    decided[place][branch.position] = RolledOut(
                        slmRight: small.correct, prefersSmall: small.correct)
                case .dual:
                    guard let large = outcomes[largeBranch(walks[place], at: branch.position)]
                    else { continue }
                    decided[place][branch.position] = RolledOut(
                        slmRight: small.correct, llmRight: large.correct,
                        prefersSmall: reward(small) >= reward(large))
                }
            }
        }
        for (index, walk) in walks.enumerated() {
            for position in walk.steps.indices {
                made.counts.add(walk.shortcut(at: position))
            }
            made.labels += walk.labels(
                group: index, along: plan.reference, open: open[index], decided: decided[index],
                weight: drawn[index].weight, weak: plan.learning == .likelihood)
        }
        return made
    }

    private func largeBranch(_ walk: ReferenceWalk, at position: Int) -> Branch {
        Branch(position: position, token: walk.steps[position].llmToken)
    }

    /// R of docs/method.md, 1.5: 1 for a right answer, less what the calls of its continuation are worth.
    private func reward(_ answer: GradedAnswer) -> Double {
        (answer.correct ? 1 : 0) - plan.costWeight * (answer.callShare ?? 0)
    }

    /// "S wrong and L right" for each question, seen before the answer or after S's own (docs/method.md, 2.4). The label is that S is preferred.
    private func questionLabels(_ view: QuestionView) throws -> RoundLabels {
        var made = RoundLabels()
        let small = try sources.answers(by: .slm)
        let large = try sources.answers(by: .llm)
        let views = try sources.views(
            view, answers: small, title: "\(plan.name): what the small model sees")
        for (group, question) in sources.questions.enumerated() {
            guard let slm = small[group], let llm = large[group], let signals = views[group]
            else { continue }
            made.work.add(slm, costs)
            made.work.add(llm, costs)
            made.counts.add(slm.correct ? .slmRight : llm.correct ? .llmRight : .neither)
            made.labels.append(
                TokenLabel(
                    group: group, signals: signals,
                    label: !slm.correct && llm.correct ? 0 : 1, weight: 1, slmReference: 0,
                    llmReference: 0, place: .init(question: question.id, position: 0)))
        }
        guard !made.labels.isEmpty else {
            throw NoLabels(router: plan.name, reason: "no question has both answers")
        }
        return made
    }

    /// Who goes on in a round's rollouts, and what decides that.
    private func policy(after round: Round?) -> (policy: RoutingPolicy, name: String) {
        if plan.learning == .divergence { return (.llm, "llm") }
        guard let round else {
            switch plan.continuation {
            case .slm: return (.slm, "slm")
            case .llm: return (.llm, "llm")
            case .margin: return (.scored(Margin(), threshold: 0.5), "margin=0.5")
            }
        }
        let function = RouterScore(round.router, classes: classes)
        let sorted = round.scores.sorted()
        let share = function.calls == .below ? Self.rolloutCalls : 1 - Self.rolloutCalls
        let threshold = sorted[min(Int(Double(sorted.count) * share), sorted.count - 1)]
        // Routers of two plans that learned the same roll out the same.
        let data = RouterFile.data(of: round.router.withoutProvenance)
        return (
            .scored(function, threshold: threshold),
            "router \(SHA256.hexadecimal(of: data)) \(threshold)"
        )
    }

    // MARK: - Rounds

    private struct Round {
        let router: Router
        let result: RoundResult
        let fit: Fit
        /// The router's scores of all labelled tokens.
        let scores: [Float]
        /// The labels to keep.
        let labels: [KeptLabel]
    }

    /// What is kept of a label: all that were held out, for the router's quality, and all that were rolled out, for the labels'.
    private func kept(
        _ label: TokenLabel, score: Float, isHeldOut: Bool
    ) -> KeptLabel? {
        guard isHeldOut || label.slmRight != nil else { return nil }
        return KeptLabel(
            question: label.place.question, position: label.place.position,
            shortcut: label.shortcut, label: Double(label.label),
            weight: Double(label.weight), score: Double(score), isHeldOut: isHeldOut,
            slmRight: label.slmRight, llmRight: label.llmRight)
    }

    private func round(
        _ number: Int, _ labels: RoundLabels, before: [TokenLabel.Place: Float]
    ) throws -> Round {
        let start = ContinuousClock().now
        let (router, fit, heldOut) = try RouterFitting(
            plan: plan, hashes: hashes, data: data, layer: sources.needs.layers.first,
            classes: classes
        )
        .fit(labels.labels)
        let seconds = (ContinuousClock().now - start) / .seconds(1)
        // Only what was rolled out can change: elsewhere the reference or both models decide.
        let known = labels.labels.filter { $0.slmRight != nil }.compactMap { label in
            before[label.place].map { $0 != label.label }
        }
        let features = router.features
        let result = RoundResult(
            round: number, tokens: labels.counts.tokens, case1: labels.counts.slmRight,
            case2: labels.counts.llmRight, case3: labels.counts.neither,
            rollouts: labels.counts.rollouts,
            churn: known.isEmpty ? nil : Double(known.count { $0 }) / Double(known.count),
            trainingLoss: Double(fit.trainingLoss), validationLoss: Double(fit.validationLoss),
            accuracy: Double(fit.accuracy), flops: labels.work.flops + Int(fit.flops),
            bytes: labels.work.bytes, seconds: labels.work.seconds + seconds)
        StandardError.note(
            "\(plan.name), round \(number): \(labels.labels.count) labelled tokens of "
                + "\(Set(labels.labels.map(\.group)).count) questions, "
                + "\(labels.labels.count { $0.label < 0.5 }) for the large model, "
                + "\(labels.counts.rollouts) rollouts; validation loss \(fit.validationLoss), "
                + "AUC \(fit.auc), epoch \(fit.bestEpoch) of \(fit.epochs)")
        let scores = labels.labels.map {
            router.score(features.vector(of: $0.signals, classes: classes))
        }
        return Round(
            router: router, result: result, fit: fit, scores: scores,
            labels: labels.labels.indices.compactMap { index in
                kept(labels.labels[index], score: scores[index], isHeldOut: heldOut[index])
            })
    }

    private func trained(_ rounds: [Round]) throws -> TrainedRouter {
        guard let last = rounds.last else {
            throw NoLabels(router: plan.name, reason: "no round was run")
        }
        return TrainedRouter(
            name: plan.name, router: last.router, rounds: rounds.map(\.result),
            labels: last.labels,
            summary: "\(plan.name): \(rounds.count) round(s), validation loss "
                + "\(last.fit.validationLoss), AUC \(last.fit.auc)")
    }
}
