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

    private static let badMerge: [String] = [
        "", "ab", " ", "a ", " a", "a b c", "a 中", "zz y", "z z",
    ]

    @Test(arguments: badMerge)
    func aFewBadMergesAreLeftOut(text: String) throws {
        let tokenizer = try tiny(["tokenizer.ggml.merges": .strings(["Ġ t", text])])
        #expect(tokenizer.encode(" the", parseSpecial: false).count == 3)
        let warning = try #require(tokenizer.warnings.first)
        #expect(warning.hasPrefix("1 of the 2 merges"))
        #expect(warning.hasSuffix("merge 1, \"\(text)\""))
        #expect(try tiny().warnings.isEmpty)
    }

    @Test(arguments: badMerge)
    func mostlyBadMergesAreOfAnotherVocabulary(text: String) {
        #expect(throws: TokenizerError.badMerges(count: 2, of: 3, first: 1, text: text)) {
            try tiny(["tokenizer.ggml.merges": .strings(["Ġ t", text, "q q"])])
        }
    }

    @Test(
        arguments: ["bos", "eos", "eot", "eom", "padding", "unknown", "seperator", "fim_pre"])
    func idsOutsideTheVocabulary(name: String) {
        let key = "tokenizer.ggml.\(name)_token_id"
        for id in [-1, 288, Int(UInt32.max), Int.max] {
            #expect(throws: TokenizerError.idOutsideVocabulary(key: key, found: id, count: 288)) {
                try tiny([key: .int64(Int64(id))])
            }
        }
        #expect {
            try tiny([key: .uint64(.max)])
        } throws: { error in
            let text = "\(error)"
            return text.contains(key) && text.contains("\(Int.max)") && text.contains("0 to 287")
        }
        #expect(throws: TokenizerError.missing(key: key, expected: "an integer")) {
            try tiny([key: .string("7")])
        }
    }

    @Test(arguments: ["add_bos_token", "add_space_prefix"])
    func truthValuesOfAnotherKind(name: String) {
        let key = "tokenizer.ggml.\(name)"
        #expect(throws: TokenizerError.missing(key: key, expected: "true or false")) {
            try tiny([key: .uint8(1)])
        }
    }

    @Test func tokensThatMustNotBeWritten() throws {
        let key = "tokenizer.ggml.suppress_tokens"
        let listed = TinyGGUF.Value.array(type: 5, [.int32(3), .int32(9)])
        let error = #expect(throws: TokenizerError.suppressedTokens(key: key, count: 2)) {
            try tiny([key: listed])
        }
        #expect(error?.description.hasPrefix("\(key) lists 2 tokens") == true)
        #expect(throws: TokenizerError.missing(key: key, expected: "an array of integers")) {
            try tiny([key: .string("3")])
        }
        #expect(try tiny([key: .array(type: 5, [])]).vocabularyCount == 280)
    }

    /// What is cut out of a text whole must be text: a cut character would leave the rest of another one to the tokenizer.
    @Test(
        arguments: [2, 3, 4] as [Int32], [[0xC3], [0x61, 0xE2, 0x96], [0xA9], [0xFF]] as [[UInt8]])
    func cutCharactersAreNoSpecialTokens(kind: Int32, text: [UInt8]) throws {
        let names = (0...255).map { byte in
            "<0x" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true) + ">"
        }
        let pieces: [TinyGGUF.Value] = names.map { .string($0) } + [.bytes(text)]
        let pieceKinds = [Int32](repeating: 6, count: 256) + [kind]
        let expected = TokenizerError.notText(
            token: 256, text: String(decoding: text, as: UTF8.self))
        #expect(throws: expected) {
            try bare([
                "tokenizer.ggml.model": .string("llama"),
                "tokenizer.ggml.tokens": .array(type: 8, pieces),
                "tokenizer.ggml.token_type": .array(type: 5, pieceKinds.map { .int32($0) }),
                "tokenizer.ggml.scores": .array(
                    type: 6, pieces.map { _ in .float32(0) }),
            ])
        }
        var vocabulary = TinyVocabulary(count: 288)
        // Of an unknown token, the stand-ins of the bytes; of the others, the bytes.
        vocabulary.replace(
            280, with: text.map { String(TinyVocabulary.standIn(for: $0)) }.joined(), type: kind)
        var tokens: [TinyGGUF.Value] = vocabulary.tokens.map { .string($0) }
        if kind != 2 { tokens[280] = .bytes(text) }
        #expect(
            throws: TokenizerError.notText(token: 280, text: String(decoding: text, as: UTF8.self))
        ) {
            try tiny([
                "tokenizer.ggml.tokens": .array(type: 8, tokens),
                "tokenizer.ggml.token_type": .array(
                    type: 5, vocabulary.types.map { .int32($0) }),
            ])
        }
    }
}
