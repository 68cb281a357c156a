import Foundation
package import Generation
import Inference
import Platform
package import Routing

/// When a router that decides once a question looks at it.
enum QuestionView: String {
    /// Before the answer, at the prompt's last token.
    case prompt
    /// After S's own answer: the mean over its tokens.
    case answer
}

/// What training asks of the two models, each thing once: answers, walks and rollouts are looked up in the label store first.
///
/// Every series is named by what decides its content: the identity of the text's writer, and for rollouts the reference's too.
package struct LabelSources {
    let models: Pair<AnyModel>
    let options: Generator<AnyModel>.Options
    let questions: [TrainingQuestion]
    let store: any LabelStorage
    /// Names all that decides the greedy answers of a model, or of L along its own text, to these questions.
    let canonical: (PolicySetting) throws -> String
    /// SHA-256 of the small model's file.
    let slmSha256: String
    /// What a walk keeps of S, hidden states among it.
    let needs: SignalNeeds

    package init(
        models: Pair<AnyModel>, options: Generator<AnyModel>.Options,
        questions: [TrainingQuestion], store: any LabelStorage, slmSha256: String,
        needs: SignalNeeds, canonical: @escaping (PolicySetting) throws -> String
    ) {
        self.models = models
        self.options = options
        self.questions = questions
        self.store = store
        self.canonical = canonical
        self.slmSha256 = slmSha256
        self.needs = needs
    }

    // MARK: - Answers

    /// Every question's greedy answer by one model alone, in the questions' order; nil where it failed.
    func answers(by setting: PolicySetting) throws -> [GradedAnswer?] {
        let series = "answer \(try canonical(setting))"
        var answers: [GradedAnswer?] = try questions.map { question in
            try decoded(store.item(question.id, in: series), of: question)
        }
        let missing = answers.indices.filter { answers[$0] == nil }
        guard !missing.isEmpty,
            case .routed(let policy)? = setting.method(seed: 0, routers: { _ in nil })
        else { return answers }
        let progress = WorkProgress("answers by \(setting)")
        progress.begin(answers: missing.count)
        defer { progress.end() }
        let generator = try Generator(models, options: options)
        var next = 0
        try generator.run(
            next: {
                guard next < missing.count else { return nil }
                defer { next += 1 }
                let question = questions[missing[next]]
                return Request(
                    question: question.id, prompt: question.prompt, lanes: [Lane(policy)])
            },
            isCancelled: {
                progress.writing(tokens: generator.unfinishedTokens)
                return Interruption.isRequested
            },
            report: { number, _, outcome in
                let question = questions[missing[number]]
                guard case .finished(let trace) = outcome else { return }
                let answer = answer(trace, whole: trace.tokens, of: question)
                try store.store(encoded(answer), as: question.id, in: series)
                answers[missing[number]] = answer
                progress.finished(tokens: trace.decisions.count)
            })
        try Interruption.check()
        return answers
    }

    func answer(
        _ trace: Trace, whole tokens: [Int32], of question: TrainingQuestion
    ) -> GradedAnswer {
        GradedAnswer(
            tokens: tokens, correct: question.isRight(tokens),
            slmTokens: trace.cost.slmTokens, llmTokens: trace.cost.llmTokens,
            seconds: trace.cost.slmSeconds + trace.cost.llmSeconds,
            callShare: Double(trace.decisions.count { $0.route == .llm })
                / Double(max(trace.decisions.count, 1)),
            slmPasses: trace.cost.slmPasses, llmPasses: trace.cost.llmPasses)
    }

    // MARK: - Walks

    /// A reference to walk along.
    struct Reference {
        let question: TrainingQuestion
        let tokens: [Int32]
    }

    /// The name of the walks along references of that kind, with what they keep.
    func walkSeries(_ reference: RouterPlan.Reference, asksLarge: Bool) throws -> String {
        var name = "walk \(asksLarge ? "of both" : "of slm") \(try writer(of: reference))"
        if !needs.layers.isEmpty { name += " layers \(needs.layers.sorted())" }
        if needs.top > 0 { name += " top \(needs.top)" }
        return name
    }

    /// Names what decides the references of that kind.
    func writer(of reference: RouterPlan.Reference) throws -> String {
        let key = try canonical(reference == .llm ? PolicySetting.llm : .disagree)
        return "\(reference.rawValue) \(slmSha256) \(key)"
    }

    /// The references' walks, from the store or made; in half precision either way.
    func walks(
        _ references: [Reference], in series: String, asksLarge: Bool, title: String
    ) throws -> [ReferenceWalk] {
        var walks = try references.map { reference in
            try store.item(reference.question.id, in: series)
                .flatMap {
                    ReferenceWalk(question: reference.question.id, data: $0, needs: needs)
                }
                .flatMap { $0.reference == reference.tokens ? $0 : nil }
        }
        let progress = WorkProgress(title)
        progress.begin(answers: walks.count { $0 == nil })
        defer { progress.end() }
        for (index, reference) in references.enumerated() where walks[index] == nil {
            try Interruption.check()
            let id = reference.question.id
            let data = try walker.walk(
                question: id, prompt: reference.question.prompt, reference: reference.tokens,
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
        _ view: QuestionView, answers: [GradedAnswer?], title: String
    ) throws -> [Signals?] {
        let series = "view \(view.rawValue) \(try canonical(.slm))"
        var views: [Signals?] = try questions.map { question in
            try store.item(question.id, in: series).map {
                try JSONDecoder().decode(Signals.self, from: $0)
            }
        }
        let missing = views.indices.filter { views[$0] == nil && answers[$0] != nil }
        let progress = WorkProgress(title)
        progress.begin(answers: missing.count)
        defer { progress.end() }
        for index in missing {
            try Interruption.check()
            let question = questions[index]
            guard let tokens = answers[index]?.tokens else { continue }
            let signals = try self.view(view, of: question, answer: tokens)
            try store.store(JSONEncoder().encode(signals), as: question.id, in: series)
            views[index] = signals
            progress.finished(tokens: tokens.count)
        }
        return views
    }

    private func view(
        _ view: QuestionView, of question: TrainingQuestion, answer: [Int32]
    ) throws -> Signals {
        let prompt = question.prompt
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

    var walker: ReferenceWalker<AnyModel> {
        ReferenceWalker(models, needs: needs)
    }

    func encoded(_ answer: GradedAnswer) throws -> Data { try JSONEncoder().encode(answer) }

    /// A stored answer, graded anew: the grader may have changed since.
    func decoded(
        _ data: Data?, of question: TrainingQuestion
    ) throws -> GradedAnswer? {
        guard let data else { return nil }
        var answer = try JSONDecoder().decode(GradedAnswer.self, from: data)
        answer.correct = question.isRight(answer.tokens)
        return answer
    }
}
