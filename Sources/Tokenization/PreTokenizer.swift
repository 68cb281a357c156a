// Byte-pair encoding never joins across the borders drawn here. Each family publishes its borders
// as a regular expression; these are scanners written out for them. The expressions, from
// `tokenizer.json` of the model families (`pre_tokenizer`) and OpenAI's GPT-2 `encoder.py`:
//
// gpt2     's|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+
// smollm   every \p{N} alone, then gpt2 within what lies between
// llama3   (?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}
//          | ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+
// qwen2    as llama3, but \p{N} in place of \p{N}{1,3}
//
// "(?i:" here means ASCII letters of either case. A full Unicode match would also take U+017F (long
// s) for s; the two readings differ in no text but `'` before that letter.

/// Splits text into the pieces that are encoded on their own.
enum PreTokenizer: String, CaseIterable, Sendable {
    case gpt2
    case smollm
    case llama3
    case qwen2

    /// The values of `tokenizer.ggml.pre` that are understood, and what they mean.
    static let names: [(name: String, value: PreTokenizer)] = [
        ("gpt-2", .gpt2), ("gpt2", .gpt2), ("smollm", .smollm),
        ("llama-bpe", .llama3), ("llama3", .llama3), ("llama-v3", .llama3),
        ("qwen2", .qwen2), ("deepseek-r1-qwen", .qwen2),
    ]

    /// Whether the family's tokenizer brings a text into normalisation form C first: the
    /// `normalizer` of `tokenizer.json` is NFC in Qwen's, none in the others'.
    var composes: Bool { self == .qwen2 }

    /// Passes the piece of each match to `body`, as ranges of the UTF-8 text; together they cover
    /// it. O(bytes).
    func split(_ text: ClassifiedText, _ body: (Range<Int>) -> Void) {
        let scanner = PatternScanner(text: text)
        var start = 0
        // What is left of the stretch between two numbers, for the patterns that cut there first.
        var limit = 0
        while start < text.count {
            let end: Int
            switch self {
            case .gpt2:
                end = scanner.endOfGPT2Piece(at: start, limit: text.count)
            case .smollm:
                if text.classes[start] == .number {
                    end = start + 1
                } else {
                    if start >= limit { limit = scanner.endOfRun(at: start) { $0 != .number } }
                    end = scanner.endOfGPT2Piece(at: start, limit: limit)
                }
            case .llama3:
                end = scanner.endOfLlama3Piece(at: start, digits: 3)
            case .qwen2:
                end = scanner.endOfLlama3Piece(at: start, digits: 1)
            }
            body(text.offsets[start]..<text.offsets[end])
            start = end
        }
    }
}

/// Finds where the match of a pre-tokenizer's pattern ends. Positions count scalars.
struct PatternScanner {
    let text: ClassifiedText

    /// The end of the longest run from `start` whose classes satisfy `condition`.
    func endOfRun(at start: Int, limit: Int? = nil, where condition: (ScalarClass) -> Bool) -> Int {
        let limit = limit ?? text.count
        var end = start
        while end < limit, condition(text.classes[end]) { end += 1 }
        return end
    }

    /// One match of the gpt2 pattern in a text that ends at `limit`.
    func endOfGPT2Piece(at start: Int, limit: Int) -> Int {
        if let end = endOfContraction(at: start, limit: limit, anyCase: false) { return end }
        // ` ?` may take a space before a run of letters, numbers or others.
        let first = text.ascii[start] == 0x20 && start + 1 < limit ? start + 1 : start
        let kind = text.classes[first]
        if kind == .letter || kind == .number || kind == .other {
            return endOfRun(at: first, limit: limit) { other in other == kind }
        }
        return endOfWhitespace(at: start, limit: limit)
    }

    /// One match of the llama3 pattern; `digits` is how many numbers a piece may hold.
    func endOfLlama3Piece(at start: Int, digits: Int) -> Int {
        let limit = text.count
        if let end = endOfContraction(at: start, limit: limit, anyCase: true) { return end }

        // `[^\r\n\p{L}\p{N}]?\p{L}+`
        let kind = text.classes[start]
        let followed = start + 1 < limit ? text.classes[start + 1] : nil
        if kind == .letter || (kind == .space || kind == .other) && followed == .letter {
            return endOfRun(at: start + 1) { other in other == .letter }
        }
        if kind == .number {
            return endOfRun(at: start, limit: min(start + digits, limit)) { $0 == .number }
        }
        // ` ?[^\s\p{L}\p{N}]+[\r\n]*`
        if kind == .other || text.ascii[start] == 0x20 && followed == .other {
            let end = endOfRun(at: start + 1) { other in other == .other }
            return endOfRun(at: end) { other in other == .lineBreak }
        }
        // `\s*[\r\n]+`: up to the last line break of the whitespace.
        let end = endOfRun(at: start, where: \.isWhitespace)
        if let last = text.classes[start..<end].lastIndex(of: .lineBreak) { return last + 1 }
        return endOfWhitespace(at: start, limit: limit)
    }

    /// `\s+(?!\S)|\s+`: all of the whitespace, but its last scalar is left to what follows unless
    /// it is the only one.
    private func endOfWhitespace(at start: Int, limit: Int) -> Int {
        let end = endOfRun(at: start, limit: limit, where: \.isWhitespace)
        return end == limit || end == start + 1 ? end : end - 1
    }

    /// `'s|'t|'re|'ve|'m|'ll|'d`.
    private func endOfContraction(at start: Int, limit: Int, anyCase: Bool) -> Int? {
        guard text.ascii[start] == UInt8(ascii: "'"), start + 1 < limit else { return nil }
        // Setting bit 5 turns capitals into small letters, and no other ASCII into a letter.
        let mask: UInt8 = anyCase ? 0x20 : 0
        let first = text.ascii[start + 1] | mask
        switch first {
        case UInt8(ascii: "s"), UInt8(ascii: "t"), UInt8(ascii: "m"), UInt8(ascii: "d"):
            return start + 2
        case UInt8(ascii: "r"), UInt8(ascii: "v"), UInt8(ascii: "l"):
            let wanted = first == UInt8(ascii: "l") ? UInt8(ascii: "l") : UInt8(ascii: "e")
            return start + 2 < limit && text.ascii[start + 2] | mask == wanted ? start + 3 : nil
        default:
            return nil
        }
    }
}

extension ScalarClass {
    /// `\s`.
    var isWhitespace: Bool { self == .space || self == .lineBreak }
}

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
    private(set) var classes: [ScalarClass] = []
    /// Where each scalar starts in the UTF-8 text, and at the end the text's length.
    private(set) var offsets: [Int] = []
    /// Each scalar if it is ASCII, else 0.
    private(set) var ascii: [UInt8] = []

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
