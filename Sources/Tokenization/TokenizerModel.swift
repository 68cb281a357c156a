import GGUF

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

    /// Whether a file that does not say so means the begin token to be added: llama.cpp's
    /// defaults.
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
