/// Builds a model file in memory, byte by byte, valid unless told otherwise.
///
/// The layout is written from the GGUF specification, apart from the reader under test, so that
/// the two check each other.
package struct TinyGGUF: Sendable {
    /// One metadata value of any kind the format has.
    package indirect enum Value: Sendable {
        case uint8(UInt8)
        case int8(Int8)
        case uint16(UInt16)
        case int16(Int16)
        case uint32(UInt32)
        case int32(Int32)
        case float32(Float)
        case bool(Bool)
        case string(String)
        case bytes([UInt8])
        case uint64(UInt64)
        case int64(Int64)
        case float64(Double)
        case array(type: UInt32, [Value])

        /// An array of strings.
        package static func strings(_ texts: [String]) -> Value {
            .array(type: 8, texts.map { text in .string(text) })
        }

        /// The number by which the format knows the kind.
        var type: UInt32 {
            switch self {
            case .uint8: 0
            case .int8: 1
            case .uint16: 2
            case .int16: 3
            case .uint32: 4
            case .int32: 5
            case .float32: 6
            case .bool: 7
            case .string, .bytes: 8
            case .array: 9
            case .uint64: 10
            case .int64: 11
            case .float64: 12
            }
        }
    }

    private struct Tensor: Sendable {
        let name: String
        let shape: [UInt64]
        let type: UInt32
        let bytes: [UInt8]
    }

    /// The format's version.
    package var version: UInt32 = 3
    /// Where the data and each tensor start: multiples of this. Also write it as
    /// `general.alignment` if it is not 32.
    package var alignment = 32
    private var pairs: [(key: String, value: Value)] = []
    private var tensors: [Tensor] = []

    /// A file without metadata and tensors.
    package init() {}

    /// Appends a pair, even one whose key is there already.
    package mutating func set(_ key: String, _ value: Value) { pairs.append((key, value)) }

    /// Appends a tensor; `shape[0]` is the number of columns, `type` ggml's type number.
    package mutating func add(tensor name: String, shape: [Int], type: UInt32, bytes: [UInt8]) {
        tensors.append(
            Tensor(name: name, shape: shape.map { UInt64($0) }, type: type, bytes: bytes))
    }

    /// The whole file.
    package func bytes() -> [UInt8] {
        var out = ByteWriter()
        out.append(Array("GGUF".utf8))
        out.append(version)
        out.append(UInt64(tensors.count))
        out.append(UInt64(pairs.count))
        for pair in pairs {
            out.append(string: Array(pair.key.utf8))
            out.append(pair.value.type)
            out.append(pair.value)
        }
        var offset = 0
        for tensor in tensors {
            out.append(string: Array(tensor.name.utf8))
            out.append(UInt32(tensor.shape.count))
            for extent in tensor.shape { out.append(extent) }
            out.append(tensor.type)
            out.append(UInt64(offset))
            offset += (tensor.bytes.count + alignment - 1) / alignment * alignment
        }
        for tensor in tensors {
            out.pad(to: alignment)
            out.append(tensor.bytes)
        }
        return out.bytes
    }

    /// The same content as a model split into `count` files: all metadata in the first, the tensors
    /// spread over all, and in each the keys that say which part it is.
    package func parts(_ count: Int) -> [TinyGGUF] {
        (0..<count).map { number in
            var part = self
            if number > 0 { part.pairs = pairs.filter { pair in pair.key == "general.alignment" } }
            part.set("split.no", .uint16(UInt16(number)))
            part.set("split.count", .uint16(UInt16(count)))
            part.set("split.tensors.count", .int32(Int32(tensors.count)))
            let bounds = (0...count).map { bound in tensors.count * bound / count }
            part.tensors = Array(tensors[bounds[number]..<bounds[number + 1]])
            return part
        }
    }

    /// Writes the file to `path`, replacing what is there.
    package func write(to path: String) throws { try writeFile(bytes(), to: path) }
}

/// Collects little-endian fields.
private struct ByteWriter {
    var bytes: [UInt8] = []

    mutating func append(_ raw: [UInt8]) { bytes.append(contentsOf: raw) }

    mutating func append(_ value: some FixedWidthInteger) {
        withUnsafeBytes(of: value.littleEndian) { raw in bytes.append(contentsOf: raw) }
    }

    mutating func append(string raw: [UInt8]) {
        append(UInt64(raw.count))
        append(raw)
    }

    mutating func append(_ value: TinyGGUF.Value) {
        switch value {
        case .uint8(let value): append(value)
        case .int8(let value): append(value)
        case .uint16(let value): append(value)
        case .int16(let value): append(value)
        case .uint32(let value): append(value)
        case .int32(let value): append(value)
        case .float32(let value): append(value.bitPattern)
        case .bool(let value): append(UInt8(value ? 1 : 0))
        case .string(let text): append(string: Array(text.utf8))
        case .bytes(let raw): append(string: raw)
        case .uint64(let value): append(value)
        case .int64(let value): append(value)
        case .float64(let value): append(value.bitPattern)
        case .array(let type, let elements):
            append(type)
            append(UInt64(elements.count))
            for element in elements { append(element) }
        }
    }

    mutating func pad(to alignment: Int) {
        let excess = bytes.count % alignment
        if excess > 0 { append([UInt8](repeating: 0, count: alignment - excess)) }
    }
}
