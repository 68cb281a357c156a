import GGUF
import Inference
import ResultsStore
import Routing
import SweepSupport
import TestSupport
import Testing

@testable import Generation
@testable import Runs

/// docs/method.md, section 3, by hand.
struct CostModelTests {
    // Qwen2.5-Coder-0.5B: 24 layers of
    //   attention 2 x 896 x 896 + 2 x 896 x 128, biases 896 + 2 x 128, norms 2 x 896, MLP 3 x 896 x 4864,
    //   and the last norm of 896: 357,898,112 (with the table of 151,936 x 896 the published 494,032,768);
    //   14 heads of 64; a token's keys and values: 2 x 24 layers x 2 heads x 64 x 2 bytes.
    static let small = ModelCosts(
        bodyParameters: 357_898_112, outputParameters: 136_134_656,
        attentionPerPosition: 86_016, weightBytes: 400_000_000, kvBytesPerToken: 12_288)
    // Qwen2.5-Coder-1.5B: 28 layers of width 1536, MLP 8960, 12 heads of 128, 2 of keys and values
    //   (with the table of 151,936 x 1536 the published 1,543,714,304).
    static let large = ModelCosts(
        bodyParameters: 1_310_340_608, outputParameters: 233_373_696,
        attentionPerPosition: 172_032, weightBytes: 1_000_000_000, kvBytesPerToken: 28_672)
    let costs = CostModel(Pair(slm: small, llm: large))

    /// How much the second is above the first; nil where either is unknown.
    func more(_ first: Int?, _ second: Int?) -> Int? {
        first.flatMap { first in second.map { $0 - first } }
    }

    func trace(_ asked: [(slm: Bool, llm: Bool)], llmPasses: Int = 0) -> Trace {
        let candidate = Candidate(token: 1, logProbability: -1)
        let decisions = asked.map { asked in
            Decision(
                token: 1, route: asked.llm ? .llm : .slm, score: nil,
                slm: asked.slm ? candidate : nil, llm: asked.llm ? candidate : nil)
        }
        return Trace(promptTokens: 10, decisions: decisions, finish: .length, cost: Cost())
    }

    /// A prompt of 10 tokens, then S, L (which reads 11 tokens at once), S.
    @Test func aRoutedAnswer() {
        let usage = costs.usage(of: trace([(true, false), (true, true), (true, false)]))
        // S reads 10 + 1 + 1 tokens that attend to 55 + 11 + 12 positions, and speaks three times.
        let small = 2 * 357_898_112 * 12 + 86_016 * 78 + 2 * 136_134_656 * 3
        // L reads 11 tokens that attend to 66 positions, and speaks once.
        let large = 2 * 1_310_340_608 * 11 + 172_032 * 66 + 2 * 233_373_696
        #expect(small == 9_413_071_872 && large == 29_305_594_880)
        #expect(usage.flops == 38_718_666_752)
        #expect(usage.bytes == 3 * 400_000_000 + 12_288 * 33 + 1_000_000_000 + 28_672 * 11)
        #expect(usage.tokens == 3 && usage.llmCalls == 1 && usage.promptTokens == 10)
    }

    @Test func theSmallModelAlone() {
        let usage = costs.usage(of: trace([(true, false)]))
        #expect(usage.flops == 2 * 357_898_112 * 10 + 86_016 * 55 + 2 * 136_134_656)
        #expect(usage.bytes == 400_000_000 + 122_880)
    }

    /// A router of 1,000 weights looks at every step that has a score.
    @Test func aRoutersShare() {
        let candidate = Candidate(token: 1, logProbability: -1)
        let decisions = [0.5, 0.7, nil].map {
            Decision(token: 1, route: .slm, score: $0, slm: candidate, llm: nil)
        }
        let trace = Trace(promptTokens: 10, decisions: decisions, finish: .length, cost: Cost())
        let (with, without) = (costs.usage(of: trace, router: 1000), costs.usage(of: trace))
        #expect(more(without.flops, with.flops) == 2 * 1000 * 2)
        #expect(more(without.bytes, with.bytes) == 4 * 1000 * 2)
    }

    /// Drafts that were rejected cost what they cost: the passes tell, not the decisions.
    @Test func draftsCountWhenTheyAreRejected() {
        let candidate = Candidate(token: 1, logProbability: -1)
        let passes = [
            Pass(by: .slm, from: 0, to: 10), Pass(by: .slm, from: 10, to: 11),
            Pass(by: .llm, from: 0, to: 12),
        ]
        let trace = Trace(
            promptTokens: 10,
            decisions: [
                Decision(token: 1, route: .llm, score: nil, slm: candidate, llm: candidate)
            ], finish: .length, cost: Cost(), passes: passes)
        let usage = costs.usage(of: trace)
        let small = 2 * 357_898_112 * 11 + 86_016 * 66 + 2 * 136_134_656 * 2
        let large = 2 * 1_310_340_608 * 12 + 172_032 * 78 + 2 * 233_373_696
        #expect(usage.flops == small + large)
        #expect(
            usage.bytes
                == 2 * 400_000_000 + 12_288 * (10 + 11) + 1_000_000_000 + 28_672 * 12)
    }

    /// S's distributions over 1,000 rows of 896 weights, 504 bytes each, whether the passes are listed or told by the decisions; L's are whole.
    @Test func aTrimmedOutputMatrix() {
        let trimmed = ModelCosts(
            bodyParameters: Self.small.bodyParameters,
            outputParameters: Self.small.outputParameters,
            attentionPerPosition: Self.small.attentionPerPosition,
            weightBytes: Self.small.weightBytes, kvBytesPerToken: Self.small.kvBytesPerToken,
            output: .init(rows: 151_936, rowBytes: 504, rowParameters: 896))
        let costs = CostModel(Pair(slm: trimmed, llm: Self.large))
        let whole = trace([(true, false), (true, true), (true, false)])
        let passes = [
            Pass(by: .slm, from: 0, to: 10), Pass(by: .slm, from: 10, to: 11),
            Pass(by: .llm, from: 0, to: 11), Pass(by: .slm, from: 11, to: 12),
        ]
        for listed in [[], passes] {
            func usage(rows: Int?) -> UsageRecord {
                costs.usage(
                    of: Trace(
                        promptTokens: 10, decisions: whole.decisions, finish: .length,
                        cost: Cost(), passes: listed, rows: rows))
            }
            let (all, some) = (usage(rows: nil), usage(rows: 1000))
            #expect(all.flops == costs.usage(of: whole).flops)
            #expect(more(some.flops, all.flops) == 3 * 2 * 896 * (151_936 - 1000))
            #expect(more(some.bytes, all.bytes) == 3 * 504 * (151_936 - 1000))
        }
    }

    /// With an exact cache L's work depends on the place of its last call, not on how many there are.
    @Test func largeWorkFollowsTheLastCall() {
        let once = costs.usage(of: trace([(true, false), (true, false), (true, true)]))
        let always = costs.usage(of: trace([(true, true), (true, true), (true, true)]))
        #expect(more(once.flops, always.flops) == 2 * 2 * 233_373_696)
        #expect(more(once.bytes, always.bytes) == 2 * 1_000_000_000 + 28_672 * (10 + 11))
    }

    /// What passes of a model cost that runs behind a server, nobody knows; S alone is known.
    @Test func unknownCostsAreNone() {
        let costs = CostModel(Pair(slm: Self.small, llm: nil))
        let routed = costs.usage(of: trace([(true, false), (true, true)]), router: 1000)
        #expect(routed.flops == nil && routed.bytes == nil && routed.tokens == 2)
        let small = trace([(true, false)])
        #expect(costs.usage(of: small) == self.costs.usage(of: small))
    }

    @Test func aModelsOwnFigures() throws {
        try SweepFixture.with { fixture in
            let part = try #require(fixture.load("small").participant.costs)
            // 2 layers: 4 heads of 16, 2 of keys and values, width 64, MLP 128; of 288 rows the last 8 are unused.
            let layer =
                2 * 64 * 64 + 2 * 64 * 32 + (64 + 2 * 32) + 2 * 64 + 3 * 64 * 128
            #expect(part.bodyParameters == 2 * layer + 64)
            #expect(part.outputParameters == 280 * 64)
            #expect(part.attentionPerPosition == 4 * 64 * 2)
            #expect(part.kvBytesPerToken == 2 * 2 * 32 * 2)
            // Matrices in blocks of 34 bytes for 32 weights, vectors in 4 bytes each.
            let matrices = 2 * (layer - (64 + 2 * 32) - 2 * 64) + 288 * 64
            let vectors = 2 * (64 + 2 * 32 + 2 * 64) + 64
            #expect(part.weightBytes == matrices / 32 * 34 + vectors * 4)
            #expect(
                part.output == .init(rows: 288, rowBytes: 64 / 32 * 34, rowParameters: 64))
        }
    }

    @Test(
        .enabled(
            if: ExternalFiles.path("qwen2.5-coder-0.5b-instruct-q4_k_m.gguf", in: .models) != nil,
            "qwen2.5-coder-0.5b not in CITER_MODELS"))
    func theSmallQwen() throws {
        try expectShape("qwen2.5-coder-0.5b-instruct-q4_k_m.gguf", Self.small)
    }

    @Test(
        .enabled(
            if: ExternalFiles.path("qwen2.5-coder-1.5b-instruct-q4_k_m.gguf", in: .models) != nil,
            "qwen2.5-coder-1.5b not in CITER_MODELS"))
    func theLargeQwen() throws {
        try expectShape("qwen2.5-coder-1.5b-instruct-q4_k_m.gguf", Self.large)
    }

    private func expectShape(_ file: String, _ expected: ModelCosts) throws {
        let path = try #require(ExternalFiles.path(file, in: .models))
        let part = try ModelCosts(shapeOf: path)
        #expect(part.bodyParameters == expected.bodyParameters)
        #expect(part.outputParameters == expected.outputParameters)
        #expect(part.attentionPerPosition == expected.attentionPerPosition)
        #expect(part.kvBytesPerToken == expected.kvBytesPerToken)
    }
}

extension ModelCosts {
    /// The figures of a file's shape, without loading it; it has no weights' size.
    init(shapeOf path: String) throws {
        self.init(
            try ModelConfig(GGUFFile(path: path)), weightBytes: 0, outputRowBytes: 0)
    }
}
