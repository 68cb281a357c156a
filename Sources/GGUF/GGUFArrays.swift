/// An array of integers, floats or truth values inside a mapped file.
package struct GGUFNumberArray: Sendable {
    /// How the file stores a number.
    package enum Element: Equatable, Sendable {
        case uint8
        case int8
        case uint16
        case int16
        case uint32
        case int32
        case float32
        case bool
        case uint64
        case int64
        case float64

        /// In bytes.
        var size: Int {
            switch self {
            case .uint8, .int8, .bool: 1
            case .uint16, .int16: 2
            case .uint32, .int32, .float32: 4
            case .uint64, .int64, .float64: 8
            }
        }
    }

    package let element: Element
    package let count: Int
    private let mapping: FileMapping
    private let start: Int

    /// Takes the next `count` elements at the cursor, whose extent it checks.
    init(
        _ element: Element, mapping: FileMapping, cursor: inout ByteCursor, count: Int,
        field: String
    ) throws(GGUFError) {
        self.element = element
        self.count = count
        self.mapping = mapping
        start = cursor.offset
        // The count was checked against the bytes left, so the product cannot overflow.
        try cursor.skip(UInt64(count * element.size), field)
        if element == .bool {
            for (index, byte) in bytes.enumerated() where byte > 1 {
                throw .invalidBool(field: "\(field)[\(index)]", found: byte)
            }
        }
    }

    private var bytes: UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(rebasing: mapping.bytes[start..<start + count * element.size])
    }

    /// The elements as integers; nil for floats, truth values and integers over `Int.max`.
    package var integers: [Int]? {
        switch element {
        case .uint8: load(UInt8.self)
        case .int8: load(Int8.self)
        case .uint16: load(UInt16.self)
        case .int16: load(Int16.self)
        case .uint32: load(UInt32.self)
        case .int32: load(Int32.self)
        case .uint64: load(UInt64.self)
        case .int64: load(Int64.self)
        case .float32, .float64, .bool: nil
        }
    }

    /// The elements as floats, integers converted; nil for truth values.
    package var doubles: [Double]? {
        switch element {
        case .float32:
            load(UInt32.self)?.map { bits in
                Double(Float(bitPattern: UInt32(truncatingIfNeeded: bits)))
            }
        case .float64:
            words.map { bits in Double(bitPattern: bits) }
        case .uint64:
            words.map { word in Double(word) }
        default:
            integers?.map { value in Double(value) }
        }
    }

    /// The elements as truth values; nil for anything else.
    package var bools: [Bool]? {
        element == .bool ? bytes.map { byte in byte == 1 } : nil
    }

    private var words: [UInt64] {
        (0..<count).map { index in
            UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: index * 8, as: UInt64.self))
        }
    }

    private func load<T: FixedWidthInteger & BitwiseCopyable>(_: T.Type) -> [Int]? {
        let bytes = bytes
        var values: [Int] = []
        values.reserveCapacity(count)
        for index in 0..<count {
            let offset = index * MemoryLayout<T>.size
            let raw = T(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: T.self))
            guard let value = Int(exactly: raw) else { return nil }
            values.append(value)
        }
        return values
    }
}

extension GGUFNumberArray: Equatable {
    /// Whether both store the same type and the same bits.
    package static func == (a: Self, b: Self) -> Bool {
        a.element == b.element && a.count == b.count && a.bytes.elementsEqual(b.bytes)
    }
}

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
    package var startIndex: Int { 0 }

    package var endIndex: Int { starts.count }

    /// The bytes of an element, copied out of the file; `index` must be below `count`.
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
