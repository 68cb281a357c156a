import Inference
import Routing
import Testing

@testable import Generation

/// Traces worked out by hand, with models that follow a script.
@Suite(.timeLimit(.minutes(30))) struct KnownTraceTests {
    /// Says a fixed token and confidence after each length of text.
    final class Script: NextTokenModel {
        final class Sequence: TokenSequence {
            fileprivate(set) var length = 0
            func fork() -> Sequence {
                let copy = Sequence()
                copy.length = length
                return copy
            }
            func rewind(to length: Int) { self.length = length }
        }

        let lines: [Int: (token: Int32, entropy: Float)]
        let vocabularyCount: Int
        let contextLength: Int
        private(set) var passes: [Int] = []  // tokens of each

        init(_ lines: [Int: (Int32, Float)], vocabulary: Int = 10, context: Int = 100) {
            self.lines = lines
            vocabularyCount = vocabulary
            contextLength = context
        }

        func makeSequence(opening: Opening?) -> Sequence { Sequence() }

        func read(_ work: [Work<Sequence>]) throws -> [[Reading]] {
            passes.append(work.reduce(0) { $0 + $1.tokens.count })
            return work.map { item in
                item.sequence.length += item.tokens.count
                let (token, entropy) = lines[item.sequence.length] ?? (0, 0)
                return [
                    Reading(
                        argmax: token, second: 9, logProbability: -0.5, secondLogProbability: -2,
                        entropy: entropy)
                ]
            }
        }
    }

    /// Two prompt tokens; S is unsure at lengths 3 and 5.
    private let small = Script([2: (1, 0.5), 3: (2, 2), 4: (3, 0.5), 5: (4, 2.5), 6: (8, 0)])
    private let large = Script([2: (1, 0), 3: (5, 0), 4: (3, 0), 5: (4, 0), 6: (8, 0)])

    private func run(
        _ lanes: [Lane], maxTokens: Int = 10, endTokens: Set<Int32> = [8]
    ) throws -> [Trace] {
        let generator = try Generator(
            Pair(slm: small, llm: large),
            options: .init(maxTokens: maxTokens, endTokens: endTokens, batch: 4))
        var requests = [Request(question: "q", prompt: [7, 7], lanes: lanes)]
        var traces: [Int: Trace] = [:]
        try generator.run(
            next: { requests.popLast() },
            report: { _, lane, outcome in
                if case .finished(let trace) = outcome { traces[lane] = trace }
            })
        return lanes.indices.compactMap { traces[$0] }
    }

    private func said(_ token: Int32) -> Candidate { Candidate(token: token, logProbability: -0.5) }

    @Test func smallAlone() throws {
        let trace = try #require(try run([Lane(.slm)]).first)
        #expect(trace.tokens == [1, 2, 3, 4, 8])
        #expect(trace.finish == .stop && trace.promptTokens == 2 && trace.llmCalls == 0)
        #expect(
            trace.decisions[1]
                == Decision(token: 2, route: .slm, score: nil, slm: said(2), llm: nil))
        #expect(trace.cost.slmTokens == 6 && trace.cost.slmPasses == 5)
        #expect(trace.cost.llmTokens == 0 && trace.cost.llmPasses == 0)
        #expect(small.passes == [2, 1, 1, 1, 1] && large.passes.isEmpty)
    }

    @Test func largeAlone() throws {
        let trace = try #require(try run([Lane(.llm)]).first)
        #expect(trace.tokens == [1, 5, 3, 4, 8])
        #expect(trace.finish == .stop && trace.llmCalls == 5)
        #expect(
            trace.decisions[1]
                == Decision(token: 5, route: .llm, score: nil, slm: nil, llm: said(5)))
        #expect(trace.cost.llmTokens == 6 && trace.cost.llmPasses == 5)
        #expect(trace.cost.slmTokens == 0 && trace.cost.slmPasses == 0)
        #expect(large.passes == [2, 1, 1, 1, 1] && small.passes.isEmpty)
    }

    /// Entropy above 1 calls at two of five tokens. L's first pass reads prompt and one token, its
    /// second the two written since.
    @Test func routed() throws {
        let lane = Lane(.scored(Entropy(), threshold: 1))
        let trace = try #require(try run([lane]).first)
        #expect(trace.tokens == [1, 5, 3, 4, 8])
        #expect(trace.decisions.map(\.route) == [.slm, .llm, .slm, .llm, .slm])
        #expect(trace.decisions.map(\.score) == [0.5, 2, 0.5, 2.5, 0])
        #expect(
            trace.decisions[1]
                == Decision(token: 5, route: .llm, score: 2, slm: said(2), llm: said(5)))
        #expect(
            trace.decisions[2]
                == Decision(token: 3, route: .slm, score: 0.5, slm: said(3), llm: nil))
        #expect(trace.cost.slmTokens == 6 && trace.cost.slmPasses == 5)
        #expect(trace.cost.llmTokens == 5 && trace.cost.llmPasses == 2)
        #expect(small.passes == [2, 1, 1, 1, 1] && large.passes == [3, 2])
    }

    /// Equality with the threshold is not above it.
    @Test func equalityStaysWithTheSmallModel() throws {
        let traces = try run([2, 2.5].map { Lane(.scored(Entropy(), threshold: $0)) })
        #expect(traces[0].decisions.map(\.route) == [.slm, .slm, .slm, .llm, .slm])
        #expect(traces[1].llmCalls == 0)
    }

    /// Four lanes in one tree: one branch at the second token, none at the fourth, where S and L
    /// agree.
    @Test func fused() throws {
        let lanes = [
            Lane(.slm), Lane(.scored(Entropy(), threshold: 1)), Lane(.llm),
            Lane(.scored(Entropy(), threshold: 2)),
        ]
        let traces = try run(lanes)
        let (unsure, sure): ([Int32], [Int32]) = ([1, 5, 3, 4, 8], [1, 2, 3, 4, 8])
        #expect(traces.map(\.tokens) == [sure, unsure, unsure, sure])
        #expect(traces.map(\.llmCalls) == [0, 2, 5, 1])
        #expect(traces.map(\.cost.slmTokens) == [6, 6, 0, 6])
        #expect(traces.map(\.cost.llmTokens) == [0, 5, 6, 5])
        #expect(traces.map(\.cost.llmPasses) == [0, 2, 5, 1])
        // S: the prompt (2), one token, then three in each of two branches.
        let slm = small.passes.reduce(0, +)
        #expect(slm == 9)
        // L: prompt and one token (3); one branch to its end (3), the other up to its call (2).
        let llm = large.passes.reduce(0, +)
        #expect(llm == 8)
    }

    @Test(arguments: [(1, Finish.length), (4, .length), (5, .stop)])
    func limitOfNewTokens(maxTokens: Int, finish: Finish) throws {
        let traces = try run([Lane(.slm), Lane(.llm)], maxTokens: maxTokens)
        #expect(traces.map(\.finish) == [finish, finish])
        #expect(traces.map(\.decisions.count) == [maxTokens, maxTokens])
    }

    @Test func contextEnds() throws {
        let short = Script(small.lines, context: 5)
        let generator = try Generator(
            Pair(slm: small, llm: short), options: .init(maxTokens: 10, endTokens: [], batch: 1))
        var requests = [Request(question: "q", prompt: [7, 7], lanes: [Lane(.slm)])]
        try generator.run(
            next: { requests.popLast() },
            report: { _, _, outcome in
                guard case .finished(let trace) = outcome else { return }
                #expect(trace.finish == .context && trace.tokens == [1, 2, 3])
            })
        #expect(requests.isEmpty)
    }
}
