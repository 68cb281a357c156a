import GGUF

extension GGUFMetadata {
    /// The string value of `key`, which must be there.
    func required(string key: String) throws(TokenizerError) -> String {
        guard let value = string(key) else { throw .missing(key: key, expected: "a string") }
        return value
    }

    /// The value of `key` as a token of a vocabulary of `count`; nil if there is none.
    func token(_ key: String, count: Int) throws(TokenizerError) -> Int32? {
        let found: Int
        switch self[key] {
        case nil: return nil
        case .unsigned(let value): found = Int(clamping: value)
        case .integer(let value): found = Int(clamping: value)
        default: throw .missing(key: key, expected: "an integer")
        }
        guard (0..<count).contains(found) else {
            throw .idOutsideVocabulary(key: key, found: found, count: count)
        }
        return Int32(found)
    }

    /// The truth value of `key`; nil if there is none.
    func truth(_ key: String) throws(TokenizerError) -> Bool? {
        guard self[key] != nil else { return nil }
        guard let value = bool(key) else { throw .missing(key: key, expected: "true or false") }
        return value
    }
}
