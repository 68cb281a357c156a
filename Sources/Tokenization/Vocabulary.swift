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

    let tokens: ByteStrings
    let kinds: [TokenKind]

    /// The number of tokens without the padding.
    var count: Int { kinds.count }
    /// The number of tokens that the file lists.
    let listedCount: Int

    /// Reads the tokens; those that metadata name by their ids are not padding.
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
    ///
    /// One that is no whole text would cut characters in two, of which the rest of a tokenizer makes nothing.
    func specialTokens() throws(TokenizerError) -> SpecialTokens {
        var special = SpecialTokens()
        for (id, kind) in kinds.enumerated() {
            guard kind == .control || kind == .userDefined || kind == .unknown else { continue }
            let text = tokens.slice(at: id)
            guard String(validating: text, as: UTF8.self) != nil else {
                throw .notText(token: id, text: String(decoding: text, as: UTF8.self))
            }
            special.add(Int32(id), text: text, isControl: kind != .userDefined)
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

/// What a token is for, as `tokenizer.ggml.token_type` numbers it.
enum TokenKind: UInt8, Sendable {
    /// Not stated; treated as `normal`.
    case undefined = 0
    /// Found in text by the tokenizer's algorithm.
    case normal = 1
    /// Stands for text that no other token covers.
    case unknown = 2
    /// Steers the model: the start of a turn, the end of a text.
    case control = 3
    /// Added to the vocabulary by hand; always found whole in text, before anything else.
    case userDefined = 4
    /// Padding of the vocabulary.
    case unused = 5
    /// One byte, for characters that no token covers.
    case byte = 6
}

/// The texts of tokens that are commands to a model, whatever kind a file gives them.
///
/// Files are made by many hands: the end of a turn is marked as normal, as added by hand, as unused, or there are no marks at all. Then it would be shown
/// as text, and never end an answer.
enum CommandTexts {
    /// What the known chat formats are made of, and by what models end a turn or a document or start the next one. Nobody writes them in prose.
    private static let formats: Set<String> = [
        "<|im_start|>", "<|im_end|>", "<|endoftext|>", "<|start_header_id|>",
        "<|end_header_id|>", "<|eot_id|>", "<|eom_id|>", "<|begin_of_text|>",
        "<|end_of_text|>", "<start_of_turn>", "<end_of_turn>", "<|end|>", "<|fim_pad|>",
        "<|repo_name|>", "<|file_sep|>",
    ]

    /// The kind of a token that a file lists with that text and kind.
    static func kind(of text: UnsafeRawBufferPointer, id: Int, listed: TokenKind) -> TokenKind {
        let first = text.first
        guard first == UInt8(ascii: "<") || first == UInt8(ascii: "[") else { return listed }
        let isPlain = listed == .normal || listed == .undefined
        if first == UInt8(ascii: "[") {
            // What converters fill a vocabulary up with.
            let isPadding = isPlain && text.elementsEqual("[PAD\(id)]".utf8)
            return isPadding ? .unused : listed
        }
        guard listed != .control else { return listed }
        if isPlain, isBarred(text) { return .control }
        return formats.contains(String(decoding: text, as: UTF8.self)) ? .control : listed
    }

    /// Whether a text is a name between `<|` and `|>`, or between the full-width `<｜` and `｜>`.
    private static func isBarred(_ text: UnsafeRawBufferPointer) -> Bool {
        for (opening, closing) in [("<|", "|>"), ("<｜", "｜>")] {
            let edges = opening.utf8.count + closing.utf8.count
            guard text.count > edges, text.starts(with: opening.utf8),
                text.suffix(closing.utf8.count).elementsEqual(closing.utf8)
            else { continue }
            let name = text.dropFirst(opening.utf8.count).dropLast(closing.utf8.count)
            return name.allSatisfy { byte in
                byte > 0x20 && byte != UInt8(ascii: "<") && byte != UInt8(ascii: ">")
                    && byte != UInt8(ascii: "|")
            }
        }
        return false
    }
}

/// The tokens after which a model has nothing more to say.
enum EndTokens {
    /// Texts by which models end a turn or a document, or start the next one: Qwen and other
    /// ChatML models, Llama 3, Gemma, Phi, SmolLM, Mistral, Code Llama, DeepSeek, SmolVLM.
    private static let texts: Set<String> = [
        "<|im_end|>", "<|endoftext|>", "<|eot_id|>", "<|eom_id|>", "<|end_of_text|>",
        "<end_of_turn>", "<eos>", "</s>", "<|end|>", "<|fim_pad|>", "<|repo_name|>",
        "<|file_sep|>", "<reponame>", "<EOT>", "_<EOT>", "<｜end▁of▁sentence｜>",
        "<end_of_utterance>",
    ]

    /// Their first bytes, so that few texts are looked up.
    private static let firsts = Set(texts.compactMap(\.utf8.first))

    private static let keys = [
        "tokenizer.ggml.eos_token_id", "tokenizer.ggml.eot_token_id",
        "tokenizer.ggml.eom_token_id",
    ]

    /// The tokens that the metadata name as ends.
    static func named(
        in metadata: GGUFMetadata, count: Int
    ) throws(TokenizerError) -> Set<Int32> {
        var ids: Set<Int32> = []
        for key in keys {
            if let id = try metadata.token(key, count: count) { ids.insert(id) }
        }
        return ids
    }

    /// The end tokens that are known by their texts, being commands. Without any, those of another kind: `</s>` is the end
    /// of a text in one vocabulary and a word of HTML in another.
    static func known(in vocabulary: Vocabulary, named: Set<Int32>) -> Set<Int32> {
        var commands: Set<Int32> = []
        var others: Set<Int32> = []
        for (id, kind) in vocabulary.kinds.enumerated() {
            let text = vocabulary.tokens.slice(at: id)
            guard let first = text.first, firsts.contains(first),
                texts.contains(String(decoding: text, as: UTF8.self))
            else { continue }
            if kind == .control { commands.insert(Int32(id)) } else { others.insert(Int32(id)) }
        }
        return commands.isEmpty && named.isEmpty ? others : commands
    }
}
