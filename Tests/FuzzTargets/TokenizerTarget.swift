import GGUF
import TestSupport
import Tokenization

/// Texts, and vocabularies of other hands: a text comes back as it was, whatever tokens a file adds, where there is one for each byte.
///
/// An input is a byte of choices, tokens to add if it says so (`TinyTokens`), then the text.
package struct TokenizerTarget: FuzzTarget {
    package static let name = "tokenizer"

    private let folder: ScratchFolder
    /// Those without tokens added, by the choices that make them.
    private let tokenizers: [UInt8: Tokenizer]

    package init() throws {
        let folder = try ScratchFolder()
        self.folder = folder
        var tokenizers: [UInt8: Tokenizer] = [:]
        for choices in UInt8(0)..<32 {
            tokenizers[choices] = try Self.tokenizer(TinyTokens(choices), folder)
        }
        self.tokenizers = tokenizers
    }

    package var seeds: [[UInt8]] {
        let text = Array("The 12 hens'll  run,\n\n\tcafe\u{301} Größe <|im_end|>世界 🙂".utf8)
        let plain = (UInt8(0)..<5).map { [$0] + text }
        // A token added by hand, a command, a normal token that its merge makes, all of them whole texts.
        let tokens: [UInt8] =
            [3, 4, 2] + "he".utf8 + [3, 5] + "<|a|>".utf8 + [0x81, 2] + "th".utf8
        let own = [0, 3, 4].map { kind in [kind | 0x20] + tokens + [1, 200, 117] + text }
        // Tokens that are cut characters, one of each kind.
        let cut = (UInt8(1)..<6).map { kind in [0x24, 1, kind, 1, 0xC3] + Array("aé".utf8) }
        return plain + own + cut + [[0x10 | 3] + text, [0x08 | 4] + text]
    }

    package func check(_ bytes: [UInt8]) throws(BrokenPromise) {
        var input = ByteReader(bytes)
        let choices = input.byte()
        var tokens = TinyTokens(choices)
        let tokenizer: Tokenizer
        if choices & 0x20 != 0 {
            tokens.add(from: &input)
            let folder = folder
            guard let made = try accepted({ try Self.tokenizer(tokens, folder) }) else { return }
            tokenizer = made
        } else if let made = tokenizers[choices & 0x1F] {
            tokenizer = made
        } else {
            return
        }
        let text = String(decoding: input.remainder(), as: UTF8.self)
        for parseSpecial in [true, false] {
            let ids = tokenizer.encode(text, parseSpecial: parseSpecial)
            try check(ids, tokenizer, of: text, isWhole: tokens.hasAllBytes)
        }
        let middle = text.unicodeScalars.index(
            text.startIndex, offsetBy: text.unicodeScalars.count / 2)
        let parts = [text[..<middle], text[middle...]].map { TextPart.content(String($0)) }
        try promise(
            tokenizer.encode(parts) == tokenizer.encode(text, parseSpecial: false),
            "a text in two parts has other tokens")
    }

    private func check(
        _ ids: [Int32], _ tokenizer: Tokenizer, of text: String, isWhole: Bool
    ) throws(BrokenPromise) {
        for id in ids {
            try promise(
                (0..<Int32(tokenizer.vocabularyCount)).contains(id), "there is no token \(id)")
        }
        let back = tokenizer.decode(ids)
        var decoder = StreamingDecoder(tokenizer)
        let stream = ids.map { decoder.append($0) }.joined() + decoder.finish()
        try promise(
            stream.utf8.elementsEqual(back.utf8), "token by token it is \(stream), not \(back)")
        guard isWhole else { return }
        // SentencePiece takes its mark of a space for a space.
        let (found, expected) = (Self.spaced(back), Self.spaced(text))
        // Equal texts are canonically equivalent, which is what composing keeps.
        let isSame =
            tokenizer.composesText ? found == expected : found.utf8.elementsEqual(expected.utf8)
        try promise(
            isSame, "\(String(reflecting: text)) comes back as \(String(reflecting: back))")
    }

    private static func spaced(_ text: String) -> String {
        String(
            String.UnicodeScalarView(text.unicodeScalars.map { $0 == "\u{2581}" ? " " : $0 }))
    }

    private static func tokenizer(
        _ tokens: TinyTokens, _ folder: ScratchFolder
    ) throws -> Tokenizer {
        let path = folder.file("tokens.gguf")
        try writeFile(tokens.file, to: path)
        return try Tokenizer(GGUFFile(path: path))
    }
}

/// A vocabulary as one byte and a few more describe it.
private struct TinyTokens {
    private struct Token {
        let text: [UInt8]
        let kind: Int32
        let score: Float
    }

    // Made once: it takes longer than all the rest.
    private static let standIns = (0...255).map { byte in
        Array(String(TinyVocabulary.standIn(for: UInt8(byte))).utf8)
    }
    private static let base: [Token] = {
        let vocabulary = TinyVocabulary()
        return zip(vocabulary.tokens, vocabulary.types).map { text, kind in
            Token(text: Array(text.utf8), kind: kind, score: 0)
        }
    }()

    private static let families = ["gpt-2", "smollm", "llama-bpe", "qwen2", "llama"]

    private let family: String
    private let addsSpace: Bool
    /// Whether there is a token for each byte, so that every text can be written.
    let hasAllBytes: Bool
    private var tokens: [Token] = []
    private var merges: [[UInt8]] = []

    /// Bits 0 to 2 choose the family, bit 3 a space before a text, bit 4 leaves bytes out.
    init(_ choices: UInt8) {
        family = Self.families[Int(choices & 7) % Self.families.count]
        addsSpace = choices & 8 != 0
        hasAllBytes = choices & 16 == 0
        if isBytePair {
            tokens = Self.base
            merges = TinyVocabulary.merges.map { Array($0.utf8) }
        } else {
            add("<unk>", 2)
            add("<bos>", 3)
            for byte in 0...255 where hasAllBytes || byte < 128 {
                let digits = String(byte, radix: 16, uppercase: true)
                add("<0x\(byte < 16 ? "0" : "")\(digits)>", 6)
            }
            let pieces = ["▁", "h", "e", "t", "he", "▁t", "the", "▁the", "é", "▁▁"]
            for piece in pieces { add(piece, 1) }
        }
        guard isBytePair, !hasAllBytes else { return }
        // The files of a family lack control characters; ids stay as they are.
        for byte in 0..<32 {
            tokens[byte] = Token(text: Array("~\(byte)~".utf8), kind: 1, score: 0)
        }
    }

    private var isBytePair: Bool { family != "llama" }

    private mutating func add(_ text: String, _ kind: Int32) {
        tokens.append(Token(text: Array(text.utf8), kind: kind, score: -Float(tokens.count)))
    }

    /// Tokens of the input's own: how many, then of each its kind (bit 7: written in stand-ins), its length with a score, its bytes; then how many
    /// merges, and of each its two tokens.
    mutating func add(from input: inout ByteReader) {
        for _ in 0..<input.choice(of: 24) {
            let kind = input.byte()
            let size = input.byte()
            var text = input.bytes(Int(size & 15))
            if kind & 0x80 != 0 {
                text = text.flatMap { Self.standIns[Int($0)] }
            }
            tokens.append(Token(text: text, kind: Int32(kind & 7), score: -Float(size >> 4)))
        }
        for _ in 0..<input.choice(of: 24) {
            let pair = [input.short(), input.short()].map { tokens[$0 % tokens.count].text }
            merges.append(pair[0] + [0x20] + pair[1])
        }
    }

    /// The model file, which has no tensors.
    var file: [UInt8] {
        var file = TinyGGUF()
        file.set("tokenizer.ggml.model", .string(isBytePair ? "gpt2" : "llama"))
        file.set("tokenizer.ggml.pre", .string(isBytePair ? family : "default"))
        file.set("tokenizer.ggml.tokens", .array(type: 8, tokens.map { .bytes($0.text) }))
        file.set("tokenizer.ggml.token_type", .array(type: 5, tokens.map { .int32($0.kind) }))
        file.set("tokenizer.ggml.add_space_prefix", .bool(addsSpace))
        if isBytePair {
            file.set("tokenizer.ggml.merges", .array(type: 8, merges.map { .bytes($0) }))
        } else {
            file.set("tokenizer.ggml.scores", .array(type: 6, tokens.map { .float32($0.score) }))
            file.set("tokenizer.ggml.bos_token_id", .uint32(1))
        }
        return file.bytes()
    }
}
