import TestSupport
import Testing

@testable import Tokenization

struct TokenizerErrorTests {
    @Test(
        arguments: [
            "tokenizer.ggml.model", "tokenizer.ggml.pre", "tokenizer.ggml.tokens",
            "tokenizer.ggml.merges", "tokenizer.ggml.token_type",
        ])
    func wrongKinds(key: String) {
        let isText = ["model", "pre"].contains { key.hasSuffix($0) }
        let expected =
            isText
            ? "a string"
            : key.hasSuffix("token_type") ? "an array of integers" : "an array of strings"
        #expect(throws: TokenizerError.missing(key: key, expected: expected)) {
            try tiny([key: .uint8(1)])
        }
    }

    @Test func unknownNames() {
        #expect {
            try tiny(["tokenizer.ggml.model": .string("rwkv")])
        } throws: { error in
            "\(error)".contains("\"rwkv\" is not supported; known are gpt2")
        }
        #expect {
            try tiny(["tokenizer.ggml.pre": .string("deepseek-llm")])
        } throws: { error in
            "\(error)".contains("\"deepseek-llm\" is not supported; known are gpt-2, ")
        }
    }

    @Test func badSizes() {
        #expect(throws: TokenizerError.badVocabularySize(found: 0)) {
            try tiny(["tokenizer.ggml.tokens": .strings([])])
        }
        let key = "tokenizer.ggml.token_type"
        #expect(throws: TokenizerError.countMismatch(key: key, found: 1, expected: 288)) {
            try tiny([key: .array(type: 5, [.int32(1)])])
        }
    }

    @Test(arguments: [-1, 7, 300] as [Int32])
    func unknownKinds(kind: Int32) {
        var kinds = [TinyGGUF.Value](repeating: .int32(1), count: 288)
        kinds[3] = .int32(kind)
        #expect(throws: TokenizerError.unknownTokenKind(token: 3, found: Int(kind))) {
            try tiny(["tokenizer.ggml.token_type": .array(type: 5, kinds)])
        }
    }

    @Test(arguments: ["", "ab", " ", "a ", " a", "a b c", "a 中", "zz y", "z z"])
    func badMerges(text: String) {
        #expect(throws: TokenizerError.badMerge(index: 1, text: text)) {
            try tiny(["tokenizer.ggml.merges": .strings(["Ġ t", text])])
        }
    }

    @Test(arguments: ["bos", "eos", "eot", "eom"])
    func idsOutsideTheVocabulary(name: String) {
        let key = "tokenizer.ggml.\(name)_token_id"
        for id in [288, Int(UInt32.max)] {
            #expect(throws: TokenizerError.idOutsideVocabulary(key: key, found: id, count: 288)) {
                try tiny([key: .uint32(UInt32(id))])
            }
        }
    }
}
