import Foundation
import Generation
import Inference
import ModelSupport
import Routing
import Testing

@testable import Training

/// What rounds learn from two models without weights, whose every reading is known beforehand.
struct TrainingRoundsTests {
    private static let small = FakeModel.Character(seed: 1)
    private static let large = FakeModel.Character(seed: 2)
    private static let end: Int32 = 7

    /// In memory; counts what is asked for and found.
    private final class Shelf: LabelStorage {
        private(set) var items: [String: Data] = [:]
        private(set) var stored = 0

        func item(_ name: String, in series: String) -> Data? { items["\(series)|\(name)"] }
        func store(_ data: Data, as name: String, in series: String) {
            items["\(series)|\(name)"] = data
            stored += 1
        }
        /// Every item of a kind of series, with its name, as something else.
        func rewrite(_ kind: String, _ change: (_ name: String, Data) throws -> Data) rethrows {
            for (key, data) in items where key.hasPrefix(kind) {
                items[key] = try change(String(key.split(separator: "|").last ?? ""), data)
            }
        }
        var series: Set<String> {
            Set(items.keys.map { String($0.prefix { $0 != " " }) })
        }
    }

    private func plan(
        _ policy: PolicyDefinition, labels: RouterPlan.Labels = .shortcut, rollouts: Int = 3,
        rounds: Int = 1, reference: RouterPlan.Reference = .llm, lambda: Double = 0.1,
        continuation: RouterPlan.Continuation = .slm
    ) throws -> RouterPlan {
        try #require(
            RouterPlan(
                name: "r", policy: policy, architecture: .linear,
                inputs: [.uncertainty, .position],
                layer: nil, reference: reference, labels: labels, costWeight: lambda,
                rollouts: rollouts, continuation: continuation, rounds: rounds, split: "train",
                limit: 12,
                step: nil, decay: nil, seed: 3))
    }

    /// Twelve questions; answers whose tokens have an even sum are right.
    private func questions() -> [TrainingQuestion] {
        (0..<12).map { number in
            TrainingQuestion(
                id: "q\(number)", prompt: [Int32(number), 3, 11], solution: nil,
                isRight: { $0.reduce(0, +) % 2 == 0 })
        }
    }

    private func rounds(
        _ plan: RouterPlan, _ shelf: Shelf, _ questions: [TrainingQuestion]? = nil
    ) -> TrainingRounds {
        let models = Pair(
            slm: AnyModel(FakeModel(Self.small)), llm: AnyModel(FakeModel(Self.large)))
        let sources = LabelSources(
            models: models, options: .init(maxTokens: 20, endTokens: [Self.end], batch: 8),
            questions: questions ?? self.questions(), store: shelf, slmSha256: "s",
            needs: SignalNeeds(hidden: true), canonical: { $0.policy.name })
        let costs = ModelCosts(
            bodyParameters: 100, outputParameters: 10, attentionPerPosition: 0, weightBytes: 1000,
            kvBytesPerToken: 2)
        return TrainingRounds(
            plan: plan, sources: sources, costs: Pair(both: costs),
            hashes: Pair(slm: "s", llm: "l"),
            data: TrainedOn(dataSet: "sums", sha256: "d", questions: 12), classes: { [] })
    }

    /// Greedy text of one of the models.
    private func text(_ character: FakeModel.Character, after prompt: [Int32]) -> [Int32] {
        var tokens: [Int32] = []
        while tokens.count < 20, tokens.last != Self.end {
            tokens.append(character.reading(after: prompt + tokens).argmax)
        }
        return tokens
    }

    /// Every rolled-out label says what the grade of S's continuation says.
    @Test func aRolloutDecidesWhatTheReferenceCannot() throws {
        let shelf = Shelf()
        let trained = try rounds(plan(.citer), shelf).run()
        let rolledOut = trained.labels.filter { $0.slmRight != nil }
        #expect(!rolledOut.isEmpty)
        for label in rolledOut {
            let question = try #require(questions().first { $0.id == label.question })
            let reference = text(Self.large, after: question.prompt)
            #expect(question.isRight(reference), "only right solutions are walked along")
            var answer = Array(reference.prefix(label.position))
            let own = Self.small.reading(after: question.prompt + answer).argmax
            #expect(own != reference[label.position], "S and L agree: there is nothing to decide")
            answer.append(own)
            while answer.count < 20, answer.last != Self.end {
                answer.append(Self.small.reading(after: question.prompt + answer).argmax)
            }
            #expect(label.slmRight == question.isRight(answer))
            #expect(label.label == (question.isRight(answer) ? 1 : 0))
        }
        // Three at most of each question, standing for all of its places.
        let counts = Dictionary(grouping: rolledOut, by: \.question).mapValues(\.count)
        #expect(counts.values.max() == 3)
        for (question, count) in counts where count == 3 {
            #expect(rolledOut.filter { $0.question == question }.allSatisfy { $0.weight >= 1 })
        }
    }

    @Test func nothingIsComputedTwice() throws {
        let shelf = Shelf()
        let first = try rounds(plan(.citer, rounds: 2), shelf).run()
        let stored = shelf.stored
        let second = try rounds(plan(.citer, rounds: 2), shelf).run()
        #expect(shelf.stored == stored)
        #expect(RouterFile.data(of: first.router) == RouterFile.data(of: second.router))
        #expect(shelf.series == ["answer", "walk", "rollout"])
    }

    /// A regraded answer counts as the grader has it now, though the text is an old one.
    @Test func storedAnswersAreGradedAnew() throws {
        let shelf = Shelf()
        _ = try rounds(plan(.citer), shelf).run()
        let none = questions().map {
            TrainingQuestion(
                id: $0.id, prompt: $0.prompt, solution: nil, isRight: { _ in false })
        }
        #expect(throws: NoLabels(router: "r", reason: "no question has a llm reference")) {
            try rounds(plan(.citer), shelf, none).run()
        }
    }

    /// Each continuation pays for the passes behind its branch, of the model that made them; what stands before the branches of a reference is read once for all.
    @Test(arguments: [RouterPlan.Continuation.slm, .llm, .margin])
    func continuationsPayForWhatTheyWrite(continuation: RouterPlan.Continuation) throws {
        let trained = try rounds(plan(.citer, continuation: continuation), Shelf()).run()
        var bytes = 0
        for question in questions() {
            let reference = text(Self.large, after: question.prompt)
            bytes += 1000 * reference.count
            guard question.isRight(reference) else { continue }
            bytes += 1000 + 2 * (question.prompt.count + reference.count)
        }
        var passes = Pair(both: 0)
        var last: [String: Int] = [:]
        let margin = Margin()
        for label in trained.labels where label.slmRight != nil {
            let question = try #require(questions().first { $0.id == label.question })
            let reference = text(Self.large, after: question.prompt)
            var answer = question.prompt + reference.prefix(label.position)
            answer.append(Self.small.reading(after: answer).argmax)
            while answer.count - question.prompt.count < 20, answer.last != Self.end {
                let own = Self.small.reading(after: answer)
                let score = margin.score(Signals(own, of: question.id, at: 0))
                let writer: Route =
                    switch continuation {
                    case .slm: .slm
                    case .llm: .llm
                    case .margin: margin.route(score: score, threshold: 0.5)
                    }
                if continuation != .llm { passes.slm += 1 }
                if writer == .llm { passes.llm += 1 }
                answer.append(
                    writer == .llm ? Self.large.reading(after: answer).argmax : own.argmax)
            }
            last[question.id] = max(last[question.id] ?? 0, label.position)
        }
        #expect(!last.isEmpty && passes.slm + passes.llm > 0)
        for position in last.values { bytes += 2 * (1000 + 2 * (3 + position)) }
        #expect(trained.rounds.first?.bytes == bytes + 1000 * (passes.slm + passes.llm))
    }

    /// Continuations that were stored without their passes, and with the tokens before the branch among those that were read, cost what they cost now.
    @Test(arguments: [RouterPlan.Continuation.slm, .llm, .margin])
    func continuationsStoredBeforeCostTheSame(continuation: RouterPlan.Continuation) throws {
        let shelf = Shelf()
        let plan = try plan(.citer, continuation: continuation)
        let now = try #require(try rounds(plan, shelf).run().rounds.first)
        let stored = shelf.stored
        try shelf.rewrite("rollout") { name, data in
            var item = try #require(
                try JSONSerialization.jsonObject(with: data) as? [String: Any])
            let position = try #require(Int(name.split(separator: "/")[1]))
            let small = try #require(item["slmTokens"] as? Int)
            let large = try #require(item["llmTokens"] as? Int)
            // One token a pass, the first of them the branch's own.
            #expect(item.removeValue(forKey: "slmPasses") as? Int == small)
            #expect(try #require(item.removeValue(forKey: "llmPasses") as? Int) <= large)
            item["slmTokens"] = small > 0 ? small + 3 + position : 0
            item["llmTokens"] = large > 0 ? large + 3 + position : 0
            return try JSONSerialization.data(withJSONObject: item)
        }
        let before = try #require(try rounds(plan, shelf).run().rounds.first)
        #expect(shelf.stored == stored && now.rollouts > 0)
        #expect(before.bytes == now.bytes && before.flops == now.flops)
    }

    /// With labels of both branches S is preferred where its reward is no less; the price of calls decides between two right answers.
    @Test(arguments: [0.0, 5.0])
    func dualLabelsWeighCalls(lambda: Double) throws {
        let trained = try rounds(plan(.citer, labels: .dual, lambda: lambda), Shelf()).run()
        let both = trained.labels.filter { $0.llmRight != nil }
        #expect(!both.isEmpty)
        for label in both {
            // S goes on alone after either token, so calls cost nothing here: the grades decide.
            let (small, large) = (label.slmRight == true, label.llmRight == true)
            #expect(label.label == (small || !large ? 1 : 0))
        }
    }

    @Test func goldReferencesNeedNoAnswerOfTheLargeModel() throws {
        let shelf = Shelf()
        let gold = questions().map { question in
            TrainingQuestion(
                id: question.id, prompt: question.prompt,
                solution: [1, 2, Int32(question.id.count), 5, 9, Self.end],
                isRight: question.isRight)
        }
        let trained = try rounds(plan(.coLLM, rollouts: 0, reference: .gold), shelf, gold).run()
        #expect(shelf.series == ["walk"])
        let round = try #require(trained.rounds.first)
        #expect(round.tokens == 12 * 6 && round.rollouts == 0)
        #expect(round.case1 + round.case2 + round.case3 == round.tokens)
        // Both models read prompt and solution, and nothing else was asked of them.
        #expect(round.bytes == 2 * 12 * (1000 + 2 * (3 + 6)))
    }

    /// What decides for a whole question: S wrong and L right calls for L.
    @Test(arguments: [PolicyDefinition.query, .cascade])
    func wholeQuestions(policy: PolicyDefinition) throws {
        let trained = try rounds(plan(policy), Shelf()).run()
        #expect(trained.rounds.count == 1 && trained.rounds[0].tokens == 12)
        for label in trained.labels {
            let question = try #require(questions().first { $0.id == label.question })
            let small = question.isRight(text(Self.small, after: question.prompt))
            let large = question.isRight(text(Self.large, after: question.prompt))
            #expect(label.label == (!small && large ? 0 : 1))
        }
    }
}
