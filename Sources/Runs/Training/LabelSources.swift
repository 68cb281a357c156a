import Assets
import Foundation
import Generation
import Grading
import Inference
import ResultsStore
import Routing
import Specs
import Tokenization
import Training

/// When a router that decides once a question looks at it.
enum QuestionView: String {
    /// Before the answer, at the prompt's last token.
    case prompt
    /// After S's own answer: the mean over its tokens.
    case answer
}

/// What training asks of the two models, each thing once: answers, walks and rollouts are looked up in the label store first.
///
/// Every series is named by what decides its content: the cell identity of the policy that wrote it, and for rollouts the reference's too.
struct LabelSources {
    let inputs: SweepInputs
    let pair: ModelPair
    let models: Pair<AnyModel>
    let store: LabelStore
    let questions: SelectedQuestions
    /// What a walk keeps of S, hidden states among it.
    let needs: SignalNeeds

    /// A generated answer, its grade and its cost.
    struct Answer: Codable {
        /// The end token included.
        let tokens: [Int32]
        var correct: Bool
        /// Tokens that S and L read, and the answer's share of measured time.
        let slmTokens: Int
        let llmTokens: Int
        let seconds: Double
        /// The share of its tokens that L wrote.
        var callShare: Double?
    }

    private var options: Generator<AnyModel>.Options {
        .init(maxTokens: inputs.spec.generation.maxTokens, endTokens: pair.endTokens)
    }

    func prompt(of question: Grading.Question) -> [Int32] {
        pair.prompt(system: inputs.task.benchmark.systemPrompt, user: question.user).tokens
    }

    func isRight(_ tokens: [Int32], of question: Grading.Question) -> Bool {
        var ids = tokens
        // Without an end token the limit of tokens ended it.
        let hasEnded = ids.last.map { pair.endTokens.contains($0) } ?? false
        if hasEnded { ids.removeLast() }
        let grade = inputs.task.benchmark.grade(
            pair.vocabulary.decode(ids), isCut: !hasEnded, for: question)
        return grade.correct ?? false
    }

    // MARK: - Answers

    /// Every question's greedy answer by one model alone, in the questions' order; nil where it failed.
    func answers(by setting: PolicySetting) throws -> [Answer?] {
        let canonical = try inputs.keys.identity(of: setting, data: questions.sha256).key()
            .canonical
        let series = try store.series("answer \(canonical)")
        var answers: [Answer?] = try questions.questions.map { question in
            try decoded(store.item(question.id, in: series), of: question)
        }
        let missing = answers.indices.filter { answers[$0] == nil }
        guard !missing.isEmpty,
            case .routed(let policy)? = setting.method(seed: 0, routers: { _ in nil })
        else { return answers }
        let progress = SweepProgress("answers by \(setting)")
        progress.begin(answers: missing.count)
        defer { progress.end() }
        let generator = try Generator(models, options: options)
        var next = 0
        try generator.run(
            next: {
                guard next < missing.count else { return nil }
                defer { next += 1 }
                let question = questions.questions[missing[next]]
                return Request(
                    question: question.id, prompt: prompt(of: question), lanes: [Lane(policy)])
            },
            isCancelled: {
                progress.writing(tokens: generator.unfinishedTokens)
                return Interruption.isRequested
            },
            report: { number, _, outcome in
                let question = questions.questions[missing[number]]
                guard case .finished(let trace) = outcome else { return }
                let answer = answer(trace, whole: trace.tokens, of: question)
                try store.store(encoded(answer), as: question.id, in: series)
                answers[missing[number]] = answer
                progress.finished(tokens: trace.decisions.count)
            })
        try Interruption.check()
        return answers
    }

    private func answer(
        _ trace: Trace, whole tokens: [Int32], of question: Grading.Question
    ) -> Answer {
        Answer(
            tokens: tokens, correct: isRight(tokens, of: question),
            slmTokens: trace.cost.slmTokens, llmTokens: trace.cost.llmTokens,
            seconds: trace.cost.slmSeconds + trace.cost.llmSeconds,
            callShare: Double(trace.decisions.count { $0.route == .llm })
                / Double(max(trace.decisions.count, 1)))
    }

    // MARK: - Walks

    /// A reference to walk along.
    struct Reference {
        let question: Grading.Question
        let tokens: [Int32]
    }

    /// The name of the walks along references of that kind, with what they keep.
    func walkSeries(_ reference: RouterPlan.Reference, asksLarge: Bool) throws -> String {
        var name = "walk \(asksLarge ? "of both" : "of slm") \(try canonical(reference))"
        if !needs.layers.isEmpty { name += " layers \(needs.layers.sorted())" }
        if needs.top > 0 { name += " top \(needs.top)" }
        return name
    }

    /// Names what decides the walks along references of that kind.
    func canonical(_ reference: RouterPlan.Reference) throws -> String {
        let writer: PolicySetting = reference == .llm ? .llm : .disagree
        let key = try inputs.keys.identity(of: writer, data: questions.sha256).key().canonical
        return "\(reference.rawValue) \(pair[.slm].identity.sha256) \(key)"
    }

    /// The references' walks, from the store or made; in half precision either way.
    func walks(
        _ references: [Reference], in series: LabelStore.Series, asksLarge: Bool, title: String
    ) throws -> [ReferenceWalk] {
        var walks = try references.map { reference in
            try store.item(reference.question.id, in: series)
                .flatMap {
                    ReferenceWalk(question: reference.question.id, data: $0, needs: needs)
                }
                .flatMap { $0.reference == reference.tokens ? $0 : nil }
        }
        let progress = SweepProgress(title)
        progress.begin(answers: walks.count { $0 == nil })
        defer { progress.end() }
        for (index, reference) in references.enumerated() where walks[index] == nil {
            try Interruption.check()
            let id = reference.question.id
            let data = try walker.walk(
                question: id, prompt: prompt(of: reference.question), reference: reference.tokens,
                asksLarge: asksLarge
            ).data
            try store.store(data, as: id, in: series)
            walks[index] = ReferenceWalk(question: id, data: data, needs: needs)
            progress.finished(tokens: reference.tokens.count)
        }
        return walks.compactMap(\.self)
    }

    // MARK: - Views of whole questions

    /// What S sees of every question before it answers, or of its own answers, in the questions' order; nil where there is no answer.
    func views(
        _ view: QuestionView, answers: [Answer?], title: String
    ) throws -> [Signals?] {
        let key = try inputs.keys.identity(of: .slm, data: questions.sha256).key()
        let series = try store.series("view \(view.rawValue) \(key.canonical)")
        var views: [Signals?] = try questions.questions.map { question in
            try store.item(question.id, in: series).map {
                try JSONDecoder().decode(Signals.self, from: $0)
            }
        }
        let missing = views.indices.filter { views[$0] == nil && answers[$0] != nil }
        let progress = SweepProgress(title)
        progress.begin(answers: missing.count)
        defer { progress.end() }
        for index in missing {
            try Interruption.check()
            let question = questions.questions[index]
            guard let tokens = answers[index]?.tokens else { continue }
            let signals = try self.view(view, of: question, answer: tokens)
            try store.store(JSONEncoder().encode(signals), as: question.id, in: series)
            views[index] = signals
            progress.finished(tokens: tokens.count)
        }
        return views
    }

    private func view(
        _ view: QuestionView, of question: Grading.Question, answer: [Int32]
    ) throws -> Signals {
        let prompt = prompt(of: question)
        switch view {
        case .prompt:
            // The readings at all the prompt's positions: from before its second token to before the answer's first.
            let text = Array(prompt.dropFirst()) + answer.prefix(1)
            let readings = try walker.readings(prompt: Array(prompt.prefix(1)), text: text)
            return Signals(
                readings[readings.count - 1], of: question.id, at: 0,
                promptMean: readings.meanHidden)
        case .answer:
            var seen = SignalsMean()
            let readings = try walker.readings(prompt: prompt, text: answer)
            for (position, reading) in readings.enumerated() {
                seen.add(Signals(reading, of: question.id, at: position))
            }
            return seen.signals(of: question.id)
        }
    }

    private var walker: ReferenceWalker<AnyModel> {
        ReferenceWalker(models, needs: needs)
    }

    // MARK: - Rollouts

    /// A continuation to be made of one question's walk.
    struct Departure {
        let reference: Reference
        let branches: [Branch]
    }

    /// Whether the answers from each branch on are right, by departure and branch; nil where one failed.
    func rollouts(
        _ departures: [Departure], under policy: RoutingPolicy, series name: String
    ) throws -> [[Answer?]] {
        let series = try store.series("rollout \(name)")
        func item(_ departure: Departure, _ branch: Branch) -> String {
            "\(departure.reference.question.id)/\(branch.position)/\(branch.token)"
        }
        var answers: [[Answer?]] = try departures.map { departure in
            try departure.branches.map { branch in
                try decoded(
                    store.item(item(departure, branch), in: series),
                    of: departure.reference.question)
            }
        }
        let open = departures.indices.filter { answers[$0].contains { $0 == nil } }
        let progress = SweepProgress("rollouts")
        progress.begin(answers: open.reduce(0) { $0 + answers[$1].count { $0 == nil } })
        defer { progress.end() }
        let byQuestion = Dictionary(
            uniqueKeysWithValues: departures.enumerated().map {
                ($1.reference.question.id, $0)
            })
        let runner = RolloutRunner(models, options: options, policy: policy)
        var next = 0
        func keep(_ answer: Answer, _ index: Int, _ branch: Branch) throws {
            let departure = departures[index]
            guard let place = departure.branches.firstIndex(of: branch) else { return }
            try store.store(encoded(answer), as: item(departure, branch), in: series)
            answers[index][place] = answer
            progress.finished(tokens: answer.tokens.count - branch.position - 1)
        }
        _ = try runner.run(
            next: {
                guard next < open.count, !Interruption.isRequested else { return nil }
                defer { next += 1 }
                let departure = departures[open[next]]
                var branches: [Branch] = []
                for (place, branch) in departure.branches.enumerated()
                where answers[open[next]][place] == nil {
                    let ends =
                        pair.endTokens.contains(branch.token)
                        || branch.position + 1 >= options.maxTokens
                    guard ends else {
                        branches.append(branch)
                        continue
                    }
                    // Nothing follows: the answer is whole already.
                    let tokens =
                        departure.reference.tokens.prefix(branch.position) + [branch.token]
                    let right = isRight(Array(tokens), of: departure.reference.question)
                    try keep(
                        Answer(
                            tokens: Array(tokens), correct: right, slmTokens: 0, llmTokens: 0,
                            seconds: 0), open[next], branch)
                }
                let prefix = try walker.prefix(
                    question: departure.reference.question.id,
                    prompt: prompt(of: departure.reference.question),
                    reference: departure.reference.tokens,
                    count: branches.map(\.position).max() ?? 0)
                return RolloutRunner.Work(prefix, branches)
            },
            isCancelled: { Interruption.isRequested },
            report: { question, branch, outcome, tokens in
                guard case .finished(let trace) = outcome, let index = byQuestion[question]
                else { return }
                let question = departures[index].reference.question
                try keep(answer(trace, whole: tokens, of: question), index, branch)
            })
        try Interruption.check()
        return answers
    }

    private func encoded(_ answer: Answer) throws -> Data { try JSONEncoder().encode(answer) }

    /// A stored answer, graded anew: the grader may have changed since.
    private func decoded(
        _ data: Data?, of question: Grading.Question
    ) throws -> Answer? {
        guard let data else { return nil }
        var answer = try JSONDecoder().decode(Answer.self, from: data)
        answer.correct = isRight(answer.tokens, of: question)
        return answer
    }
}
