import Foundation
import Generation
import Platform
import Routing

extension LabelSources {
    /// A reference, and where continuations leave it.
    struct BranchedReference {
        let reference: Reference
        let branches: [Branch]
        var question: TrainingQuestion { reference.question }
    }

    /// Whether the answers from each branch on are right, by reference and branch; nil where one failed.
    func rollouts(
        _ texts: [BranchedReference], under policy: RoutingPolicy, series name: String
    ) throws -> [[GradedAnswer?]] {
        let series = "rollout \(name)"
        func item(_ text: BranchedReference, _ branch: Branch) -> String {
            "\(text.question.id)/\(branch.position)/\(branch.token)"
        }
        var answers: [[GradedAnswer?]] = try texts.map { text in
            try text.branches.map { branch in
                try decoded(
                    store.item(item(text, branch), in: series),
                    of: text.question)
            }
        }
        let open = texts.indices.filter { answers[$0].contains { $0 == nil } }
        let progress = WorkProgress("rollouts")
        progress.begin(answers: open.reduce(0) { $0 + answers[$1].count { $0 == nil } })
        defer { progress.end() }
        let byQuestion = Dictionary(
            uniqueKeysWithValues: texts.enumerated().map {
                ($1.question.id, $0)
            })
        let runner = RolloutRunner(models, options: options, policy: policy)
        var next = 0
        func keep(_ answer: GradedAnswer, _ index: Int, _ branch: Branch) throws {
            let text = texts[index]
            guard let place = text.branches.firstIndex(of: branch) else { return }
            try store.store(encoded(answer), as: item(text, branch), in: series)
            answers[index][place] = answer
            progress.finished(tokens: answer.tokens.count - branch.position - 1)
        }
        _ = try runner.run(
            next: {
                guard next < open.count, !Interruption.isRequested else { return nil }
                defer { next += 1 }
                let text = texts[open[next]]
                var branches: [Branch] = []
                for (place, branch) in text.branches.enumerated()
                where answers[open[next]][place] == nil {
                    let ends =
                        options.endTokens.contains(branch.token)
                        || branch.position + 1 >= options.maxTokens
                    guard ends else {
                        branches.append(branch)
                        continue
                    }
                    // Nothing follows: the answer is whole already.
                    let tokens =
                        text.reference.tokens.prefix(branch.position) + [branch.token]
                    let right = text.question.isRight(Array(tokens))
                    try keep(
                        GradedAnswer(
                            tokens: Array(tokens), correct: right, slmTokens: 0, llmTokens: 0,
                            seconds: 0, slmPasses: 0, llmPasses: 0), open[next], branch)
                }
                let prefix = try walker.prefix(
                    question: text.question.id,
                    prompt: text.question.prompt,
                    reference: text.reference.tokens,
                    count: branches.map(\.position).max() ?? 0)
                return RolloutRunner.Work(prefix, branches)
            },
            isCancelled: { Interruption.isRequested },
            report: { question, branch, outcome, tokens in
                guard case .finished(let trace) = outcome, let index = byQuestion[question]
                else { return }
                let question = texts[index].question
                try keep(answer(trace, whole: tokens, of: question), index, branch)
            })
        try Interruption.check()
        return answers
    }
}
