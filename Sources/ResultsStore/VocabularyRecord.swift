/// A tokenizer's vocabulary, known by its hash; the texts of the tokens that occur are stored.
package struct VocabularyRecord: Sendable {
    /// A hash that tells vocabularies apart.
    package var sha256: String
    /// The number of tokens.
    package var size: Int
    /// The bytes of a token id below `size`; they need not be UTF-8 by themselves.
    package var bytes: @Sendable (Int) -> [UInt8]

    /// A vocabulary and the way to spell its tokens.
    package init(sha256: String, size: Int, bytes: @escaping @Sendable (Int) -> [UInt8]) {
        self.sha256 = sha256
        self.size = size
        self.bytes = bytes
    }
}
