/// An array of strings inside a mapped file: 8 bytes of memory an element.
///
/// A vocabulary has some 150,000 tokens, so the strings stay where they are and only their
/// places are kept.
package struct GGUFStringArray: Sendable {
    private let mapping: FileMapping
    /// Where each string's bytes start; its 64-bit length lies right before.
    private let starts: [Int]

    /// Reads the strings' places; the cursor stands on the first length and ends after the last
    /// string.
    init(
        mapping: FileMapping, cursor: inout ByteCursor, count: Int, field: String
    ) throws(GGUFError) {
        var starts: [Int] = []
        starts.reserveCapacity(count)
        for index in 0..<count {
            let length = try cursor.read(UInt64.self, "the length of \(field)[\(index)]")
            starts.append(cursor.offset)
            try cursor.skip(length, "\(field)[\(index)]")
        }
        self.mapping = mapping
        self.starts = starts
    }

    /// Passes the bytes of one string, in the mapped file, to `body`.
    package func withBytes<R, E>(
        at index: Int, _ body: (UnsafeRawBufferPointer) throws(E) -> R
    ) throws(E) -> R {
        let start = starts[index]
        let length = mapping.bytes.loadUnaligned(fromByteOffset: start - 8, as: UInt64.self)
        let end = start + Int(UInt64(littleEndian: length))
        return try body(UnsafeRawBufferPointer(rebasing: mapping.bytes[start..<end]))
    }
}

extension GGUFStringArray: RandomAccessCollection {
    /// Zero.
    package var startIndex: Int { 0 }

    /// The number of strings.
    package var endIndex: Int { starts.count }

    /// A copy of one string.
    package subscript(index: Int) -> GGUFString {
        withBytes(at: index) { bytes in GGUFString(bytes: Array(bytes)) }
    }
}

extension GGUFStringArray: Equatable {
    /// Whether both hold the same strings, byte for byte, in whatever files.
    package static func == (a: Self, b: Self) -> Bool {
        guard a.count == b.count else { return false }
        return a.indices.allSatisfy { index in
            a.withBytes(at: index) { left in
                b.withBytes(at: index) { right in left.elementsEqual(right) }
            }
        }
    }
}
