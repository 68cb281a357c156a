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
