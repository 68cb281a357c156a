import GGUF
import Hashing
import TestSupport
import Testing

@testable import Tokenization

struct TokenizerTests {
    @Test func mergesInOrderOfRank() throws {
        let tokenizer = try tiny()
        // "Ġ t" is wanted before "h e", both before "Ġt he"; "in" before "ing".
        #expect(texts(tokenizer, " the thing") == [" the", " t", "h", "ing"])
        #expect(texts(tokenizer, "\n\n") == ["\n\n"])
        #expect(tokenizer.encode("", parseSpecial: true) == [])
    }

    @Test func theLeftmostOfEqualPairsGoesFirst() throws {
        let tokenizer = try tiny()
        #expect(texts(tokenizer, "lll") == ["ll", "l"])
        #expect(texts(tokenizer, "\n\n\n\n\n") == ["\n\n", "\n\n", "\n"])
    }

    @Test(arguments: ["qwen2", "llama-bpe", "gpt-2", "smollm"])
    func everyTextComesBack(pre: String) throws {
        let tokenizer = try tiny(["tokenizer.ggml.pre": .string(pre)])
        var generator = SplitMix64(seed: 5)
        for _ in 0..<300 {
            let text = randomText(using: &generator)
            let ids = tokenizer.encode(text, parseSpecial: false)
            let back = tokenizer.decode(ids)
            let expected = pre == "qwen2" ? ComposedText.composing(text) : text
            #expect(Array(back.utf8) == Array(expected.utf8))
            #expect(ids.allSatisfy { id in !tokenizer.isControl(id) })
        }
    }

    @Test func specialTokensOnlyWhereAskedFor() throws {
        let tokenizer = try tiny()
        let start = try #require(TinyVocabulary.id(of: "<|im_start|>"))
        let end = try #require(TinyVocabulary.id(of: "<|im_end|>"))
        let text = "<|im_start|>a<|im_end|><|im_end|"
        let ids = tokenizer.encode(text, parseSpecial: true)
        #expect(ids.first == start)
        #expect(ids.count { $0 == end } == 1)
        #expect(tokenizer.decode(ids) == text)
        #expect(tokenizer.decode(ids, skipSpecial: true) == "a<|im_end|")
        let plain = tokenizer.encode(text, parseSpecial: false)
        #expect(!plain.contains(start) && !plain.contains(end))
        #expect(tokenizer.decode(plain) == text)
    }

    @Test func longInputsTakeNearlyLinearTime() throws {
        let tokenizer = try tiny()
        // One piece without a border, the worst case: 200,000 symbols.
        let text = String(repeating: "thingsand", count: 22_222)
        let clock = ContinuousClock()
        var ids: [Int32] = []
        let time = clock.measure { ids = tokenizer.encode(text, parseSpecial: true) }
        #expect(tokenizer.decode(ids) == text)
        // A quadratic method would take minutes.
        #expect(time < .seconds(30))
    }

    @Test func bytesMayBePartsOfCharacters() throws {
        let tokenizer = try tiny()
        let ids = tokenizer.encode("🙂", parseSpecial: false)
        #expect(ids.count == 4)
        #expect(ids.flatMap { tokenizer.bytes(of: $0) } == Array("🙂".utf8))
        #expect(tokenizer.decode(ids.prefix(2)) == "\u{FFFD}")
    }

    // As GPT-2's own table has it: 0x00 is U+0100, space is U+0120, soft hyphen is U+0143.
    @Test(arguments: [(0x00, "Ā"), (0x20, "Ġ"), (0x41, "A"), (0xA1, "¡"), (0xAD, "Ń")])
    func standInsStandForTheirBytes(byte: Int, text: String) {
        var bytes: [UInt8] = []
        let decoded = Array(text.utf8).withUnsafeBytes {
            ByteStandIns.append(decoding: $0, to: &bytes)
        }
        #expect(decoded)
        #expect(bytes == [UInt8(byte)])
        #expect(TinyVocabulary.standIn(for: UInt8(byte)) == Character(text))
    }

    @Test(arguments: ["A 中", "A\u{144}", "A\u{AD}", "A\u{7F}"])
    func otherCharactersAreNoStandIns(text: String) {
        var bytes: [UInt8] = [9]
        let decoded = Array(text.utf8).withUnsafeBytes {
            ByteStandIns.append(decoding: $0, to: &bytes)
        }
        #expect(!decoded)
        #expect(bytes == [9])
    }

    @Test func readsBeginAndEnd() throws {
        let plain = try tiny()
        #expect(plain.beginID == nil)
        #expect(!plain.addsBegin)
        let ends = ["<|im_end|>", "<|endoftext|>"].compactMap { TinyVocabulary.id(of: $0) }
        #expect(plain.endIDs == Set(ends))

        let other = try tiny([
            "tokenizer.ggml.bos_token_id": .uint32(5), "tokenizer.ggml.eot_token_id": .uint32(7),
            "tokenizer.ggml.add_bos_token": .bool(true),
        ])
        #expect(other.beginID == 5)
        #expect(other.addsBegin)
        #expect(other.endIDs == Set(ends + [7]))
    }

    @Test func vocabulariesCompareByTheirTokens() throws {
        let tokenizer = try tiny()
        #expect(tokenizer.hasSameVocabulary(as: try tiny()))
        var vocabulary = TinyVocabulary(count: 288)
        vocabulary.replace(287, with: "another", type: 1)
        let other = try tiny(vocabulary.metadata)
        #expect(!tokenizer.hasSameVocabulary(as: other))
        #expect(other.vocabularyCount == 288)
    }

    // Merges alone never reach "xyz"; Llama 3 takes a piece that is a token as it is.
    @Test(arguments: [
        ("llama-bpe", ["xyz", ".", "x", "y"]), ("qwen2", ["x", "y", "z", ".", "x", "y"]),
    ])
    func llama3TakesWholePieces(pre: String, expected: [String]) throws {
        var vocabulary = TinyVocabulary(count: 288)
        vocabulary.replace(287, with: "xyz", type: 1)
        let tokenizer = try tiny(
            vocabulary.metadata.merging(["tokenizer.ggml.pre": .string(pre)]) { $1 })
        #expect(texts(tokenizer, "xyz.xy") == expected)
    }

    @Test func aByteWithoutATokenIsLeftOut() throws {
        var vocabulary = TinyVocabulary(count: 288)
        vocabulary.replace(4, with: "[none]", type: 5)
        let tokenizer = try tiny(vocabulary.metadata)
        #expect(texts(tokenizer, "he\u{4}") == ["he"])
        #expect(texts(tokenizer, "h\u{4}\u{4}e") == ["h", "e"])
    }

    @Test func addedTokensAreAlwaysFound() throws {
        var vocabulary = TinyVocabulary(count: 288)
        vocabulary.replace(287, with: "[PAD287]", type: 4)
        let tokenizer = try tiny(vocabulary.metadata)
        #expect(texts(tokenizer, "a[PAD287]b") == ["a", "[PAD287]", "b"])
        #expect(texts(tokenizer, "[PAD286]").count > 1)
    }

    private func texts(_ tokenizer: Tokenizer, _ text: String) -> [String] {
        tokenizer.encode(text, parseSpecial: false).map { tokenizer.decode([$0]) }
    }

    private func randomText(using generator: inout SplitMix64) -> String {
        var text = String.UnicodeScalarView()
        for _ in 0..<Int.random(in: 0...40, using: &generator) {
            let limit: UInt32 =
                [0x80, 0x800, 0x1_0000, 0x11_0000].randomElement(using: &generator) ?? 0x80
            let value = UInt32.random(in: 0..<limit, using: &generator)
            if let scalar = Unicode.Scalar(value) { text.append(scalar) }
        }
        return String(text)
    }
}

/// A tokenizer of the small vocabulary, with other metadata where given.
func tiny(_ metadata: [String: TinyGGUF.Value] = [:]) throws -> Tokenizer {
    try withTemporaryDirectory { directory in
        let path = directory + "/tiny.gguf"
        try TinyModel.write(to: path, width: 32, layers: 1, feedForward: 32, metadata: metadata)
        return try Tokenizer(GGUFFile(path: path))
    }
}

/// A tokenizer of a file that holds these metadata and nothing else.
func bare(_ metadata: [String: TinyGGUF.Value]) throws -> Tokenizer {
    try withTemporaryDirectory { directory in
        var file = TinyGGUF()
        for (key, value) in metadata.sorted(by: { $0.key < $1.key }) { file.set(key, value) }
        try file.write(to: directory + "/bare.gguf")
        return try Tokenizer(GGUFFile(path: directory + "/bare.gguf"))
    }
}
