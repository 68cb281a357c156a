package import Routing

/// What is needed of a tokenizer to read another model's text.
package struct TextTokens: Sendable {
    /// Tokens of the model; ids are `0..<count`. Ids from `named` on have no text.
    package let count: Int
    /// Tokens of the tokenizer.
    package let named: Int
    /// A token's bytes.
    package let bytes: @Sendable (Int32) -> [UInt8]
    /// Whether a token is a command to the model and not text.
    package let isControl: @Sendable (Int32) -> Bool
    /// Whether the tokenizer makes a token only of what no other covers, as SentencePiece's single bytes.
    package let isFallback: @Sendable (Int32) -> Bool
    /// The tokens of a text without control tokens that goes on another: nothing is put before it.
    package let encode: @Sendable (String) -> [Int32]

    /// A tokenizer of a model with `count` rows of embeddings.
    package init(
        count: Int, named: Int, bytes: @escaping @Sendable (Int32) -> [UInt8],
        isControl: @escaping @Sendable (Int32) -> Bool,
        isFallback: @escaping @Sendable (Int32) -> Bool,
        encode: @escaping @Sendable (String) -> [Int32]
    ) {
        self.count = count
        self.named = named
        self.bytes = bytes
        self.isControl = isControl
        self.isFallback = isFallback
        self.encode = encode
    }
}

/// One vocabulary for two models that have each its own: L's tokens under their ids, then those of S that L has not (docs/method.md, R6).
///
/// A token of both, with the same bytes, is one token here, so the models agree where they mean the same text. Of several with the same bytes those are
/// one that the tokenizers make of these: SentencePiece's byte of "1" is not its "1", and no text is read as it. What a model cannot know as a token of
/// its own it reads as text: the last word and the foreign token are tokenized together, so that pieces join as it would have written them. Bytes
/// that do not make a whole character yet are read as single bytes.
///
/// Not exact: a word that one model wrote in pieces which the other has, too, stays in those pieces though the other would have joined them.
package final class JointVocabulary: Sendable {
    /// Both models' tokenizers.
    package let tokens: Pair<TextTokens>
    /// For each token of S, its id here.
    private let fromSmall: [Int32]
    /// For tokens of L that S has, too: S's id.
    private let toSmall: [Int32: Int32]
    /// The tokens that are a single byte, by that byte.
    private let singleBytes: Pair<[UInt8: Int32]>

    /// Joins two vocabularies. O(tokens).
    package init(_ tokens: Pair<TextTokens>) {
        self.tokens = tokens
        let alike = tokens.map(Alike.all)
        var fromSmall = (0..<Int32(tokens.slm.count)).map { Int32(tokens.llm.count) + $0 }
        var toSmall: [Int32: Int32] = [:]
        for (name, small) in alike.slm {
            guard let large = alike.llm[name] else { continue }
            for (small, large) in small.pairs(with: large) {
                fromSmall[Int(small)] = large
                toSmall[large] = small
            }
        }
        self.fromSmall = fromSmall
        self.toSmall = toSmall
        singleBytes = alike.map { alike in
            var found: [UInt8: Int32] = [:]
            for (name, tokens) in alike where name.bytes.count == 1 && !name.isControl {
                found[name.bytes[0]] = tokens.usual.first
            }
            return found
        }
    }

    /// A model's tokens of one name, each kind in the order of their ids.
    private struct Alike {
        /// What tokens of two models have in common that are one.
        struct Name: Hashable {
            let bytes: [UInt8]
            let isControl: Bool
        }

        var made: [Int32] = []
        var fallbacks: [Int32] = []

        /// Those of which the tokenizer makes one of the bytes.
        var usual: [Int32] { made.isEmpty ? fallbacks : made }

        /// All of a model that have bytes. O(tokens).
        static func all(of tokens: TextTokens) -> [Name: Alike] {
            var all: [Name: Alike] = [:]
            for id in 0..<Int32(tokens.named) {
                let name = Name(bytes: tokens.bytes(id), isControl: tokens.isControl(id))
                guard !name.bytes.isEmpty else { continue }
                if tokens.isFallback(id) {
                    all[name, default: Alike()].fallbacks.append(id)
                } else {
                    all[name, default: Alike()].made.append(id)
                }
            }
            return all
        }

        /// Tokens of this model and of another that are one: what their tokenizers make of the bytes, and beside it fallback with fallback.
        func pairs(with other: Alike) -> [(Int32, Int32)] {
            let pairs = Array(zip(usual, other.usual))
            guard !made.isEmpty, !other.made.isEmpty else { return pairs }
            return pairs + Array(zip(fallbacks, other.fallbacks))
        }
    }

    /// Ids are `0..<count`.
    package var count: Int { tokens.llm.count + tokens.slm.count }

    /// A token of one of the models, as it is called here.
    package func joint(_ id: Int32, of model: Route) -> Int32 {
        model == .llm ? id : fromSmall[Int(id)]
    }

    /// The model's own id of a token here; nil if it has none.
    package func own(_ id: Int32, of model: Route) -> Int32? {
        let isOfLarge = id < tokens.llm.count
        if model == .llm { return isOfLarge ? id : nil }
        return isOfLarge ? toSmall[id] : id - Int32(tokens.llm.count)
    }

    /// The bytes of a token here; none for ids without text.
    package func bytes(_ id: Int32) -> [UInt8] {
        if id < tokens.llm.count { return id < tokens.llm.named ? tokens.llm.bytes(id) : [] }
        let own = id - Int32(tokens.llm.count)
        return own < tokens.slm.named ? tokens.slm.bytes(own) : []
    }

    /// Whether a token here is a command and not text.
    package func isControl(_ id: Int32) -> Bool {
        if id < tokens.llm.count { return id < tokens.llm.named && tokens.llm.isControl(id) }
        let own = id - Int32(tokens.llm.count)
        return own < tokens.slm.named && tokens.slm.isControl(own)
    }

    /// The text of tokens, control tokens included; bytes that are no characters are replaced.
    package func decode(_ ids: some Sequence<Int32>) -> String {
        String(decoding: ids.flatMap(bytes), as: UTF8.self)
    }

    /// Puts a token behind a model's own tokens: as it is if the model has it, else as text, together with the word before it.
    ///
    /// `least`: tokens that stay as they are, the prompt's.
    package func append(_ id: Int32, to tokens: inout [Int32], of model: Route, least: Int) {
        if let own = own(id, of: model) { return tokens.append(own) }
        guard !isControl(id) else { return }
        let own = self.tokens[model]
        var start = tokens.count
        var tail: [[UInt8]] = []
        // Back to where a word begins, but not further than words go.
        while start > least, tail.count < Self.mostTail {
            let last = tokens[start - 1]
            guard last < own.named, !own.isControl(last) else { break }
            let bytes = own.bytes(last)
            start -= 1
            tail.append(bytes)
            if bytes.first == UInt8(ascii: " ") || bytes.first == UInt8(ascii: "\n") { break }
        }
        tokens.removeLast(tokens.count - start)
        tokens += encode(tail.reversed().flatMap(\.self) + bytes(id), of: model)
    }

    private static let mostTail = 16

    /// Bytes as a model's tokens: whole characters as text, those of a character that is not whole one by one.
    private func encode(_ bytes: [UInt8], of model: Route) -> [Int32] {
        let single = singleBytes[model]
        // A tail that began within a character has bytes in front that belong to none, too.
        let front = bytes.prefix(3).prefix { $0 & 0xC0 == 0x80 }.count
        var end = bytes.count
        for back in 1...4 where back <= bytes.count - front {
            let byte = bytes[bytes.count - back]
            if byte & 0xC0 == 0x80 { continue }
            let length = byte < 0x80 ? 1 : byte < 0xE0 ? 2 : byte < 0xF0 ? 3 : 4
            if length > back { end = bytes.count - back }
            break
        }
        let whole = String(validating: bytes[front..<end], as: UTF8.self)
        guard let whole else { return bytes.compactMap { single[$0] } }
        return bytes[..<front].compactMap { single[$0] }
            + (whole.isEmpty ? [] : tokens[model].encode(whole))
            + bytes[end...].compactMap { single[$0] }
    }
}
