/// What a pre-tokenizer's pattern distinguishes.
enum ScalarClass: UInt8 {
    /// `\p{L}`.
    case letter
    /// `\p{N}`.
    case number
    /// `\s` without CR and LF.
    case space
    /// CR or LF.
    case lineBreak
    /// Everything else: punctuation, symbols, marks, controls.
    case other

    init(_ scalar: Unicode.Scalar) {
        if scalar.isASCII {
            self = Self.ofASCII[Int(scalar.value)]
            return
        }
        switch scalar.properties.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter:
            self = .letter
        case .decimalNumber, .letterNumber, .otherNumber:
            self = .number
        default:
            self = scalar.properties.isWhitespace ? .space : .other
        }
    }

    private static let ofASCII: [ScalarClass] = (0..<128).map { value in
        switch UInt8(value) {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): .letter
        case UInt8(ascii: "0")...UInt8(ascii: "9"): .number
        case 0x0A, 0x0D: .lineBreak
        case 0x09...0x0D, 0x20: .space
        default: .other
        }
    }
}

/// A text as the pre-tokenizers read it: one class per scalar, and where its bytes start.
struct ClassifiedText {
    /// The class of each scalar.
    private(set) var classes: [ScalarClass] = []
    /// Where each scalar starts in the UTF-8 text, and at the end the text's length.
    private(set) var offsets: [Int] = []
    /// Each scalar if it is ASCII, else 0.
    private(set) var ascii: [UInt8] = []

    /// The number of scalars.
    var count: Int { classes.count }

    /// Classifies UTF-8 text. O(bytes).
    init(_ text: UnsafeBufferPointer<UInt8>) {
        classes.reserveCapacity(text.count)
        offsets.reserveCapacity(text.count + 1)
        ascii.reserveCapacity(text.count)
        var decoder = UTF8()
        var bytes = text.makeIterator()
        var offset = 0
        while case .scalarValue(let scalar) = decoder.decode(&bytes) {
            classes.append(ScalarClass(scalar))
            offsets.append(offset)
            ascii.append(scalar.isASCII ? UInt8(scalar.value) : 0)
            offset += UTF8.width(scalar)
        }
        offsets.append(offset)
    }
}
