/// A tokenizer's vocabulary, known by its hash; the texts of the tokens that occur are stored.
public struct VocabularyRecord: Sendable {
    /// A hash that tells vocabularies apart.
    public var sha256: String
    /// The number of tokens.
    public var size: Int
    /// The bytes of a token id below `size`; they need not be UTF-8 by themselves.
    public var bytes: @Sendable (Int) -> [UInt8]

    /// A vocabulary and the way to spell its tokens.
    public init(sha256: String, size: Int, bytes: @escaping @Sendable (Int) -> [UInt8]) {
        self.sha256 = sha256
        self.size = size
        self.bytes = bytes
    }
}
