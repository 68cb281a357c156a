import Inference
import Routing
import TestSupport
import Testing

@testable import Generation

/// Speculative decoding and the Big Little Decoder over models without weights.
struct DraftDecoderTests {
    private typealias Decoder = DraftDecoder<FakeModel, FakeModel>

    private struct Pair {
        let small: FakeModel
        let large: FakeModel
        let options: Generator<FakeModel, FakeModel>.Options

        init(_ random: inout SeededGenerator) {
            var small = FakeModel.Character(seed: random.next())
            var large = FakeModel.Character(seed: random.next())
            small.dissent = [0, 0.1, 0.4, 1].randomElement(using: &random) ?? 0
            large.dissent = small.dissent
            large.context = .random(in: 12...60, using: &random)
            small.context = 40
            self.small = FakeModel(small)
            self.large = FakeModel(large)
            options = .init(
                maxTokens: .random(in: 1...40, using: &random),
                endTokens: Bool.random(using: &random) ? [3] : [])
        }

        func decoder(_ rule: DraftRule) throws -> Decoder {
            try Decoder(small: small, large: large, rule: rule, options: options)
        }

        /// What the generator gives for one policy alone.
        func alone(_ policy: RoutingPolicy, _ prompt: [Int32]) throws -> Trace? {
            let generator = try Generator(small: small, large: large, options: options)
            var waiting = [Request(question: "q", prompt: prompt, lanes: [Lane(policy)])][...]
            var trace: Trace?
            try generator.run(
                next: { waiting.popFirst() },
                report: { _, _, outcome in
                    if case .finished(let found) = outcome { trace = found }
                })
            return trace
        }
    }

    private func prompt(_ random: inout SeededGenerator) -> [Int32] {
        (0..<Int.random(in: 1...9, using: &random)).map { _ in
            Int32.random(in: 4..<20, using: &random)
        }
    }

    @Test(arguments: 0..<80)
    func speculativeTextIsTheLargeModels(seed: Int) throws {
        var random = SeededGenerator(seed: UInt64(seed))
        let pair = Pair(&random)
        let prompt = prompt(&random)
        let llm = try #require(try pair.alone(.llm, prompt))
        for draft in [1, 2, 4, 8] {
            let decoder = try pair.decoder(.speculative(draft: draft))
            let trace = try decoder.answer(question: "q", prompt: prompt)
            #expect(trace.tokens == llm.tokens)
            #expect(trace.finish == llm.finish)
            #expect(trace.decisions.map(\.llm) == llm.decisions.map(\.llm))
            #expect(
                trace.decisions.allSatisfy { ($0.route == .slm) == ($0.slm?.token == $0.token) })
            check(trace, prompt)
            let statistics = decoder.statistics
            #expect(statistics.tokens == trace.tokens.count)
            #expect(statistics.accepted <= statistics.drafted)
            #expect(statistics.llmPasses == trace.cost.llmPasses)
        }
        #expect(pair.small.tokensHeld == 0 && pair.large.tokensHeld == 0)
    }

    /// Texts side by side are what each is alone, with its costs, also where memory lets only some go on and where one fails.
    @Test(arguments: 0..<60)
    func sideBySideAsAlone(seed: Int) throws {
        var random = SeededGenerator(seed: UInt64(seed))
        let pair = Pair(&random)
        let prompts = (0..<7).map { _ in prompt(&random) }
        let rules: [DraftRule] = [
            .speculative(draft: 3), .bigLittle(fallback: 0.6, rollback: 2),
        ]
        for rule in rules {
            let alone = try prompts.map {
                try pair.decoder(rule).answer(question: "q", prompt: $0)
            }
            // Room for the longest text and its drafts, and little more; one token that no pass survives.
            let longest = zip(prompts, alone).map { $0.count + $1.tokens.count }.max() ?? 0
            let poison = prompts[seed % 7][0]
            for (memory, broken) in [(Int.max, nil), (2 * longest + 8, nil), (Int.max, poison)] {
                var options = pair.options
                options.batch = 1 + seed % 5
                let small = FakeModel(pair.small.character, memory: memory, poison: broken)
                let large = FakeModel(pair.large.character, memory: memory)
                let decoder = try Decoder(small: small, large: large, rule: rule, options: options)
                var next = 0
                var traces = [Trace?](repeating: nil, count: prompts.count)
                var failures: Set<Int> = []
                try decoder.run(
                    next: {
                        guard next < prompts.count else { return nil }
                        defer { next += 1 }
                        return Decoder.Request(question: "q", prompt: prompts[next])
                    },
                    report: { number, answer in
                        switch answer {
                        case .success(let trace): traces[number] = trace
                        case .failure: failures.insert(number)
                        }
                    })
                for (number, trace) in traces.enumerated() {
                    guard let broken else {
                        #expect(trace == alone[number])
                        continue
                    }
                    // A draft that is thrown away may hold the token, so that more may fail than their texts tell.
                    if !failures.contains(number) { #expect(trace == alone[number]) }
                    // The Big Little Decoder's S reads every prompt.
                    if rule == rules[1], prompts[number].contains(broken) {
                        #expect(failures.contains(number))
                    }
                }
                #expect(small.tokensHeld == 0 && large.tokensHeld == 0)
            }
        }
    }

    /// The passes add up to the costs, and each begins where its model's cache could end.
    private func check(_ trace: Trace, _ prompt: [Int32]) {
        for isLarge in [false, true] {
            let passes = trace.passes.filter { $0.isLarge == isLarge }
            let tokens = passes.reduce(0) { $0 + $1.to - $1.from }
            #expect(tokens == (isLarge ? trace.cost.llmTokens : trace.cost.slmTokens))
            #expect(passes.count == (isLarge ? trace.cost.llmPasses : trace.cost.slmPasses))
            #expect(passes.first.map { $0.from == 0 } ?? true)
            for (before, after) in zip(passes, passes.dropFirst()) {
                #expect(after.from <= before.to && after.from < after.to)
            }
        }
    }

    @Test func twinsAcceptEverything() throws {
        let twin = FakeModel.Character(seed: 1)
        let decoder = try Decoder(
            small: FakeModel(twin), large: FakeModel(twin), rule: .speculative(draft: 4),
            options: .init(maxTokens: 20, endTokens: []))
        let trace = try decoder.answer(question: "q", prompt: [5, 6])
        // Four drafts and one of L's own a pass.
        #expect(trace.cost.llmPasses == 4)
        #expect(decoder.statistics.accepted == 16 && decoder.statistics.drafted == 16)
        #expect(trace.llmCalls == 4)
        // The prompt and what was written, but for the last token.
        #expect(trace.cost.llmTokens == 2 + 19)
    }

    @Test(arguments: 0..<40)
    func bigLittleBetweenItsLimits(seed: Int) throws {
        var random = SeededGenerator(seed: UInt64(seed) + 1000)
        let pair = Pair(&random)
        let prompt = prompt(&random)
        let slm = try #require(try pair.alone(.slm, prompt))
        let never = try pair.decoder(.bigLittle(fallback: 0, rollback: 0))
            .answer(question: "q", prompt: prompt)
        #expect(never.tokens == slm.tokens && never.cost.llmPasses == 0)
        let llm = try #require(try pair.alone(.llm, prompt))
        let always = try pair.decoder(.bigLittle(fallback: 2, rollback: 0))
            .answer(question: "q", prompt: prompt)
        #expect(always.tokens == llm.tokens && always.finish == llm.finish)
        for rollback: Float in [0.5, 3, 5] {
            let trace = try pair.decoder(.bigLittle(fallback: 0.7, rollback: rollback))
                .answer(question: "q", prompt: prompt)
            check(trace, prompt)
            // Nothing is taken back that L finds likely enough: 4 nats at most.
            if rollback > 4 {
                #expect(trace.decisions.allSatisfy { $0.route == .slm || $0.score != nil })
            }
            for (index, decision) in trace.decisions.enumerated() where decision.route == .llm {
                let before = prompt + trace.tokens.prefix(index)
                #expect(
                    decision.token == pair.large.character.reading(after: before).argmax)
            }
        }
    }

    @Test func impossiblePromptsAreRefused() throws {
        let model = FakeModel.Character(seed: 1, context: 4)
        let decoder = try Decoder(
            small: FakeModel(model), large: FakeModel(model), rule: .speculative(draft: 2),
            options: .init(maxTokens: 5, endTokens: []))
        #expect(throws: GenerationError.promptTooLong(tokens: 4, context: 4)) {
            try decoder.answer(question: "q", prompt: [1, 2, 3, 4])
        }
    }
}
