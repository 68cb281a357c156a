/// Takes an input apart from its beginning; where it has ended, everything is zero or empty.
struct ByteReader {
    private var rest: ArraySlice<UInt8>

    init(_ bytes: [UInt8]) { rest = bytes[...] }

    var isAtEnd: Bool { rest.isEmpty }

    /// The next byte.
    mutating func byte() -> UInt8 { rest.popFirst() ?? 0 }

    /// The next byte as one of `count` choices.
    mutating func choice(of count: Int) -> Int { Int(byte()) % count }

    /// Two bytes, little-endian.
    mutating func short() -> Int { Int(byte()) | Int(byte()) << 8 }

    /// Up to `count` bytes.
    mutating func bytes(_ count: Int) -> [UInt8] {
        defer { rest = rest.dropFirst(count) }
        return Array(rest.prefix(count))
    }

    /// All that is left.
    mutating func remainder() -> [UInt8] {
        defer { rest = [] }
        return Array(rest)
    }

    /// All that is left as texts, which zero bytes part; what is not UTF-8 becomes U+FFFD.
    mutating func texts() -> [String] {
        remainder().split(separator: 0, omittingEmptySubsequences: false)
            .map { String(decoding: $0, as: UTF8.self) }
    }
}
