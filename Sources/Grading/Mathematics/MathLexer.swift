/// Cuts a LaTeX answer into tokens and drops what does not change its value: spacing, sizes, colours,
/// math delimiters, dollar, percent and degree signs, digit grouping.
struct MathLexer {
    /// How the places that can be read in two ways are read.
    struct Options: Sendable {
        /// Whether `70,110` is one number; otherwise it is two.
        var groupsCommas = true
        /// Words that are units although they stand outside a text command, such as the other answer's.
        var units: Set<String> = []
    }

    /// An answer's tokens and what was seen on the way.
    struct Result {
        var tokens: [MathToken]
        /// Whether a comma between digits could be read in two ways.
        var isAmbiguous = false
        /// `am` or `pm`.
        var meridiem: String?
    }

    let text: [Character]
    let options: Options
    /// Inside a text command letters are words, elsewhere they are variables.
    let isWords: Bool
    /// How many text commands this one stands in.
    let level: Int
    var position = 0
    /// Open brackets: inside them a comma separates, outside it may group digits.
    var depth = 0
    var result = Result(tokens: [])
    /// Where the brace that opens at an index closes.
    let closers: [Int: Int]

    static let maximumLevel = 8

    init(_ text: [Character], options: Options, isWords: Bool = false, level: Int = 0) {
        self.text = text
        self.options = options
        self.isWords = isWords
        self.level = level
        closers = Self.closers(in: text)
    }

    /// The tokens of an answer. O(length).
    static func read(_ answer: String, options: Options = Options()) -> Result {
        var lexer = MathLexer(Array(answer), options: options)
        lexer.readAll()
        lexer.result.tokens = MathTokenPasses.tidied(lexer.result.tokens)
        return lexer.result
    }

    mutating func readAll() {
        while position < text.count { readToken() }
    }

    private mutating func readToken() {
        let character = text[position]
        switch character {
        case "\\": readCommand()
        case "0"..."9": readNumber()
        case "." where isDigit(position + 1): readNumber()
        case _ where character.isASCII && character.isLetter: readWord()
        case _ where MathVocabulary.raised[character] != nil:
            readScript(MathVocabulary.raised, sign: "^")
        case _ where MathVocabulary.lowered[character] != nil:
            readScript(MathVocabulary.lowered, sign: "_")
        default:
            if let (written, tokens) = MathVocabulary.signs.first(where: {
                starts(with: $0.written, at: position)
            }) {
                position += written.count
                result.tokens += tokens
                return
            }
            position += 1
            if let tokens = MathVocabulary.unicode[character] {
                result.tokens += tokens
            } else if !MathVocabulary.ignoredCharacters.contains(character), !character.isWhitespace
            {
                append(character)
            }
        }
    }

    mutating func append(_ sign: Character) {
        if "([⦃".contains(sign) { depth += 1 }
        if ")]⦄".contains(sign) { depth = max(0, depth - 1) }
        result.tokens.append(.sign(sign))
    }

    /// `⁻³` and `₁₂` as braced groups.
    private mutating func readScript(_ values: [Character: Character], sign: Character) {
        var written: [Character] = []
        while position < text.count, let value = values[text[position]] {
            written.append(value)
            position += 1
        }
        var inner = MathLexer(written, options: options, level: level)
        inner.depth = 1
        inner.readAll()
        result.tokens += [.sign(sign), .sign("{")] + inner.result.tokens + [.sign("}")]
    }

    // MARK: Parts

    /// The content of the braces that follow, passed over; nil if none follow or they do not close.
    mutating func braced() -> ArraySlice<Character>? {
        var start = position
        while start < text.count, text[start] == " " { start += 1 }
        guard start < text.count, let end = closers[start] else { return nil }
        position = end + 1
        return text[(start + 1)..<end]
    }

    /// Passes over `[...]`, if it follows.
    mutating func skipOption() {
        guard position < text.count, text[position] == "[",
            let end = text[position...].firstIndex(of: "]")
        else { return }
        position = end + 1
    }

    func isDigit(_ index: Int) -> Bool {
        text.indices.contains(index) && ("0"..."9").contains(text[index])
    }

    func starts(with word: String, at index: Int) -> Bool {
        text[min(index, text.count)...].starts(with: word)
    }

    private static func closers(in text: [Character]) -> [Int: Int] {
        var closers: [Int: Int] = [:]
        var open: [Int] = []
        var position = 0
        while position < text.count {
            switch text[position] {
            case "\\": position += 1
            case "{": open.append(position)
            case "}": if let start = open.popLast() { closers[start] = position }
            default: break
            }
            position += 1
        }
        return closers
    }
}
