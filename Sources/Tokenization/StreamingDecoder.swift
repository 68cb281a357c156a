/// Turns ids into text as they come, without ever cutting a character in two.
///
/// What the calls return, joined, is exactly what `Tokenizer.decode` gives for all ids at once.
package struct StreamingDecoder: Sendable {
    private let tokenizer: Tokenizer
    private let skipSpecial: Bool
    /// The start of a character whose rest has not come yet: at most three bytes.
    private var pending: [UInt8] = []
    private var startsText = true

    /// A decoder at the start of a text; see `Tokenizer.decode` for `skipSpecial`.
    package init(_ tokenizer: Tokenizer, skipSpecial: Bool = false) {
        self.tokenizer = tokenizer
        self.skipSpecial = skipSpecial
    }

    /// Takes one more id and returns the characters it completes, often one, at times none.
    package mutating func append(_ id: Int32) -> String {
        tokenizer.append(id, skipSpecial: skipSpecial, startsText: &startsText, to: &pending)
        let whole = pending.count - Self.incompleteTail(of: pending)
        let text = String(decoding: pending[..<whole], as: UTF8.self)
        pending.removeFirst(whole)
        return text
    }

    /// Ends the text: an unfinished character becomes U+FFFD.
    package mutating func finish() -> String {
        defer { pending.removeAll() }
        return String(decoding: pending, as: UTF8.self)
    }

    /// How many bytes at the end start a character that further bytes could complete.
    private static func incompleteTail(of bytes: [UInt8]) -> Int {
        for count in stride(from: min(3, bytes.count), through: 1, by: -1) {
            if isIncomplete(bytes[(bytes.count - count)...]) { return count }
        }
        return 0
    }

    /// Whether `bytes` are a proper prefix of some character's UTF-8 (Unicode, table 3-7).
    private static func isIncomplete(_ bytes: ArraySlice<UInt8>) -> Bool {
        guard let lead = bytes.first else { return false }
        let length: Int
        switch lead {
        case 0xC2...0xDF: length = 2
        case 0xE0...0xEF: length = 3
        case 0xF0...0xF4: length = 4
        default: return false
        }
        guard bytes.count < length else { return false }
        guard let second = bytes.dropFirst().first else { return true }
        let allowed: ClosedRange<UInt8> =
            switch lead {
            case 0xE0: 0xA0...0xBF
            case 0xED: 0x80...0x9F
            case 0xF0: 0x90...0xBF
            case 0xF4: 0x80...0x8F
            default: 0x80...0xBF
            }
        return allowed.contains(second)
            && bytes.dropFirst(2).allSatisfy { (0x80...0xBF).contains($0) }
    }
}
