import GGUF

extension GGUFMetadata {
    /// The string value of `key`, which must be there.
    func required(string key: String) throws(TokenizerError) -> String {
        guard let value = string(key) else { throw .missing(key: key, expected: "a string") }
        return value
    }

    /// The value of `key` as a token of a vocabulary of `count`; nil if there is none.
    func token(_ key: String, count: Int) throws(TokenizerError) -> Int32? {
        guard let value = integer(key) else { return nil }
        guard value >= 0, value < count else {
            throw .idOutsideVocabulary(key: key, found: value, count: count)
        }
        return Int32(value)
    }
}
