import Foundation
import GGUF
import Hashing
import Tokenization

/// A name for how a model file turns text into token ids, the same for equal tokenizers of different
/// files: SHA-256 over the metadata that the tokenizer reads, and over what it does that they do not say.
enum TokenizerFingerprint {
    /// What decides the ids of a text; the tokens that end an answer are not among it.
    private static let keys = [
        "model", "pre", "tokens", "token_type", "scores", "merges", "add_space_prefix",
        "bos_token_id", "add_bos_token",
    ]

    /// In hexadecimal digits, of all that decides how texts become tokens.
    package static func sha256(of tokenizer: Tokenizer, _ metadata: GGUFMetadata) -> String {
        var hash = SHA256()
        for key in keys {
            guard let value = metadata["tokenizer.ggml.\(key)"] else { continue }
            hash.add(key)
            hash.add(value)
        }
        if tokenizer.composesText { hash.add("normalisation form C") }
        for id in commands(besidesThoseMarkedIn: metadata, tokenizer) {
            hash.add("command \(id)")
        }
        return hash.hexadecimal()
    }

    /// Tokens that are commands though the file marks them as something else.
    private static func commands(
        besidesThoseMarkedIn metadata: GGUFMetadata, _ tokenizer: Tokenizer
    ) -> [Int32] {
        let kinds = metadata.integers("tokenizer.ggml.token_type") ?? []
        let control = 3
        return (0..<Int32(tokenizer.vocabularyCount)).filter { id in
            let isMarked = kinds.indices.contains(Int(id)) && kinds[Int(id)] == control
            return tokenizer.isControl(id) && !isMarked
        }
    }
}

extension SHA256 {
    /// A text and its length, so that neighbours can't run into each other.
    fileprivate mutating func add(_ text: String) { add(Array(text.utf8)) }

    fileprivate mutating func add(_ bytes: some Collection<UInt8>) {
        withUnsafeBytes(of: UInt64(bytes.count).littleEndian) { update($0) }
        update(bytes)
    }

    fileprivate mutating func add(_ value: GGUFValue) {
        switch value {
        case .string(let text): add(text.bytes)
        case .strings(let array):
            for index in array.indices { array.withBytes(at: index) { add(Array($0)) } }
        case .numbers(let array):
            for number in array.doubles ?? [] { add("\(number)") }
        case .unsigned, .integer, .float, .bool, .arrays: add(value.description)
        }
    }
}
