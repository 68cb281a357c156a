import Foundation
import GGUF
import TestSupport
import Testing

@testable import Tokenization

/// Every id must be the one that llama.cpp gives for the same text and model file, or Qwen's own tokenizer where the text is not composed.
struct ReferenceTests {
    struct Model: Sendable {
        let name: String
        let file: String

        var path: String? { ExternalFiles.path(file, in: .models) }
        var isThere: Bool { path != nil }
    }

    static let small = Model(
        name: "qwen2.5-coder-0.5b", file: "qwen2.5-coder-0.5b-instruct-q4_k_m.gguf")
    static let large = Model(
        name: "qwen2.5-coder-1.5b", file: "qwen2.5-coder-1.5b-instruct-q4_k_m.gguf")
    static let smol = Model(name: "smollm2-135m", file: "SmolLM2-135M-Instruct.Q4_1.gguf")
    static let gemma = Model(name: "gemma3-270m", file: "gemma-3-270m-q4_k_m.gguf")

    @Test(.enabled(if: small.isThere, "needs qwen2.5-coder-0.5b in CITER_MODELS"))
    func qwenSmall() throws { try check(Self.small) }

    @Test(.enabled(if: large.isThere, "needs qwen2.5-coder-1.5b in CITER_MODELS"))
    func qwenLarge() throws { try check(Self.large) }

    @Test(.enabled(if: smol.isThere, "needs smollm2-135m in CITER_MODELS"))
    func smolLM() throws { try check(Self.smol) }

    @Test(.enabled(if: gemma.isThere, "needs gemma3-270m in CITER_MODELS"))
    func gemma3() throws { try check(Self.gemma) }

    @Test(.enabled(if: small.isThere, "needs qwen2.5-coder-0.5b in CITER_MODELS"))
    func qwenComposesItsText() throws {
        let tokenizer = try load(Self.small)
        let rows: [TextRow] = try Resource.rows("qwen2.nfc.tokenize.jsonl")
        #expect(rows.count >= 16)
        for row in rows {
            #expect(tokenizer.encode(row.text, parseSpecial: row.special) == row.ids, "\(row.text)")
        }
    }

    @Test(
        .enabled(
            if: small.isThere && large.isThere && smol.isThere,
            "needs smollm2-135m, qwen2.5-coder-0.5b and qwen2.5-coder-1.5b in CITER_MODELS"))
    func onlyThePairSharesAVocabulary() throws {
        let tokenizers = try [Self.small, Self.large, Self.smol].map(load)
        #expect(tokenizers[0].hasSameVocabulary(as: tokenizers[1]))
        #expect(!tokenizers[0].hasSameVocabulary(as: tokenizers[2]))
    }

    @Test(
        .enabled(
            if: small.isThere && smol.isThere,
            "needs smollm2-135m and qwen2.5-coder-0.5b in CITER_MODELS"))
    func knowsWhereAnswersEnd() throws {
        let qwen = try load(Self.small)
        #expect(qwen.endIDs.isSuperset(of: [151_643, 151_645]))
        #expect(qwen.endIDs.allSatisfy { id in qwen.isControl(id) })
        #expect(!qwen.addsBegin)
        #expect(try load(Self.smol).endIDs.isSuperset(of: [0, 2]))
    }

    private struct TextRow: Decodable {
        let text: String
        let special: Bool
        let ids: [Int32]
    }

    private struct PromptRow: Decodable {
        let prompt: String
        let promptIDs: [Int32]
        let ids: [Int32]
        let text: String

        enum CodingKeys: String, CodingKey {
            case prompt, ids, text
            case promptIDs = "prompt_ids"
        }
    }

    private func check(_ model: Model) throws {
        let tokenizer = try load(model)
        let texts: [TextRow] = try Resource.rows("\(model.name).tokenize.jsonl")
        #expect(texts.count >= 30)
        for row in texts {
            #expect(tokenizer.encode(row.text, parseSpecial: row.special) == row.ids, "\(row.text)")
            #expect(Array(tokenizer.decode(row.ids).utf8) == Array(row.text.utf8))
        }
        let prompts: [PromptRow] = try Resource.rows("\(model.name).prompts.jsonl")
        #expect(prompts.count >= 4)
        for row in prompts {
            let begin = tokenizer.addsBegin ? [tokenizer.beginID].compactMap { $0 } : []
            let ids = begin + tokenizer.encode(row.prompt, parseSpecial: true)
            #expect(ids == row.promptIDs, "\(row.prompt)")
            let answer = row.ids.filter { id in !tokenizer.endIDs.contains(id) }
            #expect(Array(tokenizer.decode(answer).utf8) == Array(row.text.utf8))
        }
    }

    private func load(_ model: Model) throws -> Tokenizer {
        try Tokenizer(GGUFFile(path: #require(model.path)))
    }
}
