/// A small byte-level vocabulary in the form model files carry it.
///
/// Its order is fixed: 256 single bytes, the results of `merges`, the special tokens, then unused
/// padding up to the size asked for.
package struct TinyVocabulary {
    /// The texts of all tokens, bytes written as GPT-2's printable stand-ins.
    package private(set) var tokens: [String]
    /// The kind of each token: 1 normal, 3 control, 5 unused.
    package private(set) var types: [Int32]

    /// Pairs that are joined, most wanted first; a space is written `Ġ`.
    package static let merges = [
        "Ġ t", "h e", "Ġt he", "i n", "r e", "o n", "Ġ a", "e r", "Ġ s", "a t", "in g", "Ġ w",
        "l l", "e s", "o u", "Ġa n", "Ġan d", "o r", "Ċ Ċ", "Ġ Ġ", "Ã ©",
    ]

    /// The control tokens in the order of their ids.
    package static let specials = ["<|endoftext|>", "<|im_start|>", "<|im_end|>"]

    /// The least size of a vocabulary.
    package static let leastCount = 256 + merges.count + specials.count

    /// The id of a control token, which does not depend on the size.
    package static func id(of special: String) -> Int32? {
        specials.firstIndex(of: special).map { index in Int32(256 + merges.count + index) }
    }

    /// A vocabulary of `count` tokens, at least `leastCount`.
    package init(count: Int = leastCount) {
        precondition(count >= Self.leastCount, "a vocabulary needs \(Self.leastCount) tokens")
        var tokens = (0...255).map { byte in String(Self.standIn(for: UInt8(byte))) }
        tokens += Self.merges.map { pair in pair.split(separator: " ").joined() }
        tokens += Self.specials
        var types = [Int32](repeating: 1, count: 256 + Self.merges.count)
        types += [Int32](repeating: 3, count: Self.specials.count)
        for index in tokens.count..<max(tokens.count, count) {
            tokens.append("[PAD\(index)]")
            types.append(5)
        }
        self.tokens = tokens
        self.types = types
    }

    /// Gives one id another text and kind.
    package mutating func replace(_ id: Int, with text: String, type: Int32) {
        tokens[id] = text
        types[id] = type
    }

    /// The vocabulary as metadata of a model file.
    package var metadata: [String: TinyGGUF.Value] {
        [
            "tokenizer.ggml.tokens": .strings(tokens),
            "tokenizer.ggml.token_type": .array(type: 5, types.map { type in .int32(type) }),
        ]
    }

    /// GPT-2's printable character for a byte (`bytes_to_unicode` in its `encoder.py`): printable
    /// Latin-1 stands for itself, the rest take U+0100 onwards in order.
    package static func standIn(for byte: UInt8) -> Character {
        func isPrintable(_ byte: UInt8) -> Bool {
            (33...126).contains(byte) || (161...172).contains(byte) || byte >= 174
        }
        guard !isPrintable(byte) else { return Character(Unicode.Scalar(byte)) }
        let earlier = (0..<byte).count { other in !isPrintable(other) }
        return Unicode.Scalar(UInt32(256 + earlier)).map { Character($0) } ?? "?"
    }
}
