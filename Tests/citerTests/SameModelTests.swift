import Foundation
import ResultsStore
import SweepSupport
import TestSupport
import Testing

/// Pairs whose models differ in nothing that matters: one file as both, and vocabularies padded to different sizes.
struct SameModelTests {
    private static let policies = """
        policies:
          - slm
          - llm
          - random: { ratio: [0.3, 0.7] }
          - max-prob: { threshold: 0.02 }
          - entropy: { threshold: { quantiles: 2 } }
          - margin: { threshold: 0.01 }
          - disagree
          - query-random: { ratio: 0.5 }
          - query-oracle
          - speculative: { draft: [2, 4] }
          - bild: { fallback: 0.02, rollback: 5 }

        """
    private static let routers = """
        routers:
          - { name: a, kind: citer, reference: gold, rollouts: 2, limit: 4, inputs: [hidden, token] }
          - { name: b, kind: co-llm, reference: gold, limit: 4 }
          - { name: c, kind: r2r, reference: gold, rollouts: 2, inputs: [uncertainty], limit: 4 }
          - { name: d, kind: query, inputs: [hidden, prompt], architecture: linear, limit: 8 }
          - { name: e, kind: cascade, inputs: [uncertainty, position], architecture: linear, limit: 8 }

        """
    private static let routed = """
          - citer: { router: a, threshold: [0.3, 0.6] }
          - co-llm: { router: b, threshold: 0.5 }
          - r2r: { router: c, threshold: 0.5 }
          - query: { router: d, threshold: 0.5 }
          - cascade: { router: e, threshold: 0.5 }

        """

    /// Writes specs over the pair, one to train and one to run.
    private func write(_ fixture: SweepFixture, slm: String = "small", llm: String) throws {
        let spec = try String(contentsOfFile: fixture.tiny.spec, encoding: .utf8)
        let policies = try #require(spec.range(of: "policies:"))
        let head = String(spec[..<policies.lowerBound])
            .replacing("small.gguf", with: "\(slm).gguf")
            .replacing("large.gguf", with: "\(llm).gguf")
        try fixture.tiny.write(head + Self.policies + Self.routers, to: "experiments/train.yaml")
        try fixture.tiny.write(head + Self.policies + Self.routed, to: "experiments/tiny.yaml")
    }

    /// Every setting's texts: policy and setting to texts in the questions' order.
    private func texts(_ fixture: SweepFixture) throws -> [String: [String]] {
        let rows = try ResultsReader(path: fixture.path("tiny")).query(
            """
            SELECT cell.policy || ' ' || ifnull(cell.setting, ''), sample.output
            FROM sample JOIN cell ON cell.id = sample.cell
            JOIN dataset ON dataset.id = cell.dataset
            WHERE dataset.split = 'test' ORDER BY sample.question
            """
        ).rows
        return rows.reduce(into: [:]) { texts, row in
            if case .text(let cell) = row[0], case .text(let text) = row[1] {
                texts[cell, default: []].append(text)
            }
        }
    }

    @Test func oneModelAsBothChangesNothing() throws {
        try SweepFixture.with { fixture in
            try write(fixture, llm: "small")
            let trained = try fixture.citer("train", "experiments/train.yaml")
            #expect(trained.status == 0, "\(trained.messages)")
            let swept = try fixture.citer("sweep", "experiments/tiny.yaml")
            #expect(swept.status == 0, "\(swept.messages)")
            let texts = try texts(fixture)
            let alone = try #require(texts["slm "])
            #expect(alone.count == 6 && Set(alone).count > 1)
            // Thirteen settings of eleven policies, six of five routers'.
            #expect(texts.count >= 19)
            for (cell, routed) in texts { #expect(routed == alone, "\(cell)") }
            let shown = try fixture.citer("report", "tiny")
            #expect(shown.status == 0, "\(shown.messages)")
            let generated = try fixture.citer(
                "generate", "--slm", "models/small.gguf", "--llm", "models/small.gguf", "--policy",
                "random=0.5", "--prompt", "Hi", "--max-tokens", "5")
            #expect(generated.status == 0, "\(generated.messages)")
            // The second decision, and what one text cannot have of it.
            for (policy, status, message) in [
                ("margin=0.5,keep=strict,most=3,ngram=2", Int32(0), ""),
                ("margin=0.5,keep=strict,rows=1000", 2, "there is no task here"),
                ("margin=0.5,keep=judge:none:0.9", 2, "router none"),
            ] {
                let one = try fixture.citer(
                    "generate", "--slm", "models/small.gguf", "--llm", "models/small.gguf",
                    "--policy", policy, "--prompt", "Hi", "--max-tokens", "5")
                #expect(
                    one.status == status && (message.isEmpty || one.messages.contains(message)),
                    "\(one.messages)")
            }
        }
    }

    /// Like Qwen's small and large models: the same tokens, padded to different sizes; routers and drafts go on as ever.
    @Test(arguments: [(288, 320), (320, 288), (280, 288)])
    func paddingMakesNoOtherVocabulary(small: Int, large: Int) throws {
        try SweepFixture.with { fixture in
            try fixture.tiny.model("small", seed: 1, vocabulary: small)
            try fixture.tiny.model("large", layers: 3, seed: 2, vocabulary: large)
            try write(fixture, llm: "large")
            let trained = try fixture.citer("train", "experiments/train.yaml")
            #expect(trained.status == 0, "\(trained.messages)")
            let swept = try fixture.citer("sweep", "experiments/tiny.yaml")
            #expect(swept.status == 0, "\(swept.messages)")
            let texts = try texts(fixture)
            #expect(texts["speculative draft=4"] == texts["llm "])
            #expect(texts["slm "] != texts["llm "])
            #expect(texts.values.joined().allSatisfy { !$0.contains("[PAD") })
            #expect(
                try fixture.count("SELECT min(size) + max(size) FROM vocabulary", in: "tiny")
                    == 2 * 280)
        }
    }
}
