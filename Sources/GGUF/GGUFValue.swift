/// One metadata value.
///
/// Integers of all widths are widened, and so are 32-bit floats. Arrays stay in the mapped file
/// and are decoded on demand.
package enum GGUFValue: Equatable, Sendable {
    /// An integer of an unsigned type.
    case unsigned(UInt64)
    /// An integer of a signed type.
    case integer(Int64)
    /// A 32-bit or 64-bit float.
    case float(Double)
    /// A truth value.
    case bool(Bool)
    /// A string, which need not be UTF-8.
    case string(GGUFString)
    /// An array of integers, floats or truth values.
    case numbers(GGUFNumberArray)
    /// An array of strings.
    case strings(GGUFStringArray)
    /// An array of arrays.
    case arrays([GGUFValue])
}

extension GGUFValue: CustomStringConvertible {
    /// The value itself, or for an array its kind and size.
    package var description: String {
        switch self {
        case .unsigned(let value): "\(value)"
        case .integer(let value): "\(value)"
        case .float(let value): "\(value)"
        case .bool(let value): "\(value)"
        case .string(let value): "\"\(value)\""
        case .numbers(let array): "an array of \(array.count) numbers"
        case .strings(let array): "an array of \(array.count) strings"
        case .arrays(let array): "an array of \(array.count) arrays"
        }
    }
}

/// A string as a model file stores it: bytes that are nearly always UTF-8.
package struct GGUFString: Hashable, Sendable {
    /// The bytes as stored.
    package let bytes: [UInt8]

    /// Keeps `bytes` as they are.
    package init(bytes: [UInt8]) { self.bytes = bytes }

    /// The text, or nil if the bytes are not UTF-8.
    package var text: String? { String(validating: bytes, as: UTF8.self) }
}

extension GGUFString: CustomStringConvertible {
    /// The text, invalid bytes replaced by U+FFFD.
    package var description: String { String(decoding: bytes, as: UTF8.self) }
}
