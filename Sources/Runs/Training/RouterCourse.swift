import Foundation
import Grading
import Hashing
import ResultsStore
import Routing
import Specs
import Tokenization
import Training

/// The rounds of one router's training.
struct RouterCourse {
    let plan: RouterPlan
    let sources: LabelSources
    let costs: CostModel
    /// Every token's class, if the router sees tokens.
    private let classes: [TokenClass]

    init(plan: RouterPlan, sources: LabelSources, costs: CostModel) {
        self.plan = plan
        self.sources = sources
        self.costs = costs
        classes = plan.inputs.contains(.token) ? sources.pair.vocabulary.tokenClasses() : []
    }

    /// What one round learns from.
    private struct Lesson {
        var labels: [TokenLabel] = []
        var counts = ShortcutCounts()
        var work = LabelWork()
    }

    /// Shares of the tokens that the router of a round may give to L in the next round's rollouts.
    private static let rolloutCalls = 0.1
    /// A further round is not worth it once fewer labels than this share change.
    private static let settledChurn = 0.05

    func run() throws -> TrainedRouter {
        switch plan.kind {
        case .query: return try trained([round(1, questionLesson(.prompt), before: [:])])
        case .cascade: return try trained([round(1, questionLesson(.answer), before: [:])])
        case .citer, .coLLM, .r2r: break
        }
        let (walks, references, work) = try walks()
        var rounds: [Round] = []
        var before: [TokenLabel.Place: Float] = [:]
        for number in 1...plan.rounds {
            var lesson = try lesson(walks, references, policy: policy(after: rounds.last))
            // References and walks are paid for once.
            if number == 1 { lesson.work.add(work) }
            let round = try round(number, lesson, before: before)
            before = lesson.labels.reduce(into: [:]) { $0[$1.place] = $1.label }
            rounds.append(round)
            if let churn = round.record.churn, churn < Self.settledChurn { break }
            if plan.rollouts == 0 || plan.kind == .coLLM { break }
        }
        return try trained(rounds)
    }

    // MARK: - Labels

    private func walks() throws -> ([ReferenceWalk], [LabelSources.Reference], LabelWork) {
        var work = LabelWork()
        var references: [LabelSources.Reference] = []
        let questions = sources.questions.questions
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
            let tokenizer = sources.pair[.llm].tokenizer
            for question in questions {
                guard let solution = question.solution, !solution.isEmpty else { continue }
                let end = tokenizer.turnEndID.map { [$0] } ?? []
                references.append(
                    .init(
                        question: question,
                        tokens: tokenizer.encode(solution, parseSpecial: false) + end))
            }
        }
        guard !references.isEmpty else {
            throw RunError.noLabels(
                router: plan.name, reason: "no question has a \(plan.reference.rawValue) reference")
        }
        // Of its own greedy text L has nothing to say that is not known, but for Co-LLM's probabilities.
        let asksLarge = plan.reference == .gold || plan.kind == .coLLM
        let series = try sources.store.series(
            sources.walkSeries(plan.reference, asksLarge: asksLarge))
        let walks = try sources.walks(
            references, in: series, asksLarge: asksLarge, title: "\(plan.name): walks")
        for walk in walks { work.add(walk, costs) }
        return (walks, references, work)
    }

    private func lesson(
        _ walks: [ReferenceWalk], _ references: [LabelSources.Reference],
        policy: (policy: RoutingPolicy, name: String)
    ) throws -> Lesson {
        var lesson = Lesson()
        let open = walks.map { $0.branches(along: plan.reference, for: plan.labels) }
        let drawn = zip(walks, open).map { walk, branches in
            Branch.drawn(
                plan.kind == .coLLM ? 0 : plan.rollouts, of: branches, question: walk.question,
                seed: UInt64(bitPattern: Int64(plan.seed)))
        }
        let places = references.indices.filter { !drawn[$0].branches.isEmpty }
        let departures = places.map { place in
            LabelSources.Departure(
                reference: references[place],
                branches: drawn[place].branches.flatMap { branch in
                    plan.labels == .shortcut
                        ? [branch] : [branch, largeBranch(walks[place], at: branch.position)]
                })
        }
        let canonical = try sources.canonical(plan.reference)
        let answers = try sources.rollouts(
            departures, under: policy.policy, series: "\(policy.name) \(canonical)")
        var decided = [[Int: RolledOut]](repeating: [:], count: walks.count)
        for (place, (departure, results)) in zip(places, zip(departures, answers)) {
            var outcomes: [Branch: LabelSources.Answer] = [:]
            for case (let branch, let answer?) in zip(departure.branches, results) {
                outcomes[branch] = answer
                lesson.work.add(answer, costs)
                lesson.counts.rollouts += 1
            }
            lesson.work.add(
                prefix: departure, sources.prompt(of: departure.reference.question), costs)
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
                lesson.counts.add(walk.shortcut(at: position))
            }
            lesson.labels += walk.labels(
                group: index, along: plan.reference, open: open[index], decided: decided[index],
                weight: drawn[index].weight, weak: plan.kind == .coLLM)
        }
        return lesson
    }

    private func largeBranch(_ walk: ReferenceWalk, at position: Int) -> Branch {
        Branch(position: position, token: walk.steps[position].llmToken)
    }

    /// R of docs/method.md, 1.5: 1 for a right answer, less what the calls of its continuation are worth.
    private func reward(_ answer: LabelSources.Answer) -> Double {
        (answer.correct ? 1 : 0) - plan.costWeight * (answer.callShare ?? 0)
    }

    /// "S wrong and L right" for each question, seen before the answer or after S's own (docs/method.md, 2.4). The label is that S is preferred.
    private func questionLesson(_ view: QuestionView) throws -> Lesson {
        var lesson = Lesson()
        let small = try sources.answers(by: .slm)
        let large = try sources.answers(by: .llm)
        let views = try sources.views(
            view, answers: small, title: "\(plan.name): what the small model sees")
        for (group, question) in sources.questions.questions.enumerated() {
            guard let slm = small[group], let llm = large[group], let signals = views[group]
            else { continue }
            lesson.work.add(slm, costs)
            lesson.work.add(llm, costs)
            lesson.counts.add(slm.correct ? .slmRight : llm.correct ? .llmRight : .neither)
            lesson.labels.append(
                TokenLabel(
                    group: group, signals: signals,
                    label: !slm.correct && llm.correct ? 0 : 1, weight: 1, slmReference: 0,
                    llmReference: 0, place: .init(question: question.id, position: 0)))
        }
        guard !lesson.labels.isEmpty else {
            throw RunError.noLabels(router: plan.name, reason: "no question has both answers")
        }
        return lesson
    }

    /// Who goes on in a round's rollouts, and what decides that.
    private func policy(after round: Round?) -> (policy: RoutingPolicy, name: String) {
        if plan.kind == .r2r { return (.llm, "llm") }
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
        let record: TrainingRecord
        let fit: Fit
        /// The router's scores of all labelled tokens.
        let scores: [Float]
        /// The labels to keep.
        let labels: [RouterLabelRecord]
    }

    /// What is kept of a label: all that were held out, for the router's quality, and all that were rolled out, for the labels'.
    private func kept(
        _ label: TokenLabel, score: Float, isHeldOut: Bool
    ) -> RouterLabelRecord? {
        guard isHeldOut || label.slmRight != nil else { return nil }
        return RouterLabelRecord(
            question: label.place.question, position: label.place.position,
            shortcut: label.shortcut?.rawValue, label: Double(label.label),
            weight: Double(label.weight), score: Double(score), isHeldOut: isHeldOut,
            slmRight: label.slmRight, llmRight: label.llmRight)
    }

    private func round(
        _ number: Int, _ lesson: Lesson, before: [TokenLabel.Place: Float]
    ) throws -> Round {
        let start = ContinuousClock().now
        let (router, fit, heldOut) = try RouterFitting(
            plan: plan, pair: sources.pair, questions: sources.questions,
            layer: sources.needs.layers.first, classes: classes
        )
        .fit(lesson.labels)
        let seconds = (ContinuousClock().now - start) / .seconds(1)
        // Only what was rolled out can change: elsewhere the reference or both models decide.
        let known = lesson.labels.filter { $0.slmRight != nil }.compactMap { label in
            before[label.place].map { $0 != label.label }
        }
        let features = router.features
        let record = TrainingRecord(
            round: number, tokens: lesson.counts.tokens, case1: lesson.counts.slmRight,
            case2: lesson.counts.llmRight, case3: lesson.counts.neither,
            rollouts: lesson.counts.rollouts,
            churn: known.isEmpty ? nil : Double(known.count { $0 }) / Double(known.count),
            trainingLoss: Double(fit.trainingLoss), validationLoss: Double(fit.validationLoss),
            accuracy: Double(fit.accuracy), flops: lesson.work.flops + Int(fit.flops),
            bytes: lesson.work.bytes, seconds: lesson.work.seconds + seconds)
        note(
            "\(plan.name), round \(number): \(lesson.labels.count) labelled tokens of "
                + "\(Set(lesson.labels.map(\.group)).count) questions, "
                + "\(lesson.labels.count { $0.label < 0.5 }) for the large model, "
                + "\(lesson.counts.rollouts) rollouts; validation loss \(fit.validationLoss), "
                + "AUC \(fit.auc), epoch \(fit.bestEpoch) of \(fit.epochs)")
        let scores = lesson.labels.map {
            router.score(features.vector(of: $0.signals, classes: classes))
        }
        return Round(
            router: router, record: record, fit: fit, scores: scores,
            labels: lesson.labels.indices.compactMap { index in
                kept(lesson.labels[index], score: scores[index], isHeldOut: heldOut[index])
            })
    }

    private func trained(_ rounds: [Round]) throws -> TrainedRouter {
        guard let last = rounds.last else {
            throw RunError.noLabels(router: plan.name, reason: "no round was run")
        }
        let details = try JSONEncoder.canonical.encode(last.router.provenance)
        return TrainedRouter(
            name: plan.name, router: last.router, rounds: rounds.map(\.record),
            labels: last.labels,
            details: String(decoding: details, as: UTF8.self),
            summary: "\(plan.name): \(rounds.count) round(s), validation loss "
                + "\(last.fit.validationLoss), AUC \(last.fit.auc)")
    }
}
