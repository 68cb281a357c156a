import Hashing
import TestSupport
import Testing

@testable import Tokenization

struct SentencePieceTests {
    /// Joined pieces and their scores; a space is written `▁`.
    private static let pieces: [(text: String, score: Float)] = [
        ("▁", -100), ("h", -101), ("e", -102), ("l", -103), ("o", -104), ("é", -105),
        ("he", -2), ("ll", -1), ("el", -0.5), ("llo", -3), ("hello", -4), ("▁he", -8),
        ("▁▁", -6), ("lo", -7),
    ]

    @Test func theHighestScoreGoesFirst() throws {
        let tokenizer = try sentencePiece()
        // "el" has the highest score, after which "he" and "ll" are no longer there.
        #expect(texts(tokenizer, "hello") == ["h", "el", "lo"])
        #expect(texts(tokenizer, "hllo") == ["h", "llo"])
        #expect(texts(tokenizer, "lll") == ["ll", "l"])
        #expect(tokenizer.encode("", parseSpecial: true) == [])
    }

    @Test func charactersWithoutATokenBecomeBytes() throws {
        let tokenizer = try sentencePiece()
        let ids = tokenizer.encode("éx🙂", parseSpecial: false)
        #expect(ids.count == 6)
        #expect(ids.dropFirst().flatMap { tokenizer.bytes(of: $0) } == Array("x🙂".utf8))
        // Byte tokens follow four special ones.
        #expect(ids.dropFirst().map { $0 - 4 } == "x🙂".utf8.map { Int32($0) })
    }

    @Test func spacesAreMarks() throws {
        let tokenizer = try sentencePiece()
        #expect(texts(tokenizer, "  he") == ["  ", "he"])
        #expect(texts(tokenizer, " he") == [" he"])
        #expect(texts(tokenizer, "▁he") == [" he"])
        // Tokens added by hand are looked for in the text as it is.
        #expect(texts(tokenizer, "   ") == ["   "])
        #expect(texts(tokenizer, "▁▁▁") == ["  ", " "])
    }

    @Test(arguments: [true, false])
    func everyTextComesBack(prefix: Bool) throws {
        let tokenizer = try sentencePiece(["tokenizer.ggml.add_space_prefix": .bool(prefix)])
        var generator = SplitMix64(seed: 3)
        let parts = ["h", "e", "ll", " ", " ", "é", "🙂", "\n", "\u{0}", "<b>", "<eos>", "x", "世"]
        for _ in 0..<300 {
            let text = (0..<Int.random(in: 0...12, using: &generator))
                .compactMap { _ in parts.randomElement(using: &generator) }.joined()
            for special in [true, false] {
                let ids = tokenizer.encode(text, parseSpecial: special)
                #expect(tokenizer.decode(ids) == text)
                var stream = StreamingDecoder(tokenizer)
                #expect(ids.map { stream.append($0) }.joined() + stream.finish() == text)
            }
        }
    }

    @Test func aPrefixedSpaceIsTakenOffAgain() throws {
        let tokenizer = try sentencePiece(["tokenizer.ggml.add_space_prefix": .bool(true)])
        let ids = tokenizer.encode("he<eos>he", parseSpecial: true)
        #expect(
            ids.map { tokenizer.bytes(of: $0) }.map { String(decoding: $0, as: UTF8.self) }
                == [" he", "<eos>", " he"])
        #expect(tokenizer.decode(ids) == "he<eos>he")
        #expect(tokenizer.decode(ids, skipSpecial: true) == "hehe")
    }

    /// A text that goes on another is that of a tokenizer which puts no space anywhere.
    @Test func aTextThatGoesOnHasNoSpaceBefore() throws {
        let spaced = try sentencePiece(["tokenizer.ggml.add_space_prefix": .bool(true)])
        let plain = try sentencePiece()
        var generator = SplitMix64(seed: 5)
        let parts = ["h", "e", "ll", " ", "é", "🙂", "\n", "<eos>", "x", "世"]
        for _ in 0..<300 {
            let text = (0..<Int.random(in: 0...8, using: &generator))
                .compactMap { _ in parts.randomElement(using: &generator) }.joined()
            // Three spaces are a token that is cut out, behind which text starts anew.
            guard !text.contains("   ") else { continue }
            let ids = spaced.encode(continuing: text)
            #expect(ids == plain.encode(text, parseSpecial: false))
            #expect(ids.flatMap { spaced.bytes(of: $0) } == Array(text.utf8))
        }
        #expect(spaced.encode(continuing: "he") != spaced.encode("he", parseSpecial: false))
        // Behind a token that was cut out, a stretch of text starts as it does elsewhere.
        let cut = spaced.encode(continuing: "he<b>he").map { spaced.bytes(of: $0) }
        #expect(cut.map { String(decoding: $0, as: UTF8.self) } == ["he", "<b>", " he"])
    }

    @Test func bytesAreFallbacks() throws {
        let tokenizer = try sentencePiece()
        for id in Int32(-1)...Int32(tokenizer.vocabularyCount) {
            #expect(tokenizer.isFallback(id) == (4..<260).contains(id), "\(id)")
        }
        var vocabulary = TinyVocabulary()
        vocabulary.replace(7, with: "he", type: 5)
        let unused = try tiny(vocabulary.metadata)
        #expect((0..<10).filter { unused.isFallback($0) } == [7])
    }

    @Test(arguments: [nil, true, false] as [Bool?])
    func aBeginTokenThatIsWantedHasAName(adds: Bool?) throws {
        let metadata = adds.map { ["tokenizer.ggml.add_bos_token": TinyGGUF.Value.bool($0)] } ?? [:]
        let key = "tokenizer.ggml.bos_token_id"
        if adds == false {
            #expect(try sentencePiece(metadata, without: key).beginID == nil)
        } else {
            let error = #expect(throws: TokenizerError.noBeginToken(key: key)) {
                try sentencePiece(metadata, without: key)
            }
            #expect(error?.description.contains("has no \(key)") == true)
        }
        #expect(try sentencePiece(metadata).beginID == 2)
    }

    @Test func controlAndByteTokensAreNoText() throws {
        let tokenizer = try sentencePiece()
        #expect(texts(tokenizer, "<eos>").count == 5)
        #expect(tokenizer.encode("<eos>", parseSpecial: true) == [1])
        #expect(tokenizer.encode("<0x41>", parseSpecial: true).count == 6)
        #expect(texts(tokenizer, "e<b>e") == ["e", "<b>", "e"])
    }

    @Test func beginsByDefault() throws {
        let tokenizer = try sentencePiece()
        #expect(tokenizer.addsBegin)
        #expect(tokenizer.endIDs == [1])
    }

    @Test func scoresOrderAsNumbersDo() {
        let scores: [Float] = [.infinity, 3, 0.5, 0, -0.5, -3, -1e9, -.infinity]
        let priorities = scores.map(SentencePieceEncoder.priority)
        #expect(priorities == priorities.sorted())
        #expect(Set(priorities).count == scores.count)
        #expect(SentencePieceEncoder.priority(of: -0.0) == SentencePieceEncoder.priority(of: 0))
    }

    @Test func badScores() {
        let key = "tokenizer.ggml.scores"
        #expect(throws: TokenizerError.missing(key: key, expected: "an array of floats")) {
            try sentencePiece([key: .uint8(1)])
        }
        let count = 4 + 256 + Self.pieces.count + 2
        #expect(throws: TokenizerError.countMismatch(key: key, found: 1, expected: count)) {
            try sentencePiece([key: .array(type: 6, [.float32(1)])])
        }
    }

    @Test(arguments: ["<0x4>", "<0x+4>", "<0xG0>", "<0x041>", "A"])
    func badByteTokens(text: String) {
        #expect(throws: TokenizerError.badByteToken(token: 69, text: text)) {
            try sentencePiece(byteText: text)
        }
    }

    /// Ids: 4 special tokens, 256 bytes, the pieces, two tokens added by hand.
    private func sentencePiece(
        _ metadata: [String: TinyGGUF.Value] = [:], byteText: String = "<0x41>",
        without missing: String? = nil
    ) throws -> Tokenizer {
        var tokens = ["<pad>", "<eos>", "<bos>", "<unk>"]
        var types: [Int32] = [3, 3, 3, 2]
        for byte in 0...255 {
            let digits = String(byte, radix: 16, uppercase: true)
            tokens.append(byte == 0x41 ? byteText : "<0x\(byte < 16 ? "0" : "")\(digits)>")
            types.append(6)
        }
        tokens += Self.pieces.map(\.text) + ["<b>", "   "]
        types += Self.pieces.map { _ in 1 } + [4, 4]
        let scores = [Float](repeating: 0, count: 260) + Self.pieces.map(\.score) + [0, 0]
        let own: [String: TinyGGUF.Value] = [
            "tokenizer.ggml.model": .string("llama"),
            "tokenizer.ggml.pre": .string("default"),
            "tokenizer.ggml.tokens": .strings(tokens),
            "tokenizer.ggml.token_type": .array(type: 5, types.map { .int32($0) }),
            "tokenizer.ggml.scores": .array(type: 6, scores.map { .float32($0) }),
            "tokenizer.ggml.bos_token_id": .uint32(2),
            "tokenizer.ggml.eos_token_id": .uint32(1),
            "tokenizer.ggml.add_space_prefix": .bool(false),
        ]
        return try bare(own.merging(metadata) { $1 }.filter { $0.key != missing })
    }

    private func texts(_ tokenizer: Tokenizer, _ text: String) -> [String] {
        tokenizer.encode(text, parseSpecial: false).map { tokenizer.decode([$0]) }
    }
}
