/// The key-value pairs of a model file.
///
/// The typed accessors answer nil for a key that is missing and for a value of another kind;
/// use the subscript to tell the two apart.
package struct GGUFMetadata: Sendable {
    /// All keys in the file's order.
    package private(set) var keys: [String] = []
    private var values: [String: GGUFValue] = [:]

    package init() {}

    /// The value of `key`, whatever its kind.
    package subscript(key: String) -> GGUFValue? { values[key] }

    /// A string value that is UTF-8.
    package func string(_ key: String) -> String? {
        guard case .string(let value) = values[key] else { return nil }
        return value.text
    }

    /// An integer value, of any stored width, that fits an `Int`.
    package func integer(_ key: String) -> Int? {
        switch values[key] {
        case .unsigned(let value): Int(exactly: value)
        case .integer(let value): Int(exactly: value)
        default: nil
        }
    }

    /// A float value, or an integer value converted.
    package func double(_ key: String) -> Double? {
        switch values[key] {
        case .float(let value): value
        case .unsigned(let value): Double(value)
        case .integer(let value): Double(value)
        default: nil
        }
    }

    /// A truth value; nil if the key is not there or of another kind.
    package func bool(_ key: String) -> Bool? {
        guard case .bool(let value) = values[key] else { return nil }
        return value
    }

    /// A list of texts; nil if the key is not there or of another kind. O(1): they stay in the file.
    package func strings(_ key: String) -> GGUFStringArray? {
        guard case .strings(let array) = values[key] else { return nil }
        return array
    }

    /// An array of integers of any stored width. O(count): decoded at each call.
    package func integers(_ key: String) -> [Int]? {
        guard case .numbers(let array) = values[key] else { return nil }
        return array.integers
    }

    /// An array of floats or integers. O(count): decoded at each call.
    package func doubles(_ key: String) -> [Double]? {
        guard case .numbers(let array) = values[key] else { return nil }
        return array.doubles
    }

    /// Adds a pair; the key must be new.
    mutating func add(_ key: String, _ value: GGUFValue) throws(GGUFError) {
        guard values.updateValue(value, forKey: key) == nil else { throw .duplicateKey(key) }
        keys.append(key)
    }
}

/// One metadata value.
///
/// Integers of all widths are widened, and so are 32-bit floats. Arrays stay in the mapped file
/// and are decoded on demand.
package enum GGUFValue: Equatable, Sendable {
    case unsigned(UInt64)
    case integer(Int64)
    case float(Double)
    case bool(Bool)
    case string(GGUFString)
    /// Integers, floats or truth values.
    case numbers(GGUFNumberArray)
    case strings(GGUFStringArray)
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
    package let bytes: [UInt8]

    package init(bytes: [UInt8]) { self.bytes = bytes }

    /// The text, or nil if the bytes are not UTF-8.
    package var text: String? { String(validating: bytes, as: UTF8.self) }
}

extension GGUFString: CustomStringConvertible {
    /// The text, invalid bytes replaced by U+FFFD.
    package var description: String { String(decoding: bytes, as: UTF8.self) }
}
