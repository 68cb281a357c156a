/// Reads little-endian fields one after another and never past the end of the file.
struct ByteCursor {
    let bytes: UnsafeRawBufferPointer
    private(set) var offset = 0

    init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

    /// Bytes from the cursor to the end of the file.
    var available: Int { bytes.count - offset }

    /// The next integer; `field` names it should the file end before it does.
    mutating func read<T: FixedWidthInteger & BitwiseCopyable>(
        _: T.Type = T.self, _ field: @autoclosure () -> String
    ) throws(GGUFError) -> T {
        let start = offset
        try skip(UInt64(MemoryLayout<T>.size), field())
        return T(littleEndian: bytes.loadUnaligned(fromByteOffset: start, as: T.self))
    }

    mutating func skip(
        _ count: UInt64, _ field: @autoclosure () -> String
    ) throws(GGUFError) {
        guard count <= UInt64(available) else {
            throw .truncated(
                field: field(), offset: offset, needed: count, available: available)
        }
        offset += Int(count)
    }

    /// A 64-bit count of elements that take at least `bytesEach` bytes of what follows it.
    ///
    /// Whoever allocates by this count allocates in proportion to the file.
    mutating func count(
        of field: @autoclosure () -> String, bytesEach: Int
    ) throws(GGUFError) -> Int {
        let found = try read(UInt64.self, field())
        guard found <= UInt64(available / bytesEach) else {
            throw .countTooLarge(field: field(), found: found, available: available)
        }
        return Int(found)
    }

    /// The next length-prefixed string.
    mutating func string(
        _ field: @autoclosure () -> String
    ) throws(GGUFError) -> UnsafeRawBufferPointer {
        let length = try read(UInt64.self, "the length of \(field())")
        let start = offset
        try skip(length, field())
        return UnsafeRawBufferPointer(rebasing: bytes[start..<offset])
    }

    /// The next string as a name: UTF-8, not empty, at most 65,535 bytes.
    mutating func name(_ field: @autoclosure () -> String) throws(GGUFError) -> String {
        let raw = try string(field())
        guard (1...65_535).contains(raw.count),
            let text = String(validating: raw, as: UTF8.self)
        else { throw .invalidName(field: field()) }
        return text
    }
}
