import GGUF
import Platform

/// Why a model file's vocabulary cannot be used.
package enum TokenizerError: ReportableError, Equatable {
    /// A metadata key is missing or its value is of another kind than `expected`.
    case missing(key: String, expected: String)
    /// `tokenizer.ggml.model` names an algorithm that is not written here.
    case unknownModel(found: String, known: [String])
    /// `tokenizer.ggml.pre` names a way of splitting text that is not written here.
    case unknownPreTokenizer(found: String, known: [String])
    /// No tokens, or more than a 32-bit id can name.
    case badVocabularySize(found: Int)
    /// An array that needs one element per token has another size.
    case countMismatch(key: String, found: Int, expected: Int)
    /// A token's kind is not one of 0...6.
    case unknownTokenKind(token: Int, found: Int)
    /// A byte token that is not written `<0x00>` to `<0xFF>`.
    case badByteToken(token: Int, text: String)
    /// A token that is cut out of a text whole, but is no text: not UTF-8.
    case notText(token: Int, text: String)
    /// Most merges are not two tokens, or give none, so that they belong to another vocabulary.
    case badMerges(count: Int, of: Int, first: Int, text: String)
    /// A token id in the metadata that the vocabulary does not have.
    case idOutsideVocabulary(key: String, found: Int, count: Int)
    /// Texts are to start with a begin token, and `key` does not say which that is.
    case noBeginToken(key: String)
    /// `key` lists tokens that are never to be written, which is not done here.
    case suppressedTokens(key: String, count: Int)
}

extension TokenizerError {
    /// Whether what was given is at fault, rather than the work.
    package var isBadInput: Bool { true }

    /// What was found, what was expected, and what to do about it.
    package var description: String {
        switch self {
        case .missing(let key, let expected):
            "the model file has no \(key) that is \(expected); convert the model again"
        case .unknownModel(let found, let known):
            "the tokenizer model \"\(found)\" is not supported; known are "
                + known.joined(separator: ", ")
        case .unknownPreTokenizer(let found, let known):
            "the pre-tokenizer \"\(found)\" is not supported; known are "
                + known.joined(separator: ", ")
        case .badVocabularySize(let found):
            "the vocabulary has \(found) tokens, expected 1 to \(Int32.max)"
        case .countMismatch(let key, let found, let expected):
            "\(key) has \(found) elements, expected one per token: \(expected)"
        case .unknownTokenKind(let token, let found):
            "token \(token) is of the unknown kind \(found), expected 0 to 6"
        case .badByteToken(let token, let text):
            "token \(token) is marked as a byte but reads \"\(text)\", expected <0x00> to <0xFF>"
        case .notText(let token, let text):
            "token \(token), \"\(text)\", is a command or was added by hand, but is not UTF-8 text;"
                + " convert the model again"
        case .badMerges(let count, let all, let first, let text):
            "\(count) of the \(all) merges do not join two tokens into a third, the first of them"
                + " merge \(first), \"\(text)\": they are not this vocabulary's; convert the model again"
        case .idOutsideVocabulary(let key, let found, let count):
            "\(key) is \(found), but the vocabulary has \(count) tokens, 0 to \(count - 1);"
                + " convert the model again"
        case .noBeginToken(let key):
            "the model file wants a begin token before every text, and has no \(key) that names it;"
                + " convert the model again, or set tokenizer.ggml.add_bos_token to false"
        case .suppressedTokens(let key, let count):
            "\(key) lists \(count) tokens that the model must not write, which is not supported;"
                + " convert the model without it, or take another model"
        }
    }
}

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

    /// Throws if the file forbids tokens: answers would not be those of a program that heeds it.
    func checkNothingIsSuppressed() throws(TokenizerError) {
        let key = "tokenizer.ggml.suppress_tokens"
        guard self[key] != nil else { return }
        guard let tokens = integers(key) else {
            throw .missing(key: key, expected: "an array of integers")
        }
        guard tokens.isEmpty else { throw .suppressedTokens(key: key, count: tokens.count) }
    }

    /// The truth value of `key`; nil if there is none.
    func truth(_ key: String) throws(TokenizerError) -> Bool? {
        guard self[key] != nil else { return nil }
        guard let value = bool(key) else { throw .missing(key: key, expected: "true or false") }
        return value
    }
}
