public import GGUF

/// Turns text into the token ids of one model and back.
///
/// Byte-level byte-pair encoding (`tokenizer.ggml.model` = `gpt2`) with the splitting rules of
/// GPT-2, SmolLM, Llama 3 and Qwen 2, and SentencePiece's (`llama`), as Gemma uses it. A value that
/// any number of threads may use at once.
public struct Tokenizer: Sendable {
    private let vocabulary: Vocabulary
    private let special: SpecialTokens
    private let model: TokenizerModel
    /// Whether each stretch of text is encoded with a space before it.
    private let addsSpace: Bool

    /// The token that starts a text, if the model has one.
    public let beginID: Int32?
    /// Whether the model expects `beginID` in front of every text; `encode` never adds it.
    public let addsBegin: Bool
    /// Every token that ends generation: end of text, end of turn and their like.
    public let endIDs: Set<Int32>
    /// The token by which the model ends its own turn, if its file names one.
    public let turnEndID: Int32?

    /// Reads the vocabulary that a model file carries; keeps nothing of the file.
    public init(_ file: GGUFFile) throws(TokenizerError) {
        let metadata = file.metadata
        let writing = try TokenizerModel.writing(
            metadata.required(string: "tokenizer.ggml.model"))
        vocabulary = try Vocabulary(metadata, writing: writing)
        special = vocabulary.specialTokens()
        model = try TokenizerModel(metadata, vocabulary: vocabulary, writing: writing)
        addsSpace =
            writing == .marks && metadata.bool("tokenizer.ggml.add_space_prefix") ?? true
        beginID = try metadata.token("tokenizer.ggml.bos_token_id", count: vocabulary.count)
        addsBegin =
            metadata.bool("tokenizer.ggml.add_bos_token") ?? model.addsBeginByDefault
        endIDs = try EndTokens.read(metadata, vocabulary)
        let turnEnd = try metadata.token("tokenizer.ggml.eot_token_id", count: vocabulary.count)
        let textEnd = try metadata.token("tokenizer.ggml.eos_token_id", count: vocabulary.count)
        turnEndID = turnEnd ?? textEnd
    }

    /// The number of tokens; ids are `0..<vocabularyCount`.
    public var vocabularyCount: Int { vocabulary.count }

    /// Whether both have the same tokens under the same ids, so that ids may pass between them.
    public func hasSameVocabulary(as other: Tokenizer) -> Bool {
        vocabulary.tokens == other.vocabulary.tokens
    }

    /// The ids of `text`, without begin and end tokens.
    ///
    /// With `parseSpecial`, control tokens that are spelt out in the text become those tokens;
    /// without, they are plain text. Tokens that were added to the vocabulary by hand are found in
    /// either case. O(n log n) in the length of the longest piece.
    public func encode(_ text: String, parseSpecial: Bool) -> [Int32] {
        var text = text
        var ids: [Int32] = []
        text.withUTF8 { utf8 in
            special.split(utf8, control: parseSpecial) { fragment in
                switch fragment {
                case .token(let id):
                    ids.append(id)
                case .text(let range):
                    // A stretch of text is the first or comes after a special token.
                    model.encode(
                        UnsafeBufferPointer(rebasing: utf8[range]), spaceFirst: addsSpace,
                        into: &ids)
                }
            }
        }
        return ids
    }

    /// The text of `ids`; bytes that are not UTF-8 become U+FFFD.
    ///
    /// Control tokens appear as their own text unless `skipSpecial`. For a model that puts a space
    /// before each stretch of text, that space is taken off again. Every id must be in the
    /// vocabulary.
    public func decode(_ ids: some Sequence<Int32>, skipSpecial: Bool = false) -> String {
        var bytes: [UInt8] = []
        var startsText = true
        for id in ids {
            append(id, skipSpecial: skipSpecial, startsText: &startsText, to: &bytes)
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// The bytes that one token stands for, which need not be whole characters. The id must be in
    /// the vocabulary.
    public func bytes(of id: Int32) -> [UInt8] { vocabulary.tokens[Int(id)] }

    /// Whether a token steers the model and is no part of the text. The id must be in the
    /// vocabulary.
    public func isControl(_ id: Int32) -> Bool { vocabulary.kinds[Int(id)] == .control }

    /// Appends the bytes of a token that is to be shown; `startsText` says whether it is the first
    /// of a stretch of text, and is updated for the next token.
    func append(
        _ id: Int32, skipSpecial: Bool, startsText: inout Bool, to bytes: inout [UInt8]
    ) {
        let kind = vocabulary.kinds[Int(id)]
        let isSpecial = kind == .control || kind == .userDefined || kind == .unknown
        defer { startsText = isSpecial }
        if skipSpecial, kind == .control { return }
        var text = vocabulary.tokens.slice(at: Int(id))
        if addsSpace, startsText, !isSpecial, text.first == 0x20 { text.removeFirst() }
        bytes.append(contentsOf: text)
    }
}
