/// Cuts the bytes of successive tokens into text: a character that two tokens share goes to the
/// token that completes it, and bytes that belong to no character become U+FFFD.
struct TokenText {
    private var pending: [UInt8] = []

    /// The text that is complete once `bytes` have been read.
    mutating func next(_ bytes: [UInt8]) -> String {
        pending += bytes
        let cut = pending.count - Self.openTail(of: pending)
        defer { pending.removeFirst(cut) }
        return String(decoding: pending[..<cut], as: UTF8.self)
    }

    /// What remains after the last token.
    mutating func finish() -> String {
        defer { pending = [] }
        return String(decoding: pending, as: UTF8.self)
    }

    /// How many bytes at the end begin a character that may still be completed.
    private static func openTail(of bytes: [UInt8]) -> Int {
        for length in 1...3 where length <= bytes.count {
            let lead = bytes[bytes.count - length]
            let needed =
                switch lead {
                case 0xC2...0xDF: 2
                case 0xE0...0xEF: 3
                case 0xF0...0xF4: 4
                default: 1
                }
            if needed > 1 { return needed > length ? length : 0 }
            // Only continuation bytes may stand between the lead and the end.
            guard (0x80...0xBF).contains(lead) else { return 0 }
        }
        return 0
    }
}
