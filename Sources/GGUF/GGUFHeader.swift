// The layout that is read here (GGUF specification, docs/gguf.md of ggml), all little-endian:
//
//     magic "GGUF" | version u32 | tensor count u64 | pair count u64
//     pairs:    key string | value type u32 | value
//     tensors:  name string | rank u32 | extents u64 x rank | type u32 | offset u64
//     padding to the alignment, then the data, in which the tensors' offsets count
//
// A string is a u64 length and its bytes; an array is an element type u32, a u64 count and the
// elements. Versions 2 and 3 differ only in that 3 allows big-endian files.

/// Everything before a model file's data, validated.
struct GGUFHeader {
    let metadata: GGUFMetadata
    let tensors: [GGUFTensor]

    private static let nestingLimit = 4

    /// - Parameter part: which file of a split model this is, from 0.
    init(_ mapping: FileMapping, part: Int = 0) throws(GGUFError) {
        var cursor = ByteCursor(mapping.bytes)
        try Self.checkVersion(&cursor)

        // The least a tensor takes: a name of one byte, one extent.
        let tensorCount = try cursor.count(of: "the tensor count", bytesEach: 33)
        // The least a pair takes: a key of one byte, a value of one byte.
        let pairCount = try cursor.count(of: "the metadata count", bytesEach: 14)

        var metadata = GGUFMetadata()
        for index in 0..<pairCount {
            let key = try cursor.name("metadata key \(index)")
            let type = try cursor.read(UInt32.self, "the type of \(key)")
            try metadata.add(
                key, Self.readValue(type, field: key, nesting: 0, mapping, &cursor))
        }
        self.metadata = metadata

        var descriptions: [TensorDescription] = []
        descriptions.reserveCapacity(tensorCount)
        for index in 0..<tensorCount {
            try descriptions.append(TensorDescription(index: index, cursor: &cursor))
        }
        let alignment = try Self.alignment(of: metadata)
        // Up to `alignment - 1` bytes of padding, which may reach past the end of a file whose
        // tensors are missing; `located` then finds no room for them.
        let (end, overflow) = cursor.offset.addingReportingOverflow(alignment - 1)
        let dataStart = overflow ? Int.max : end & ~(alignment - 1)
        var names: Set<String> = []
        var tensors: [GGUFTensor] = []
        tensors.reserveCapacity(tensorCount)
        for description in descriptions {
            guard names.insert(description.name).inserted else {
                throw .duplicateTensor(description.name)
            }
            try tensors.append(
                description.located(
                    part: part, dataStart: dataStart, alignment: alignment,
                    fileSize: mapping.bytes.count))
        }
        try Self.checkApart(tensors)
        self.tensors = tensors
    }

    /// Bytes that two tensors share would be one's by mistake, and read, or counted, twice.
    private static func checkApart(_ tensors: [GGUFTensor]) throws(GGUFError) {
        let inOrder = tensors.sorted { $0.offset < $1.offset }
        for (first, second) in zip(inOrder, inOrder.dropFirst())
        where second.offset < first.offset + first.byteCount {
            throw .overlappingTensors(first.name, second.name)
        }
    }

    private static func checkVersion(_ cursor: inout ByteCursor) throws(GGUFError) {
        let magic = try cursor.read(UInt32.self, "the magic number")
        guard magic == 0x4655_4747 else {
            throw .notGGUF(found: withUnsafeBytes(of: magic.littleEndian) { Array($0) })
        }
        let version = try cursor.read(UInt32.self, "the version")
        if (1...3).contains(version.byteSwapped) { throw .bigEndian }
        guard (2...3).contains(version) else { throw .unsupportedVersion(found: version) }
    }

    private static func alignment(of metadata: GGUFMetadata) throws(GGUFError) -> Int {
        let key = "general.alignment"
        guard let found = metadata[key] else { return 32 }
        guard let value = metadata.integer(key), value >= 8, value & (value - 1) == 0 else {
            throw .badAlignment(found: found)
        }
        return value
    }

    private static func readValue(
        _ type: UInt32, field: String, nesting: Int, _ mapping: FileMapping,
        _ cursor: inout ByteCursor
    ) throws(GGUFError) -> GGUFValue {
        switch type {
        case 0: return .unsigned(UInt64(try cursor.read(UInt8.self, field)))
        case 1: return .integer(Int64(try cursor.read(Int8.self, field)))
        case 2: return .unsigned(UInt64(try cursor.read(UInt16.self, field)))
        case 3: return .integer(Int64(try cursor.read(Int16.self, field)))
        case 4: return .unsigned(UInt64(try cursor.read(UInt32.self, field)))
        case 5: return .integer(Int64(try cursor.read(Int32.self, field)))
        case 6: return .float(Double(Float(bitPattern: try cursor.read(UInt32.self, field))))
        case 7:
            let byte = try cursor.read(UInt8.self, field)
            guard byte <= 1 else { throw .invalidBool(field: field, found: byte) }
            return .bool(byte == 1)
        case 8: return .string(GGUFString(bytes: Array(try cursor.string(field))))
        case 9: return try readArray(field: field, nesting: nesting + 1, mapping, &cursor)
        case 10: return .unsigned(try cursor.read(UInt64.self, field))
        case 11: return .integer(try cursor.read(Int64.self, field))
        case 12: return .float(Double(bitPattern: try cursor.read(UInt64.self, field)))
        default: throw .unknownValueType(field: field, found: type)
        }
    }

    private static func readArray(
        field: String, nesting: Int, _ mapping: FileMapping, _ cursor: inout ByteCursor
    ) throws(GGUFError) -> GGUFValue {
        guard nesting <= nestingLimit else {
            throw .nestingTooDeep(field: field, limit: nestingLimit)
        }
        let type = try cursor.read(UInt32.self, "the element type of \(field)")
        if let element = numberElement(type) {
            let count = try cursor.count(of: "the size of \(field)", bytesEach: element.size)
            return .numbers(
                try GGUFNumberArray(
                    element, mapping: mapping, cursor: &cursor, count: count, field: field))
        }
        switch type {
        case 8:
            let count = try cursor.count(of: "the size of \(field)", bytesEach: 8)
            return .strings(
                try GGUFStringArray(
                    mapping: mapping, cursor: &cursor, count: count, field: field))
        case 9:
            let count = try cursor.count(of: "the size of \(field)", bytesEach: 12)
            var arrays: [GGUFValue] = []
            for index in 0..<count {
                try arrays.append(
                    readArray(
                        field: "\(field)[\(index)]", nesting: nesting + 1, mapping, &cursor))
            }
            return .arrays(arrays)
        default:
            throw .unknownValueType(field: field, found: type)
        }
    }

    private static func numberElement(_ type: UInt32) -> GGUFNumberArray.Element? {
        switch type {
        case 0: .uint8
        case 1: .int8
        case 2: .uint16
        case 3: .int16
        case 4: .uint32
        case 5: .int32
        case 6: .float32
        case 7: .bool
        case 10: .uint64
        case 11: .int64
        case 12: .float64
        default: nil
        }
    }
}
