package import GGUF

/// Turns text into the token ids of one model and back.
///
/// Byte-level byte-pair encoding (`tokenizer.ggml.model` = `gpt2`) with the splitting rules of
/// GPT-2, SmolLM, Llama 3 and Qwen 2, and SentencePiece's (`llama`), as Gemma uses it. A value that
/// any number of threads may use at once.
package struct Tokenizer: Sendable {
    private let vocabulary: Vocabulary
    private let special: SpecialTokens
    private let model: TokenizerModel
    /// Whether each stretch of text is encoded with a space before it.
    private let addsSpace: Bool

    /// The token that starts a text, if the model has one.
    package let beginID: Int32?
    /// Whether the model expects `beginID` in front of every text; `encode` never adds it.
    package let addsBegin: Bool
    /// Every token that ends generation: end of text, end of turn and their like.
    package let endIDs: Set<Int32>
    /// The token by which the model ends its own turn, if its file names one.
    package let turnEndID: Int32?

    /// Reads the vocabulary that a model file carries; keeps nothing of the file.
    package init(_ file: GGUFFile) throws(TokenizerError) {
        let metadata = file.metadata
        let writing = try TokenizerModel.writing(
            metadata.required(string: "tokenizer.ggml.model"))
        let listed = try Vocabulary.list(metadata).count
        let namesToken = { (key: String) in
            key.hasPrefix("tokenizer.ggml.") && key.hasSuffix("_token_id")
        }
        for key in metadata.keys.filter(namesToken) {
            _ = try metadata.token(key, count: listed)
        }
        beginID = try metadata.token("tokenizer.ggml.bos_token_id", count: listed)
        let namedEnds = try EndTokens.named(in: metadata, count: listed)
        vocabulary = try Vocabulary(
            metadata, writing: writing, named: namedEnds.union([beginID].compactMap(\.self)))
        special = try vocabulary.specialTokens()
        model = try TokenizerModel(metadata, vocabulary: vocabulary, writing: writing)
        let addSpace = try metadata.truth("tokenizer.ggml.add_space_prefix")
        addsSpace = writing == .marks && addSpace ?? true
        addsBegin =
            try metadata.truth("tokenizer.ggml.add_bos_token") ?? model.addsBeginByDefault
        endIDs = namedEnds.union(EndTokens.known(in: vocabulary, named: namedEnds))
        let turnEnd = try metadata.token("tokenizer.ggml.eot_token_id", count: listed)
        let textEnd = try metadata.token("tokenizer.ggml.eos_token_id", count: listed)
        turnEndID = turnEnd ?? textEnd
        if writing == .marks, addsBegin, beginID == nil {
            throw .noBeginToken(key: "tokenizer.ggml.bos_token_id")
        }
        try metadata.checkNothingIsSuppressed()
    }

    /// The number of tokens; ids are `0..<vocabularyCount`. What a file lists after them is padding, which stands for nothing.
    package var vocabularyCount: Int { vocabulary.count }

    /// Whether text is brought into normalisation form C before it is split, which no key of a file says.
    package var composesText: Bool { model.composesText }

    /// What of the file could not be used, for the user to know.
    package var warnings: [String] { [model.warning].compactMap(\.self) }

    /// Whether both have the same tokens under the same ids, so that ids may pass between them.
    package func hasSameVocabulary(as other: Tokenizer) -> Bool {
        vocabulary.tokens == other.vocabulary.tokens
    }

    /// The ids of `text`, without begin and end tokens.
    ///
    /// With `parseSpecial`, control tokens that are spelt out in the text become those tokens;
    /// without, they are plain text. Tokens that were added to the vocabulary by hand are found in
    /// either case. O(n log n) in the length of the longest piece.
    package func encode(_ text: String, parseSpecial: Bool) -> [Int32] {
        encode([parseSpecial ? .format(text) : .content(text)])
    }

    /// The ids of a text that goes on another one, in which no control token is spelt out.
    ///
    /// A model that puts a space before each stretch of text puts none here: nobody wrote it.
    package func encode(continuing text: String) -> [Int32] {
        encode([.content(text)], goesOn: true)
    }

    /// The ids of a text in parts, without begin and end tokens.
    ///
    /// They are those of the whole text, whatever the parts, but for control tokens: those become tokens only
    /// where they lie in one part and that is the format's.
    package func encode(_ parts: [TextPart]) -> [Int32] { encode(parts, goesOn: false) }

    private func encode(_ parts: [TextPart], goesOn: Bool) -> [Int32] {
        var text = ""
        var commands: [Range<Int>] = []
        for part in parts {
            let start = text.utf8.count
            text += part.text
            if case .format = part { commands.append(start..<text.utf8.count) }
        }
        var ids: [Int32] = []
        text.withUTF8 { utf8 in
            special.split(utf8, commands: commands) { fragment in
                switch fragment {
                case .token(let id):
                    ids.append(id)
                case .text(let range):
                    // A stretch of text is the first or comes after a special token.
                    let isGoingOn = goesOn && range.lowerBound == 0
                    model.encode(
                        UnsafeBufferPointer(rebasing: utf8[range]),
                        spaceFirst: addsSpace && !isGoingOn, into: &ids)
                }
            }
        }
        return ids
    }

    /// The text of `ids`; bytes that are not UTF-8 become U+FFFD.
    ///
    /// Control tokens appear as their own text unless `skipSpecial`. For a model that puts a space
    /// before each stretch of text, that space is taken off again. Padding and ids that there are not
    /// become nothing.
    package func decode(_ ids: some Sequence<Int32>, skipSpecial: Bool = false) -> String {
        var bytes: [UInt8] = []
        var startsText = true
        for id in ids {
            append(id, skipSpecial: skipSpecial, startsText: &startsText, to: &bytes)
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// The bytes that one token stands for, which need not be whole characters; none for padding and ids that there are not.
    package func bytes(of id: Int32) -> [UInt8] { has(id) ? vocabulary.tokens[Int(id)] : [] }

    /// Whether a token steers the model and is no part of the text; padding does not.
    package func isControl(_ id: Int32) -> Bool { has(id) && vocabulary.kinds[Int(id)] == .control }

    /// Whether a token is made only of what no other token covers: one of SentencePiece's single bytes, or one that the file marks as unused.
    package func isFallback(_ id: Int32) -> Bool {
        guard has(id) else { return false }
        let kind = vocabulary.kinds[Int(id)]
        return kind == .byte || kind == .unused
    }

    private func has(_ id: Int32) -> Bool { 0 <= id && id < vocabulary.count }

    /// Appends the bytes of a token that is to be shown; `startsText` says whether it is the first
    /// of a stretch of text, and is updated for the next token.
    func append(
        _ id: Int32, skipSpecial: Bool, startsText: inout Bool, to bytes: inout [UInt8]
    ) {
        guard has(id) else { return }
        let kind = vocabulary.kinds[Int(id)]
        let isSpecial = kind == .control || kind == .userDefined || kind == .unknown
        defer { startsText = isSpecial }
        if skipSpecial, kind == .control { return }
        var text = vocabulary.tokens.slice(at: Int(id))
        if addsSpace, startsText, !isSpecial, text.first == 0x20 { text.removeFirst() }
        bytes.append(contentsOf: text)
    }
}

/// The two families of tokenizers.
enum TokenizerModel: Sendable {
    case bytePair(BytePairEncoder)
    case sentencePiece(SentencePieceEncoder)

    /// The values of `tokenizer.ggml.model` that are understood.
    static let names = ["gpt2", "llama"]

    /// How the family named `name` writes its tokens.
    static func writing(_ name: String) throws(TokenizerError) -> Vocabulary.Writing {
        switch name {
        case "gpt2": .standIns
        case "llama": .marks
        default: throw .unknownModel(found: name, known: names)
        }
    }

    init(_ metadata: GGUFMetadata, vocabulary: Vocabulary, writing: Vocabulary.Writing)
        throws(TokenizerError)
    {
        switch writing {
        case .standIns:
            self = .bytePair(try BytePairEncoder(metadata, vocabulary: vocabulary))
        case .marks:
            self = .sentencePiece(try SentencePieceEncoder(metadata, vocabulary: vocabulary))
        }
    }

    /// Whether a file that does not say so means the begin token to be added: llama.cpp's defaults.
    var addsBeginByDefault: Bool {
        switch self {
        case .bytePair(let encoder): encoder.preTokenizer == .llama3
        case .sentencePiece: true
        }
    }

    /// Whether text is brought into normalisation form C first.
    var composesText: Bool {
        switch self {
        case .bytePair(let encoder): encoder.preTokenizer.composes
        case .sentencePiece: false
        }
    }

    /// What of the file could not be used; nil if all could.
    var warning: String? {
        switch self {
        case .bytePair(let encoder): encoder.warning
        case .sentencePiece: nil
        }
    }

    /// Appends the ids of a stretch of text without special tokens.
    func encode(_ text: UnsafeBufferPointer<UInt8>, spaceFirst: Bool, into ids: inout [Int32]) {
        switch self {
        case .bytePair(let encoder):
            encoder.encode(text, into: &ids)
        case .sentencePiece(let encoder):
            encoder.encode(text, spaceFirst: spaceFirst, into: &ids)
        }
    }
}

/// A stretch of a text, by who wrote it. One after another they are the text.
package enum TextPart: Equatable, Sendable {
    /// Written by a chat format: the special tokens in it are commands.
    case format(String)
    /// Written by anyone: what looks like a special token is text.
    case content(String)

    package var text: String {
        switch self {
        case .format(let text), .content(let text): text
        }
    }
}
