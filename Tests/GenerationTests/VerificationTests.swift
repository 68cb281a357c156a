import Hashing
import Inference
import ModelSupport
import Routing
import Testing

@testable import Generation

/// Policies under which L judges what S wrote, over models without weights.
struct VerificationTests {
    /// One question under some policies, with models that agree more or less.
    private func scenario(_ random: inout SplitMix64, _ policies: [RoutingPolicy]) -> Scenario {
        var scenario = Scenario()
        scenario.small.seed = random.next()
        scenario.large.seed = random.next()
        scenario.small.dissent = [0, 0.1, 0.4, 1].randomElement(using: &random) ?? 0
        scenario.large.dissent = scenario.small.dissent
        scenario.large.context = .random(in: 12...60, using: &random)
        scenario.small.context = 40
        scenario.maxTokens = .random(in: 1...40, using: &random)
        scenario.endTokens = Bool.random(using: &random) ? [3] : []
        let prompt = (0..<Int.random(in: 1...9, using: &random)).map { _ in
            Int32.random(in: 4..<20, using: &random)
        }
        scenario.requests = [
            Request(question: "q", prompt: prompt, lanes: policies.map { Lane($0) })
        ]
        return scenario
    }

    /// Stops of every kind, with drafts from everywhere.
    private static let stops: [(Stop, DraftSource)] = {
        let scores: [Stop] = [
            .scored(Margin(), threshold: 0.3), .scored(Entropy(), threshold: 1),
            .scored(MaxProbability(), threshold: 0.7),
            .scored(RandomDraw(seed: 5), threshold: 0.2),
            .scored(PromptLength(), threshold: 0.5), .never,
        ]
        let sources = [
            .plain, DraftSource(ngram: 2), DraftSource(rows: DraftSource.few),
            DraftSource(rows: DraftSource.many),
            DraftSource(most: 5, ngram: 3, rows: DraftSource.many),
            DraftSource(ngram: 1, rows: DraftSource.few),
        ]
        let lengths: [(Stop, DraftSource)] = [1, 2, 4, 8].map { (.never, DraftSource(most: $0)) }
        return lengths + scores.flatMap { stop in sources.map { (stop, $0) } }
    }()

    /// Whatever stops S: L's own text, with its own log-probabilities.
    @Test(arguments: 0..<80)
    func strictTextIsTheLargeModels(seed: Int) throws {
        var random = SplitMix64(seed: UInt64(seed))
        let policies = Self.stops.map { RoutingPolicy(stop: $0, keep: .strict, drafts: $1) }
        let run = try scenario(&random, [.llm] + policies).run()
        let llm = try #require(run.trace(0, 0))
        for lane in 1...policies.count {
            let trace = try #require(run.trace(0, lane))
            #expect(trace.tokens == llm.tokens && trace.finish == llm.finish)
            #expect(trace.decisions.map(\.llm) == llm.decisions.map(\.llm))
            #expect(
                trace.decisions.allSatisfy {
                    $0.route == .llm
                        || $0.llm?.token == $0.token && $0.slm?.token ?? $0.token == $0.token
                })
            check(trace)
        }
        #expect(run.small.tokensHeld == 0 && run.large.tokensHeld == 0)
    }

    /// Lanes that judge and lanes that do not, of many questions, side by side: each is what the plainest loop gives.
    @Test(arguments: 0..<120)
    func everyTraceIsThatOfThePlainestLoop(seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        let scenario = Scenario.random(verifying: true, using: &random)
        let run = try scenario.run()
        for (index, request) in scenario.requests.enumerated() {
            for (lane, policy) in request.lanes.map(\.policy).enumerated() {
                let trace = try #require(run.trace(index, lane))
                #expect(trace == scenario.expectedTrace(request, policy), "\(index), \(lane)")
            }
        }
        #expect(run.small.tokensHeld == 0 && run.large.tokensHeld == 0)
    }

    /// A lane alone does what its account says, no more.
    @Test(arguments: 200..<230)
    func costsAreWhatIsDoneAlone(seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        let scenario = Scenario.random(verifying: true, using: &random)
        let fused = try scenario.run()
        for (index, request) in scenario.requests.enumerated() {
            for lane in request.lanes.indices {
                var alone = scenario
                alone.batch = 1
                alone.requests = [
                    Request(
                        question: request.question, prompt: request.prompt,
                        lanes: [request.lanes[lane]])
                ]
                let run = try alone.run()
                let trace = try #require(run.trace(0, 0))
                #expect(fused.trace(index, lane) == trace)
                #expect(run.small.tokensRead == trace.cost.slmTokens)
                #expect(run.large.tokensRead == trace.cost.llmTokens)
                #expect(run.small.passes == trace.cost.slmPasses)
                #expect(run.large.passes == trace.cost.llmPasses)
            }
        }
    }

    /// Side by side as alone, also where memory lets only some go on and where a token breaks every pass that reads it.
    @Test(arguments: 0..<60)
    func sideBySideAsAlone(seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        var scenario = Scenario.random(verifying: true, using: &random)
        // The longest text with its drafts, and up to four times that.
        scenario.smallMemory = Int.random(in: 60...240, using: &random)
        scenario.largeMemory = Int.random(in: 60...240, using: &random)
        scenario.poison = seed.isMultiple(of: 3) ? scenario.requests[0].prompt[0] : nil
        let run = try scenario.run()
        for (index, request) in scenario.requests.enumerated() {
            for (lane, policy) in request.lanes.map(\.policy).enumerated() {
                if let trace = run.trace(index, lane) {
                    #expect(trace == scenario.expectedTrace(request, policy))
                } else {
                    #expect(scenario.poison != nil && run.outcomes[index][lane] != nil)
                }
            }
        }
        #expect(run.small.tokensHeld == 0 && run.large.tokensHeld == 0)
    }

    /// Drafts of several lengths and L itself on one question: no prefix is read twice.
    @Test(arguments: 0..<20)
    func draftsShareWhatTheyCan(seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        let policies: [RoutingPolicy] = [.llm] + [2, 4, 8].map { .speculative(draft: $0) }
        let scenario = scenario(&random, policies)
        let run = try scenario.run()
        let alone = policies.map { scenario.expectedTrace(scenario.requests[0], $0).cost }
        #expect(run.large.tokensRead <= alone.reduce(0) { $0 + $1.llmTokens })
        if scenario.large.dissent == 0 {
            // One text: each of its tokens once, by each model, and the last drafts.
            #expect(run.large.tokensRead <= alone[0].llmTokens + 8)
            #expect(run.small.tokensRead <= alone[0].llmTokens + 8)
        }
    }

    /// The passes add up to the costs, and each begins where its model's cache could end.
    private func check(_ trace: Trace) {
        for model in Route.allCases {
            let passes = trace.passes.filter { $0.model == model }
            let tokens = passes.reduce(0) { $0 + $1.to - $1.from }
            #expect(tokens == (model == .llm ? trace.cost.llmTokens : trace.cost.slmTokens))
            #expect(passes.count == (model == .llm ? trace.cost.llmPasses : trace.cost.slmPasses))
            #expect(passes.first.map { $0.from == 0 } ?? true)
            for (before, after) in zip(passes, passes.dropFirst()) {
                #expect(after.from <= before.to && after.from < after.to)
            }
        }
    }

    /// Every token of an answer was kept from a draft or is L's own, and what was drafted in vain is paid for.
    @Test(arguments: 300..<340)
    func tokensAreKeptOrTheLargeModels(seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        var scenario = scenario(
            &random,
            [.llm]
                + [KeepRule.strict, .init(.ratio(atLeast: 0.4)), .init(.fly)].flatMap { keep in
                    [
                        DraftSource(most: 4), .init(most: 6, ngram: 2),
                        .init(ngram: 3, rows: DraftSource.many),
                    ]
                    .map { RoutingPolicy(stop: .never, keep: keep, drafts: $0) }
                })
        scenario.endTokens = []
        let run = try scenario.run()
        for lane in 1..<10 {
            let trace = try #require(run.trace(0, lane))
            let copied = trace.decisions.count { $0.route == .slm && $0.slm == nil }
            let small = trace.decisions.count { $0.route == .slm && $0.slm != nil }
            #expect(copied + small + trace.llmCalls == trace.decisions.count)
            #expect(copied <= trace.cost.copied && small <= trace.cost.slmPasses)
            // Without an end token each pass of L writes one token, but for a last one that has no room left.
            #expect(trace.cost.llmPasses - trace.llmCalls <= 1)
            #expect(trace.decisions.allSatisfy { $0.llm != nil })
        }
    }

    /// A limit under which L just writes the next token, whatever S's score says.
    @Test func aMostLengthWithoutVerification() throws {
        var scenario = Scenario()
        scenario.endTokens = []
        let policies = [1, 3, 7].flatMap { most in
            [Stop.never, .scored(Margin(), threshold: 0)].map {
                RoutingPolicy(stop: $0, drafts: DraftSource(most: most))
            }
        }
        scenario.requests = [
            Request(question: "q", prompt: [5, 6], lanes: policies.map { Lane($0) })
        ]
        let run = try scenario.run()
        for (lane, policy) in policies.enumerated() {
            let trace = try #require(run.trace(0, lane))
            #expect(trace == scenario.expectedTrace(scenario.requests[0], policy))
            for (index, decision) in trace.decisions.enumerated() {
                let isLast = (index + 1).isMultiple(of: (policy.drafts.most ?? 0) + 1)
                #expect(decision.route == (isLast ? .llm : .slm))
                #expect((decision.slm == nil) == isLast && (decision.llm != nil) == isLast)
            }
        }
    }

    /// Copied tokens that S has no word on, beside lanes whose S has: a divergence is never compared for them.
    @Test(arguments: 400..<430)
    func divergencesOfCopiedTokens(seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        let rules: [KeepRule] = [.init(.kl(atMost: 99)), .init(.js(atMost: 99))]
        let policies = rules.flatMap { keep in
            [DraftSource.plain, .init(most: 5, ngram: 2), .init(ngram: 1), .init(most: 3)].map {
                RoutingPolicy(stop: .never, keep: keep, drafts: $0)
            }
        }
        let scenario = scenario(&random, policies)
        let run = try scenario.run()
        for (lane, policy) in policies.enumerated() {
            let trace = try #require(run.trace(0, lane))
            #expect(trace == scenario.expectedTrace(scenario.requests[0], policy), "\(lane)")
            #expect(
                trace.decisions.allSatisfy {
                    $0.route == .llm || $0.slm != nil || $0.token == $0.llm?.token
                })
        }
    }

    @Test func twinsAcceptEverything() throws {
        var scenario = Scenario()
        scenario.large = scenario.small
        scenario.endTokens = []
        scenario.requests = [
            Request(question: "q", prompt: [5, 6], lanes: [Lane(.speculative(draft: 4))])
        ]
        let trace = try #require(try scenario.run().trace(0, 0))
        // Four drafts and one of L's own a pass.
        #expect(trace.cost.llmPasses == 4)
        #expect(trace.llmCalls == 4 && trace.decisions.count { $0.route == .slm } == 16)
        // The prompt and what was written, but for the last token.
        #expect(trace.cost.llmTokens == 2 + 19)
    }

    @Test(arguments: 1000..<1040)
    func bigLittleBetweenItsLimits(seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        let scenario = scenario(
            &random,
            [
                .slm, .bigLittle(fallback: 0, rollback: 0), .llm,
                .bigLittle(fallback: 2, rollback: 0),
                .bigLittle(fallback: 0.7, rollback: 0.5), .bigLittle(fallback: 0.7, rollback: 3),
                .bigLittle(fallback: 0.7, rollback: 5),
            ])
        let run = try scenario.run()
        let traces = try (0..<7).map { try #require(run.trace(0, $0)) }
        #expect(traces[1].tokens == traces[0].tokens && traces[1].cost.llmPasses == 0)
        #expect(traces[3].tokens == traces[2].tokens && traces[3].finish == traces[2].finish)
        for trace in traces[4...] {
            check(trace)
            for (index, decision) in trace.decisions.enumerated() where decision.route == .llm {
                let before = scenario.requests[0].prompt + trace.tokens.prefix(index)
                #expect(decision.token == scenario.large.reading(after: before).argmax)
            }
        }
        // Nothing is taken back that L finds likely enough: 4 nats at most.
        #expect(traces[6].decisions.allSatisfy { $0.route == .slm || $0.score != nil })
    }
}
