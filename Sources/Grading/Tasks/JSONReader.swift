/// Reads one JSON text (RFC 8259) into row values, with every number as it is written.
///
/// A gold answer is compared exactly, so no number may pass through a `Double` on its way; and a truth
/// value must not become the number 1. A key that occurs twice is refused.
struct JSONReader {
    private let text: [UInt8]
    private var position = 0
    private var depth = 0

    private static let deepest = 100

    /// The value that a text is; nil if it is no JSON text, or more than one.
    static func value(of text: some Sequence<UInt8>) -> RowValue? {
        var reader = JSONReader(text: Array(text))
        guard let value = reader.value() else { return nil }
        reader.skipSpace()
        return reader.position == reader.text.count ? value : nil
    }

    private init(text: [UInt8]) { self.text = text }

    private var current: UInt8? { position < text.count ? text[position] : nil }

    private mutating func skipSpace() {
        while let byte = current, [0x20, 0x09, 0x0A, 0x0D].contains(byte) { position += 1 }
    }

    private mutating func take(_ byte: Character) -> Bool {
        guard let wanted = byte.asciiValue, current == wanted else { return false }
        position += 1
        return true
    }

    private mutating func value() -> RowValue? {
        skipSpace()
        switch current {
        case UInt8(ascii: "{"): return object()
        case UInt8(ascii: "["): return list()
        case UInt8(ascii: "\""): return string().map(RowValue.text)
        case UInt8(ascii: "t"): return word("true") ? .truth(true) : nil
        case UInt8(ascii: "f"): return word("false") ? .truth(false) : nil
        case UInt8(ascii: "n"): return word("null") ? .null : nil
        default: return number()
        }
    }

    private mutating func word(_ word: String) -> Bool {
        guard text[position...].starts(with: word.utf8) else { return false }
        position += word.utf8.count
        return true
    }

    private mutating func object() -> RowValue? {
        depth += 1
        defer { depth -= 1 }
        guard depth <= Self.deepest, take("{") else { return nil }
        var members: [String: RowValue] = [:]
        skipSpace()
        if take("}") { return .object(members) }
        repeat {
            skipSpace()
            guard let key = string() else { return nil }
            skipSpace()
            guard take(":"), let value = value(), members.updateValue(value, forKey: key) == nil
            else { return nil }
            skipSpace()
        } while take(",")
        return take("}") ? .object(members) : nil
    }

    private mutating func list() -> RowValue? {
        depth += 1
        defer { depth -= 1 }
        guard depth <= Self.deepest, take("[") else { return nil }
        var members: [RowValue] = []
        skipSpace()
        if take("]") { return .list(members) }
        repeat {
            guard let value = value() else { return nil }
            members.append(value)
            skipSpace()
        } while take(",")
        return take("]") ? .list(members) : nil
    }

    private mutating func number() -> RowValue? {
        let start = position
        _ = take("-")
        let whole = digits()
        guard whole > 0, whole == 1 || text[position - whole] != UInt8(ascii: "0") else {
            return nil
        }
        if take("."), digits() == 0 { return nil }
        if take("e") || take("E") {
            if !take("-") { _ = take("+") }
            guard digits() > 0 else { return nil }
        }
        let written = String(decoding: text[start..<position], as: UTF8.self)
        return Int(written).map(RowValue.integer) ?? .number(written)
    }

    private mutating func digits() -> Int {
        let start = position
        while let byte = current, (0x30...0x39).contains(byte) { position += 1 }
        return position - start
    }

    private mutating func string() -> String? {
        guard take("\"") else { return nil }
        var bytes: [UInt8] = []
        while let byte = current {
            position += 1
            switch byte {
            case UInt8(ascii: "\""): return String(validating: bytes, as: UTF8.self)
            case UInt8(ascii: "\\"):
                guard let scalar = escape() else { return nil }
                bytes.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
            case ..<0x20: return nil
            default: bytes.append(byte)
            }
        }
        return nil
    }

    private mutating func escape() -> Unicode.Scalar? {
        guard let byte = current else { return nil }
        position += 1
        switch byte {
        case UInt8(ascii: "n"): return "\n"
        case UInt8(ascii: "t"): return "\t"
        case UInt8(ascii: "r"): return "\r"
        case UInt8(ascii: "b"): return "\u{8}"
        case UInt8(ascii: "f"): return "\u{C}"
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return Unicode.Scalar(byte)
        case UInt8(ascii: "u"):
            guard let unit = unit() else { return nil }
            guard (0xD800..<0xDC00).contains(unit) else { return Unicode.Scalar(unit) }
            // A pair of surrogates is one scalar.
            guard take("\\"), take("u"), let low = self.unit(), (0xDC00..<0xE000).contains(low)
            else { return nil }
            return Unicode.Scalar(0x10000 + (unit - 0xD800) << 10 + (low - 0xDC00))
        default: return nil
        }
    }

    private mutating func unit() -> UInt32? {
        guard position + 4 <= text.count else { return nil }
        let digits = text[position..<(position + 4)]
        guard digits.allSatisfy({ Character(Unicode.Scalar($0)).isHexDigit }) else { return nil }
        position += 4
        return UInt32(String(decoding: digits, as: UTF8.self), radix: 16)
    }
}
