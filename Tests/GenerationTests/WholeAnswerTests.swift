import Hashing
import Inference
import ModelSupport
import Routing
import Testing

@testable import Generation

/// Policies that decide for a whole answer, and the oracle that sees both models.
struct WholeAnswerTests {
    @Test(arguments: 0..<40)
    func disagreeWritesTheLargeModelsTextAtTheLeastCalls(seed: UInt64) throws {
        var generator = SplitMix64(seed: seed)
        var scenario = Scenario.random(using: &generator)
        scenario.requests = scenario.requests.map {
            Request(
                question: $0.question, prompt: $0.prompt, lanes: [Lane(.llm), Lane(.disagree)])
        }
        let run = try scenario.run()
        for index in scenario.requests.indices {
            guard let llm = run.trace(index, 0), let oracle = run.trace(index, 1) else {
                Issue.record("no trace")
                continue
            }
            #expect(oracle.tokens == llm.tokens && oracle.finish == llm.finish)
            let differ = oracle.decisions.count { $0.slm?.token != $0.llm?.token }
            #expect(oracle.llmCalls == differ)
            #expect(oracle.llmCalls <= llm.llmCalls)
            // It is an oracle: L ran everywhere.
            #expect(oracle.cost.llmPasses == oracle.tokens.count)
        }
    }

    @Test func aWholeAnswerIsOneModels() throws {
        var scenario = Scenario()
        scenario.requests = (0..<40).map {
            Request(
                question: "q\($0)", prompt: [4, Int32($0 % 20), 7],
                lanes: [
                    Lane(.slm), Lane(.llm), Lane(.whole(QueryDraw(seed: 3), threshold: 0.5)),
                    Lane(.whole(Entropy(), threshold: 2)),
                ])
        }
        let run = try scenario.run()
        var called = [0, 0]
        for index in scenario.requests.indices {
            for lane in [2, 3] {
                let trace = try #require(run.trace(index, lane))
                let first = try #require(trace.decisions.first)
                #expect(first.score != nil && first.slm != nil)
                #expect(trace.decisions.dropFirst().allSatisfy { $0.score == nil })
                #expect(Set(trace.decisions.map(\.route)).count == 1)
                let model = first.route == .slm ? 0 : 1
                #expect(trace.tokens == run.trace(index, model)?.tokens)
                #expect(trace.cost.slmPasses == (model == 0 ? trace.tokens.count : 1))
                #expect(trace.cost.llmPasses == (model == 0 ? 0 : trace.tokens.count))
                called[lane - 2] += model
            }
        }
        #expect((8...32).contains(called[0]) && (1...39).contains(called[1]))
    }

    @Test(arguments: 0..<10)
    func anObservedAnswerIsTheSmallModelsWithItsMean(seed: UInt64) throws {
        var generator = SplitMix64(seed: seed)
        var scenario = Scenario.random(using: &generator)
        // A score at every step that never calls shows what S saw there.
        scenario.requests = scenario.requests.map {
            Request(
                question: $0.question, prompt: $0.prompt,
                lanes: [
                    Lane(.scored(Entropy(), threshold: .infinity)),
                    Lane(.observed(SignalNeeds(hidden: true))),
                ])
        }
        let run = try scenario.run()
        for index in scenario.requests.indices {
            let (slm, observed) = (
                try #require(run.trace(index, 0)), try #require(run.trace(index, 1))
            )
            #expect(observed.tokens == slm.tokens && observed.cost == slm.cost)
            let seen = try #require(observed.observed)
            #expect(slm.observed == nil && seen.position == slm.tokens.count)
            let entropies = slm.decisions.compactMap(\.score)
            let mean = entropies.reduce(0, +) / Float(entropies.count)
            #expect(abs(seen.entropy - mean) < 1e-4)
            #expect(!seen.hidden.isEmpty)
        }
    }

    /// Lanes that wait for memory come to a prompt that others have read: its mean is the whole prompt's all the same.
    @Test(arguments: [Int.max, 60, 40, 30, 26])
    func aPromptsMeanDoesNotDependOnMemory(memory: Int) throws {
        struct Mean: ScoreFunction {
            let name = "mean"
            let calls = CallSide.above
            let needsPromptMean = true
            func score(_ signals: Signals) -> Float { signals.promptMean.reduce(0, +) }
        }
        var scenario = Scenario()
        scenario.endTokens = []
        scenario.smallMemory = memory
        scenario.requests = (0..<6).map { number in
            let prompt = (0...Int32(number % 3)).map { $0 + 4 }
            return Request(
                question: "q\(number)", prompt: prompt,
                lanes: [
                    Lane(.slm), Lane(.scored(RandomDraw(seed: 1), threshold: 0.5)),
                    Lane(.whole(Mean(), threshold: 1e9)),
                ])
        }
        let run = try scenario.run()
        for (index, request) in scenario.requests.enumerated() {
            let trace = try #require(run.trace(index, 2))
            // The fake's states are the lengths of the text so far.
            let expected = Float(request.prompt.count + 1) / 2
            #expect(trace.decisions.first?.score == expected)
            #expect(trace.tokens == run.trace(index, 0)?.tokens)
        }
    }

    @Test func aQuestionCanBeJudgedByItsWholePrompt() throws {
        struct PromptProbe: ScoreFunction {
            let name = "probe"
            let calls = CallSide.above
            let needsPromptMean = true
            func score(_ signals: Signals) -> Float { signals.promptMean.reduce(0, +) }
        }
        var scenario = Scenario()
        let prompts: [[Int32]] = [[4, 9, 7], [4, 9, 7, 9, 11], [5]]
        scenario.requests = prompts.enumerated().map {
            Request(
                question: "q\($0)", prompt: $1,
                lanes: [Lane(.slm), Lane(.whole(PromptProbe(), threshold: 1e9))])
        }
        let run = try scenario.run()
        for (index, prompt) in prompts.enumerated() {
            let trace = try #require(run.trace(index, 1))
            #expect(trace.tokens == run.trace(index, 0)?.tokens)
            // The fake's states, read one by one.
            let model = FakeModel(scenario.small)
            let sequence = model.makeSequence()
            var sum: Float = 0
            for token in prompt {
                let read = Read(.last, hidden: true)
                sum += try model.read([Work(sequence, [token], read: read)])[0][0].hidden
                    .reduce(0, +)
            }
            let score = try #require(trace.decisions.first?.score)
            #expect(abs(score - sum / Float(prompt.count)) < 1e-4)
        }
    }

    @Test func queryDrawsAreOneAQuestion() {
        func score(_ question: String, _ position: Int) -> Float {
            QueryDraw(seed: 1).score(
                Signals(
                    question: question, position: position, logProbability: 0,
                    secondLogProbability: 0, entropy: 0))
        }
        #expect(score("a", 0) == score("a", 9))
        #expect(score("a", 0) != score("b", 0))
        let low = (0..<1000).count { score("\($0)", 0) < 0.3 }
        #expect((250...350).contains(low))
    }
}
