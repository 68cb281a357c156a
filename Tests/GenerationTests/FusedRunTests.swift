import Hashing
import ModelSupport
import Routing
import Testing

@testable import Generation

/// A fused run gives each lane the trace that it would have alone, to the last cost, and reads each
/// distinct prefix once.
@Suite(.timeLimit(.minutes(30))) struct FusedRunTests {
    @Test(arguments: 0..<60)
    func everyLaneAsIfAlone(seed: UInt64) throws {
        var generator = SplitMix64(seed: seed)
        let scenario = Scenario.random(using: &generator)
        let run = try scenario.run()
        for (index, request) in scenario.requests.enumerated() {
            for (lane, policy) in request.lanes.map(\.policy).enumerated() {
                let trace = run.trace(index, lane)
                #expect(trace == scenario.expectedTrace(request, policy), "\(index), \(lane)")
            }
            #expect(run.outcomes[index].count == request.lanes.count)
        }
        let expected = scenario.distinctPrefixes()
        #expect(run.small.tokensRead == expected.slm)
        #expect(run.large.tokensRead == expected.llm)
        #expect(run.throughput.tokens(of: .slm) == expected.slm)
        #expect(run.throughput.tokens(of: .llm) == expected.llm)
        #expect(run.throughput.passes(of: .slm) == run.small.passes)
        #expect(run.throughput.passes(of: .llm) == run.large.passes)
        #expect(run.throughput.preemptions == 0)
        #expect(run.small.largestPass <= scenario.batch)
        #expect(run.small.tokensHeld == 0 && run.large.tokensHeld == 0)
    }

    /// The same by the generator's own account: each lane alone, one prefix at a time.
    @Test(arguments: 100..<110)
    func everyLaneAlone(seed: UInt64) throws {
        var generator = SplitMix64(seed: seed)
        let scenario = Scenario.random(using: &generator)
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
                // Alone, costs as if alone are what was really done.
                #expect(run.small.tokensRead == trace.cost.slmTokens)
                #expect(run.large.tokensRead == trace.cost.llmTokens)
                #expect(run.small.passes == trace.cost.slmPasses)
                #expect(run.large.passes == trace.cost.llmPasses)
            }
        }
    }

    /// Fused, a sweep of thresholds must cost much less than its runs one after the other.
    @Test func sharingSaves() throws {
        var scenario = Scenario()
        scenario.maxTokens = 60
        scenario.endTokens = []
        let thresholds = stride(from: Float(0), through: 4, by: 0.25)
        let lanes = thresholds.map { Lane(.scored(Entropy(), threshold: $0)) }
        scenario.small.dissent = 0.05
        scenario.large.dissent = 0.05
        scenario.requests = (0..<4).map {
            Request(question: "\($0)", prompt: [Int32($0), 5, 6], lanes: lanes)
        }
        let run = try scenario.run()
        let alone = scenario.requests.reduce(0) { sum, request in
            lanes.reduce(sum) {
                $0 + scenario.expectedTrace(request, $1.policy).cost.slmTokens
            }
        }
        #expect(run.throughput.tokens(of: .slm) * 2 < alone)
    }

    /// Lanes that agree to the end share everything, S's reading and L's.
    @Test func equalLanesAreOne() throws {
        var scenario = Scenario()
        let lane = Lane(.scored(Entropy(), threshold: 2))
        scenario.requests = [
            Request(question: "q", prompt: [1, 2], lanes: [Lane](repeating: lane, count: 9))
        ]
        let run = try scenario.run()
        let trace = try #require(run.trace(0, 0))
        #expect((1..<9).count { run.trace(0, $0) == trace } == 8)
        #expect(run.small.tokensRead == trace.cost.slmTokens)
        #expect(run.large.tokensRead == trace.cost.llmTokens)
    }

    @Test func hiddenStatesAreAskedForWhereNeeded() throws {
        var scenario = Scenario()
        let seeing = Lane(.scored(PromptLength(), threshold: 0.25))
        let blind = Lane(.scored(Margin(), threshold: 0.25))
        scenario.requests = [Request(question: "q", prompt: [1, 2], lanes: [blind])]
        #expect(try scenario.run().small.hiddenAsked == 0)
        scenario.requests = [Request(question: "q", prompt: [1, 2], lanes: [seeing])]
        let run = try scenario.run()
        let trace = try #require(run.trace(0, 0))
        #expect(run.small.hiddenAsked == trace.decisions.count)
        for (position, decision) in trace.decisions.enumerated() {
            #expect(decision.route == (position.isMultiple(of: 2) ? .slm : .llm))
        }
    }
}
