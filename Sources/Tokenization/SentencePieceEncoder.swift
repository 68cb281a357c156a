import GGUF

/// SentencePiece's byte-pair encoding (Kudo and Richardson 2018): characters are joined as long as
/// two neighbours make a token, the token of the highest score first.
///
/// Vocabularies write spaces as U+2581; here both sides are turned into spaces instead, so that a
/// mark in the text counts as a space, too, just as in SentencePiece.
struct SentencePieceEncoder: Sendable {
    private let index: TokenIndex
    /// The priority of each token: its score, highest first.
    private let priorities: [UInt32]
    /// The token of each single byte, or that of unknown text, or -1.
    private let byteTokens: [Int32]

    init(_ metadata: GGUFMetadata, vocabulary: Vocabulary) throws(TokenizerError) {
        let key = "tokenizer.ggml.scores"
        guard let scores = metadata.doubles(key) else {
            throw .missing(key: key, expected: "an array of floats")
        }
        guard scores.count == vocabulary.listedCount else {
            throw .countMismatch(
                key: key, found: scores.count, expected: vocabulary.listedCount)
        }
        priorities = scores.map { score in Self.priority(of: Float(score)) }
        index = vocabulary.textIndex(withAdded: false)

        let unknown = try metadata.token(
            "tokenizer.ggml.unknown_token_id", count: vocabulary.listedCount)
        var byteTokens = [Int32](repeating: unknown ?? -1, count: 256)
        for (id, kind) in vocabulary.kinds.enumerated() where kind == .byte {
            if let byte = vocabulary.tokens.slice(at: id).first {
                byteTokens[Int(byte)] = Int32(id)
            }
        }
        self.byteTokens = byteTokens
    }

    /// Appends the ids of `text`, before which a space is put if `spaceFirst`, to `ids`.
    ///
    /// A character that is no token becomes its bytes.
    func encode(
        _ text: UnsafeBufferPointer<UInt8>, spaceFirst: Bool, into ids: inout [Int32]
    ) {
        var spaced: [UInt8] = spaceFirst ? [0x20] : []
        spaced.reserveCapacity(text.count + 1)
        SpaceMark.append(replacingIn: UnsafeRawBufferPointer(text), to: &spaced)
        spaced.withUnsafeBytes { bytes in
            var merger = SymbolMerger()
            var start = 0
            while start < bytes.count {
                let end = start + Self.width(lead: bytes[start])
                let character = UnsafeRawBufferPointer(rebasing: bytes[start..<end])
                merger.append(Symbol(id: index.id(of: character) ?? -1, bytes: start..<end))
                start = end
            }
            let rule = ScoredMerges(text: bytes, index: index, priorities: priorities)
            merger.merge(by: rule) { symbol in
                if symbol.id >= 0 {
                    ids.append(symbol.id)
                } else {
                    for byte in bytes[symbol.bytes] where byteTokens[Int(byte)] >= 0 {
                        ids.append(byteTokens[Int(byte)])
                    }
                }
            }
        }
    }

    /// Maps scores to integers in reverse order.
    static func priority(of score: Float) -> UInt32 {
        // Adding zero makes the two zeros one. The bits of positive floats ascend with their
        // values, those of negative ones descend.
        let bits = (score + 0).bitPattern
        let ascending = bits & 0x8000_0000 == 0 ? bits | 0x8000_0000 : ~bits
        return ~ascending
    }

    /// The length of a character in valid UTF-8.
    private static func width(lead: UInt8) -> Int {
        switch lead {
        case ..<0xC0: 1
        case ..<0xE0: 2
        case ..<0xF0: 3
        default: 4
        }
    }
}

/// Joins what makes a token.
private struct ScoredMerges: MergeRule {
    let text: UnsafeRawBufferPointer
    let index: TokenIndex
    let priorities: [UInt32]

    func joined(_ left: Symbol, _ right: Symbol) -> Joined? {
        let range = left.bytes.lowerBound..<right.bytes.upperBound
        guard let id = index.id(of: UnsafeRawBufferPointer(rebasing: text[range])) else {
            return nil
        }
        return Joined(priority: priorities[Int(id)], id: id)
    }
}
