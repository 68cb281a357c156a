import GGUF

/// The tokens of a model: for each the bytes it stands for and its kind.
///
/// Files fill the list up to a round number of rows with tokens that are marked as unused. Such padding at its end is no part of a vocabulary: a model never
/// writes it, and models of one family differ in how much of it they have.
struct Vocabulary: Sendable {
    /// How the file writes the bytes of a normal token.
    enum Writing {
        /// As GPT-2's stand-ins, one printable character a byte.
        case standIns
        /// As text with U+2581 for a space, which is SentencePiece's way.
        case marks
    }

    /// The bytes of each token.
    let tokens: ByteStrings
    /// The kind of each token.
    let kinds: [TokenKind]

    /// The number of tokens without the padding.
    var count: Int { kinds.count }
    /// The number of tokens that the file lists.
    let listedCount: Int

    /// Reads the tokens; those that metadata name by their ids are none of the padding.
    init(
        _ metadata: GGUFMetadata, writing: Writing, named: some Sequence<Int32>
    ) throws(TokenizerError) {
        let strings = try Self.list(metadata)
        listedCount = strings.count
        var kinds = try Self.readKinds(metadata, count: strings.count)
        for id in strings.indices {
            strings.withBytes(at: id) { text in
                kinds[id] = CommandTexts.kind(of: text, id: id, listed: kinds[id])
            }
        }
        let lastUsed = kinds.lastIndex { kind in kind != .unused } ?? kinds.count - 1
        let count = max(lastUsed, named.max().map(Int.init) ?? 0) + 1
        kinds.removeLast(kinds.count - count)

        var tokens = ByteStrings()
        tokens.reserve(count: count, bytes: count * 8)
        for id in 0..<count {
            try strings.withBytes(at: id) { text throws(TokenizerError) in
                switch (kinds[id], writing) {
                case (.control, _), (.userDefined, _):
                    tokens.append { output in output.append(contentsOf: text) }
                case (.byte, _):
                    guard let byte = Self.byte(written: text) else {
                        throw .badByteToken(token: id, text: strings[id].description)
                    }
                    tokens.append { output in output.append(byte) }
                case (_, .standIns):
                    tokens.append { output in
                        if !ByteStandIns.append(decoding: text, to: &output) {
                            output.append(contentsOf: text)
                        }
                    }
                case (_, .marks):
                    tokens.append { output in SpaceMark.append(replacingIn: text, to: &output) }
                }
            }
        }
        self.tokens = tokens
        self.kinds = kinds
    }

    /// The tokens as the file lists them.
    static func list(_ metadata: GGUFMetadata) throws(TokenizerError) -> GGUFStringArray {
        let key = "tokenizer.ggml.tokens"
        guard let strings = metadata.strings(key) else {
            throw .missing(key: key, expected: "an array of strings")
        }
        guard (1...Int(Int32.max)).contains(strings.count) else {
            throw .badVocabularySize(found: strings.count)
        }
        return strings
    }

    /// The tokens that merging may make, by their bytes; normal ones go before the rest.
    ///
    /// Those added by hand are cut out of a text before, but the merges of a byte-level vocabulary
    /// may still name them.
    func textIndex(withAdded: Bool) -> TokenIndex {
        var index = TokenIndex(of: tokens)
        let isNormal = { (kind: TokenKind) in kind == .normal || kind == .undefined }
        for (id, kind) in kinds.enumerated() where isNormal(kind) { index.add(Int32(id)) }
        for (id, kind) in kinds.enumerated() {
            if kind == .unused || withAdded && kind == .userDefined { index.add(Int32(id)) }
        }
        return index
    }

    /// The tokens that are cut out of a text first.
    func specialTokens() -> SpecialTokens {
        var special = SpecialTokens()
        for (id, kind) in kinds.enumerated() {
            guard kind == .control || kind == .userDefined || kind == .unknown else { continue }
            special.add(
                Int32(id), text: tokens.slice(at: id), isControl: kind != .userDefined)
        }
        return special
    }

    /// The byte of a token such as `<0x0A>`.
    private static func byte(written text: UnsafeRawBufferPointer) -> UInt8? {
        guard text.count == 6, text.starts(with: "<0x".utf8), text[5] == UInt8(ascii: ">") else {
            return nil
        }
        // Two digits, so that no sign can be among them.
        let digits = String(decoding: text[3..<5], as: UTF8.self)
        return digits.allSatisfy(\.isHexDigit) ? UInt8(digits, radix: 16) : nil
    }

    private static func readKinds(
        _ metadata: GGUFMetadata, count: Int
    ) throws(TokenizerError) -> [TokenKind] {
        let key = "tokenizer.ggml.token_type"
        guard metadata[key] != nil else { return [TokenKind](repeating: .normal, count: count) }
        guard let numbers = metadata.integers(key) else {
            throw .missing(key: key, expected: "an array of integers")
        }
        guard numbers.count == count else {
            throw .countMismatch(key: key, found: numbers.count, expected: count)
        }
        var kinds: [TokenKind] = []
        kinds.reserveCapacity(count)
        for (id, number) in numbers.enumerated() {
            guard let kind = UInt8(exactly: number).flatMap(TokenKind.init) else {
                throw .unknownTokenKind(token: id, found: number)
            }
            kinds.append(kind)
        }
        return kinds
    }
}
