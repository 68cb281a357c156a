import GGUF
import Hashing
import Inference
import Routing
import TestSupport
import Testing

@testable import Generation

/// Two real decoders with random weights: fused, alone, on more threads and in little memory.
@Suite(.timeLimit(.minutes(30))) struct EndToEndTests {
    /// S has the first of L's two layers and the same embedding, so that they agree now and then.
    private func withPair(
        threads: Int, cacheBytes: Int = 1 << 28, _ body: (Model, Model) throws -> Void
    ) throws {
        try withTemporaryDirectory { directory in
            let processor = try Processor(threads: threads)
            func load(_ layers: Int) throws -> Model {
                let path = directory + "/\(layers).gguf"
                try TinyModel.write(
                    to: path, layers: layers, context: 96, types: { _ in .q5_K }, seed: 5)
                return try Model(
                    GGUFFile(path: path), processor: processor, cacheBytes: layers * cacheBytes)
            }
            try body(load(1), load(2))
        }
    }

    private func run(
        _ requests: [Request], batch: Int, _ small: Model, _ large: Model
    ) throws -> (traces: [[Int: Trace]], throughput: Throughput) {
        let generator = try Generator(
            Pair(slm: small, llm: large),
            options: .init(maxTokens: 24, endTokens: [1, 2], batch: batch))
        var waiting = requests[...]
        var traces = requests.map { _ in [Int: Trace]() }
        try generator.run(
            next: { waiting.popFirst() },
            report: { request, lane, outcome in
                if case .finished(let trace) = outcome { traces[request][lane] = trace }
            })
        #expect(small.cache.pagesInUse == 0 && large.cache.pagesInUse == 0)
        return (traces, generator.throughput)
    }

    private func requests(_ lanes: [Lane]) -> [Request] {
        var generator = SplitMix64(seed: 3)
        return [3, 16, 17, 40, 90].map { length in
            let prompt = (0..<length).map { _ in Int32.random(in: 0..<288, using: &generator) }
            return Request(question: "\(length)", prompt: prompt, lanes: lanes)
        }
    }

    @Test func fusedEqualsAlone() throws {
        // Thresholds at quantiles of the scores along S's own answers.
        var scores: [Float] = []
        try withPair(threads: 1) { small, large in
            let lane = Lane(.scored(Entropy(), threshold: .infinity))
            let traces = try run(requests([lane]), batch: 1, small, large).traces
            scores = traces.flatMap { $0[0]?.decisions.compactMap(\.score) ?? [] }.sorted()
        }
        let quantiles = (1..<8).map { scores[scores.count * $0 / 8] }
        let lanes =
            [Lane(.slm), Lane(.llm), Lane(.scored(RandomDraw(seed: 4), threshold: 0.3))]
            + quantiles.map { Lane(.scored(Entropy(), threshold: $0)) }
        var fused: [[Int: Trace]] = []
        try withPair(threads: 2) { small, large in
            let result = try run(requests(lanes), batch: 32, small, large)
            fused = result.traces
            #expect(result.throughput.preemptions == 0)
            #expect(fused.map(\.count) == [10, 10, 10, 10, 10])
            // The test is void if every lane says the same, or no two agree at all.
            let texts = Set(fused[0].values.map(\.tokens))
            #expect(texts.count > 3)
            let alone = fused.joined().reduce(0) { $0 + $1.value.cost.slmTokens }
            #expect(result.throughput.tokens(of: .slm) < alone)
        }
        try withPair(threads: 1) { small, large in
            for lane in lanes.indices {
                let alone = try run(requests([lanes[lane]]), batch: 1, small, large)
                #expect(alone.traces.map { $0[0] } == fused.map { $0[lane] })
                let costs = fused.compactMap { $0[lane]?.cost }
                #expect(
                    alone.throughput.tokens(of: .slm) == costs.reduce(0) { $0 + $1.slmTokens })
                #expect(
                    alone.throughput.tokens(of: .llm) == costs.reduce(0) { $0 + $1.llmTokens })
            }
        }
        // Nine pages: hardly more than the longest text alone.
        let pageBytes = 2 * 64 * 2 * 2 * 16
        try withPair(threads: 2, cacheBytes: 9 * pageBytes) { small, large in
            #expect(small.cache.pageLimit == 9 && large.cache.pageLimit == 9)
            let result = try run(requests(lanes), batch: 32, small, large)
            #expect(result.throughput.preemptions > 0)
            #expect(result.traces == fused)
        }
    }

    /// Drafts of every source under strict keeping give L's text, over the decoder's own trimmed matrices; side by side as alone.
    @Test func draftsFromEverywhere() throws {
        let few = TokenRows((0..<Int32(288)).filter { !$0.isMultiple(of: 3) })
        let sources = [
            DraftSource(most: 3), DraftSource(most: 3, rows: few), DraftSource(most: 4, ngram: 2),
            DraftSource(most: 4, ngram: 3, rows: TokenRows(0..<100)), DraftSource(ngram: 1),
        ]
        let lanes =
            [Lane(.llm)]
            + sources.flatMap { drafts in
                [.never, .scored(Margin(), threshold: 0.2)].map {
                    Lane(RoutingPolicy(stop: $0, keep: .strict, drafts: drafts))
                }
            }
        var fused: [[Int: Trace]] = []
        try withPair(threads: 2) { small, large in
            fused = try run(requests(lanes), batch: 32, small, large).traces
        }
        for traces in fused {
            let llm = try #require(traces[0])
            for lane in lanes.indices.dropFirst() {
                let trace = try #require(traces[lane])
                #expect(trace.tokens == llm.tokens && trace.finish == llm.finish)
                #expect(trace.decisions.map(\.llm) == llm.decisions.map(\.llm))
            }
        }
        #expect(fused.joined().contains { $1.cost.copied > 0 })
        try withPair(threads: 1) { small, large in
            for lane in lanes.indices {
                let alone = try run(requests([lanes[lane]]), batch: 1, small, large)
                #expect(alone.traces.map { $0[0] } == fused.map { $0[lane] })
                let costs = fused.compactMap { $0[lane]?.cost }
                let slm = costs.reduce(0) { $0 + $1.slmTokens }
                let llm = costs.reduce(0) { $0 + $1.llmTokens }
                #expect(alone.throughput.tokens(of: .slm) == slm)
                #expect(alone.throughput.tokens(of: .llm) == llm)
            }
        }
    }
}
