import Foundation
package import Generation
import Platform
package import Routing

/// The training of one judge: walks, what it sees at their places, and a fit (docs/method.md, 2.10).
package struct JudgeTraining {
    let plan: JudgePlan
    let sources: LabelSources
    let costs: Pair<ModelCosts>
    /// SHA-256 of both models' files.
    let hashes: Pair<String>
    let data: TrainedOn
    let features: RouterFeatures
    private let together: Pair<SignalNeeds>
    private let classes: [TokenClass]

    /// - Parameters:
    ///   - together: what judges see that are trained after this one, so that the models are asked once for all.
    ///   - classes: of every token; asked only if the judge sees tokens.
    package init(
        plan: JudgePlan, sources: LabelSources, costs: Pair<ModelCosts>, hashes: Pair<String>,
        data: TrainedOn, features: RouterFeatures, together: Pair<SignalNeeds>? = nil,
        classes: () -> [TokenClass]
    ) {
        self.plan = plan
        self.sources = sources
        self.costs = costs
        self.hashes = hashes
        self.data = data
        self.features = features
        self.together = together ?? features.draftNeeds
        self.classes = plan.inputs.contains(.token) ? classes() : []
    }

    /// Walks and their views: all that asks the models, and all that is stored.
    private func walked() throws -> (walks: [Walked], work: LabelWork) {
        let answers = try sources.answers(by: .llm)
        var work = LabelWork()
        var begun: [JudgeWalk] = []
        var groups: [Int] = []
        for (group, (question, answer)) in zip(sources.questions, answers).enumerated() {
            guard let answer, !answer.tokens.isEmpty else { continue }
            work.add(answer, costs)
            begun.append(
                JudgeWalk(question, along: answer.tokens, substitution: plan.substitution))
            groups.append(group)
        }
        guard !begun.isEmpty else {
            throw NoLabels(
                router: plan.name, reason: "no question has an answer of the large model")
        }
        let writer = try sources.canonical(.llm)
        let walker = JudgeWalker(
            sources.models, options: sources.options, store: sources.store,
            substitution: plan.substitution, writer: writer, slmSha256: hashes.slm)
        let start = ContinuousClock().now
        let walks = try walker.run(begun)
        if walker.rollouts > 0 {
            let minutes = (ContinuousClock().now - start) / .seconds(60)
            StandardError.note(
                "\(plan.name): \(walker.rollouts) rollouts of \(walker.rolloutTokens) tokens, "
                    + "\(Int((Double(walker.rollouts) / minutes).rounded())) a minute")
        }
        let views = try JudgeViews(
            sources.models, options: sources.options, needs: features.draftNeeds,
            together: together, store: sources.store, writer: writer, slmSha256: hashes.slm
        ).places(of: walks)
        for walk in walks { work.add(walk, costs) }
        return (
            zip(groups, zip(walks, views)).map {
                Walked(group: $0, walk: $1.0, places: $1.1)
            }, work
        )
    }

    private struct Walked {
        let group: Int
        let walk: JudgeWalk
        /// One a change.
        let places: [JudgedPlace]
    }

    /// Walks, labels and trains; throws `NoLabels` where no token of a kind was found to learn from.
    package func run() throws -> TrainedRouter {
        let (walked, work) = try walked()
        var labels: [JudgeLabel] = []
        var changes: [(question: String, change: JudgedChange)] = []
        for item in walked {
            for (change, place) in zip(item.walk.changes, item.places) {
                guard let isHarmful = isHarmful(change) else { continue }
                labels.append(JudgeLabel(group: item.group, place: place, isHarmful: isHarmful))
                changes.append((item.walk.question.id, change))
            }
        }
        guard labels.contains(where: \.isHarmful), labels.contains(where: { !$0.isHarmful }) else {
            throw NoLabels(
                router: plan.name,
                reason: "of \(labels.count) places where the models differ, "
                    + (labels.isEmpty || !labels[0].isHarmful ? "none costs" : "each costs")
                    + " the answer; give it more questions with limit")
        }
        let start = ContinuousClock().now
        let made = try JudgeFitting(
            plan: plan, hashes: hashes, data: data, features: features, classes: classes,
            questions: sources.questions.map(\.id)
        ).fit(labels)
        let seconds = (ContinuousClock().now - start) / .seconds(1)
        let all = walked.flatMap(\.walk.changes)
        let tokens = walked.reduce(0) { $0 + $1.walk.text.count }
        let round = RoundResult(
            round: 1, tokens: tokens, case1: tokens - all.count, case2: all.count, case3: 0,
            rollouts: all.count, churn: nil, trainingLoss: Double(made.fit.trainingLoss),
            validationLoss: Double(made.fit.validationLoss),
            accuracy: Double(made.fit.accuracy), flops: work.flops + Int(made.fit.flops),
            bytes: work.bytes, seconds: work.seconds + seconds)
        return TrainedRouter(
            name: plan.name, router: made.router, rounds: [round],
            labels: changes.indices.map { index in
                let (question, change) = changes[index]
                return KeptLabel(
                    question: question, position: change.position, shortcut: .llmRight,
                    label: labels[index].isHarmful ? 0 : 1, weight: 1,
                    score: Double(made.scores[index]), isHeldOut: made.heldOut[index],
                    slmRight: change.rightAfter, llmRight: change.rightBefore,
                    change: KeptLabel.Change(
                        slmToken: change.slmToken, llmToken: change.llmToken,
                        isSame: change.sameAfter, rolloutTokens: change.rolloutTokens))
            }, summary: summary(all, labels, made))
    }

    /// What the plan's question says of a change; nil where it does not apply.
    private func isHarmful(_ change: JudgedChange) -> Bool? {
        switch plan.question {
        case .right: change.changeClass == .harmful
        // Once the text has another answer than L's, none of its tokens can lose L's.
        case .same: change.sameBefore ? !change.sameAfter : nil
        }
    }

    /// `NAME: 812 places of 60 answers (143 harmful, 21 helpful, 648 neutral); held out: ...`.
    private func summary(
        _ all: [JudgedChange], _ labels: [JudgeLabel], _ made: JudgeFitting.Result
    ) -> String {
        let classes = ChangeClass.allCases.map { kind in
            "\(all.count { $0.changeClass == kind }) \(kind.rawValue)"
        }
        let held = labels.indices.filter { made.heldOut[$0] }
        let lost = held.filter { labels[$0].isHarmful }
        let recalls = [0.9, 0.95, 0.99, 0.999].compactMap { recall -> String? in
            guard let threshold = try? made.router.threshold(recall: recall) else { return nil }
            let refused = held.filter { made.scores[$0] >= threshold }
            let precision =
                refused.isEmpty
                ? 0 : Double(refused.count { labels[$0].isHarmful }) / Double(refused.count)
            let kept = Double(held.count - refused.count) / Double(held.count)
            return "recall \(recall) at \(threshold): precision \(rounded(precision)), "
                + "\(rounded(kept)) of all stay"
        }
        return "\(plan.name): \(all.count) places where the models differ ("
            + classes.joined(separator: ", ") + "), \(labels.count) labels; held out "
            + "\(held.count) with \(lost.count) harmful, "
            + (recalls.isEmpty
                ? "too few to tell a recall of 0.9" : recalls.joined(separator: "; "))
            + "; AUC \(made.fit.auc)"
    }

    private func rounded(_ share: Double) -> Double { (share * 1000).rounded() / 1000 }
}

extension LabelWork {
    /// A walk's continuations, and what both models read of its text.
    mutating func add(_ walk: JudgeWalk, _ costs: Pair<ModelCosts>) {
        for change in walk.changes {
            // S's token and what followed, each read once.
            add(
                GradedAnswer(
                    tokens: [Int32](repeating: 0, count: change.rolloutTokens), correct: false,
                    slmTokens: 0, llmTokens: change.rolloutTokens, seconds: 0), costs)
        }
        add(seconds: walk.seconds)
        let tokens = walk.question.prompt.count + walk.text.count
        for model in Route.allCases { add(tokens, of: costs[model]) }
    }
}
