/// A word, a punctuation mark or a line's end, with what is known of it.
struct ConclusionToken: Sendable {
    enum Kind: Equatable, Sendable {
        case word
        case mark(Unicode.Scalar)
        case lineEnd
    }

    let kind: Kind
    /// The word as written; empty for marks.
    let word: String
    let lower: String
    let roles: WordRole
    /// Whether something other than another token stands before it.
    let afterSpace: Bool

    /// Whether it is one of some marks.
    func isMark(_ marks: String) -> Bool {
        if case .mark(let scalar) = kind { marks.unicodeScalars.contains(scalar) } else { false }
    }

    var isLineEnd: Bool { kind == .lineEnd }
    var isWord: Bool { kind == .word }
}

/// Takes a text apart into words and marks; the decorations that models put around letters are peeled
/// off: Markdown, LaTeX, code quotes, quotation marks, tags.
enum ConclusionTokens {
    /// The most equal marks in a row that are kept.
    private static let longestRun = 16

    /// All tokens, in order. O(length).
    static func all(of output: String) -> [ConclusionToken] {
        let text = LaTeXText.plain(withDegrees(output)).unicodeScalars.map(folded)
        var tokens: [ConclusionToken] = []
        var position = 0
        var afterSpace = true
        while position < text.count {
            let scalar = text[position]
            if isNewline(scalar) {
                tokens.append(mark(.lineEnd, afterSpace))
                afterSpace = true
                position += 1
            } else if scalar == " " || scalar.properties.isWhitespace {
                afterSpace = true
                position += 1
            } else if isDecoration(scalar) || isBracket(at: position, in: text) {
                position += 1
            } else if scalar == "<", let end = tagEnd(at: position, in: text) {
                tokens.append(mark(.lineEnd, afterSpace))
                position = end
            } else {
                position = read(at: position, of: text, into: &tokens, afterSpace)
                afterSpace = false
            }
        }
        readAsEnglish(&tokens)
        return tokens
    }

    /// Leaves words that are English, too ("car", "falls"), their English roles on every line without
    /// a word of another language. O(length).
    private static func readAsEnglish(_ tokens: inout [ConclusionToken]) {
        var start = 0
        while start < tokens.count {
            let end = tokens[start...].firstIndex(where: \.isLineEnd) ?? tokens.count
            if !tokens[start..<end].contains(where: { ConclusionLexicon.isForeign($0.lower) }) {
                for position in start..<end {
                    let token = tokens[position]
                    guard let roles = ConclusionLexicon.englishRoles(of: token.lower) else {
                        continue
                    }
                    tokens[position] = word(
                        token.word, lower: token.lower, roles, token.afterSpace)
                }
            }
            start = end + 1
        }
    }

    /// LaTeX's signs of degrees as the sign itself: `21^\circ C`.
    private static func withDegrees(_ output: String) -> String {
        guard output.contains("\\circ") || output.contains("\\degree") else { return output }
        return ["^{\\circ}", "^{\\circ }", "^\\circ ", "^\\circ", "\\degree "].reduce(output) {
            $0.replacing($1, with: "°")
        }.replacing(/\\degree(?![A-Za-z])/, with: "°")
    }

    /// Whether a script puts no spaces between words.
    static func isUnspaced(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x0E00...0x0E7F, 0x3005...0x3007, 0x3040...0x30FF, 0x3400...0x9FFF: true
        default: false
        }
    }

    // MARK: Parts

    private static func mark(
        _ kind: ConclusionToken.Kind, _ afterSpace: Bool, roles: WordRole = []
    ) -> ConclusionToken {
        ConclusionToken(kind: kind, word: "", lower: "", roles: roles, afterSpace: afterSpace)
    }

    private static func word(
        _ word: String, lower: String, _ roles: WordRole, _ afterSpace: Bool
    ) -> ConclusionToken {
        ConclusionToken(
            kind: .word, word: word, lower: lower, roles: roles, afterSpace: afterSpace)
    }

    /// Reads one token and returns the position after it.
    private static func read(
        at start: Int, of text: [Unicode.Scalar], into tokens: inout [ConclusionToken],
        _ afterSpace: Bool
    ) -> Int {
        let scalar = text[start]
        if isUnspaced(scalar) {
            let entry = ConclusionLexicon.entry(at: start, of: text)
            let length = entry?.length ?? 1
            let found = String(String.UnicodeScalarView(text[start..<(start + length)]))
            let roles = entry.map { ConclusionLexicon.roles(of: $0.word) } ?? []
            tokens.append(word(found, lower: found, roles, afterSpace))
            return start + length
        }
        if isDigit(scalar) || isNegativeNumber(at: start, in: text, afterSpace) {
            let end = numberEnd(at: start + (isDigit(scalar) ? 0 : 1), in: text)
            let number = String(String.UnicodeScalarView(text[start..<end]))
            tokens.append(word(number, lower: number, [], afterSpace))
            return end
        }
        guard isLetter(scalar) else {
            // No rule looks over more marks than that; of a longer run the rest says nothing.
            if start >= longestRun,
                text[(start - longestRun)..<start].allSatisfy({ $0 == scalar })
            {
                return text[start...].firstIndex { $0 != scalar } ?? text.count
            }
            let isYesOrNo = !scalar.isASCII
            let roles: WordRole =
                isYesOrNo ? ConclusionLexicon.roles(of: String(Character(scalar))) : []
            tokens.append(mark(.mark(scalar), afterSpace, roles: markRoles[scalar] ?? roles))
            return start + 1
        }
        var end = start + 1
        while end < text.count, isInsideWord(end, in: text) { end += 1 }
        let written = String(String.UnicodeScalarView(text[start..<end]))
        // No entry of the lexicon is longer.
        let lower = end - start > 40 ? written : written.lowercased()
        tokens.append(
            word(written, lower: lower, ConclusionLexicon.roles(of: lower), afterSpace))
        return end
    }

    private static func isInsideWord(_ position: Int, in text: [Unicode.Scalar]) -> Bool {
        let scalar = text[position]
        if isUnspaced(scalar) { return false }
        if isLetter(scalar) || isDigit(scalar) { return true }
        if scalar == "'" {
            return position + 1 < text.count && isLetter(text[position + 1])
        }
        return !scalar.isASCII
            && (scalar.properties.generalCategory == .nonspacingMark
                || scalar.properties.generalCategory == .spacingMark
                || scalar == "\u{200C}" || scalar == "\u{200D}")
    }

    private static func isNegativeNumber(
        at start: Int, in text: [Unicode.Scalar], _ afterSpace: Bool
    ) -> Bool {
        text[start] == "-" && afterSpace && start + 1 < text.count && isDigit(text[start + 1])
    }

    /// The end of digits with points or commas between them, such as `2.5`.
    private static func numberEnd(at start: Int, in text: [Unicode.Scalar]) -> Int {
        var end = start
        while end < text.count {
            if isDigit(text[end]) {
                end += 1
            } else if ".,".unicodeScalars.contains(text[end]), end + 1 < text.count,
                isDigit(text[end + 1])
            {
                end += 2
            } else {
                break
            }
        }
        return end
    }

    /// Whether a scalar is a bracket of `<C>`.
    private static func isBracket(at position: Int, in text: [Unicode.Scalar]) -> Bool {
        let opens = text[position] == "<"
        guard opens || text[position] == ">" else { return false }
        let letter = opens ? position + 1 : position - 1
        let other = opens ? position + 2 : position - 2
        guard text.indices.contains(letter), text.indices.contains(other) else { return false }
        return ("A"..."Z").contains(text[letter]) && text[other] == (opens ? ">" : "<")
    }

    /// The end of a tag such as `</think>`.
    private static func tagEnd(at start: Int, in text: [Unicode.Scalar]) -> Int? {
        let inside = text[(start + 1)...].prefix(24)
        guard let first = inside.first, first == "/" || isLetter(first),
            let end = inside.firstIndex(of: ">")
        else { return nil }
        // `<C>` is a letter in brackets.
        if end == start + 2, ("A"..."Z").contains(first) { return nil }
        return end + 1
    }

    // MARK: Scalars

    /// Full-width forms as ASCII, one sign for every dash, apostrophe and kind of newline.
    private static func folded(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
        if scalar.isASCII { return scalar }
        switch scalar.value {
        case 0xFF01...0xFF5E: return Unicode.Scalar(scalar.value - 0xFEE0) ?? scalar
        case 0x24B6...0x24E9, 0x1D400...0x1D6A3: return plainLetter(scalar)
        case 0x2019: return "'"
        case 0x2010...0x2015, 0x2212: return "-"
        case 0x2192, 0x21D2, 0x27A1: return "→"
        case 0x2028, 0x2029, 0x85: return "\n"
        default: return scalar
        }
    }

    /// Letters in circles, and the letters of mathematical alphabets, as plain ones.
    private static func plainLetter(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
        let place = (scalar.value - (scalar.value < 0x10000 ? 0x24B6 : 0x1D400)) % 52
        return Unicode.Scalar(UInt8(place < 26 ? 65 + place : 71 + place))
    }

    private static func isNewline(_ scalar: Unicode.Scalar) -> Bool {
        scalar == "\n" || scalar == "\r"
    }

    /// Emphasis, code, mathematics, headings, citations and quotation marks.
    private static func isDecoration(_ scalar: Unicode.Scalar) -> Bool {
        if scalar.isASCII { return "*_`$#\"'~".unicodeScalars.contains(scalar) }
        return "“”„‘’«»「」『』《》\u{200B}\u{FEFF}\u{FE0F}".unicodeScalars.contains(scalar)
    }

    private static func isDigit(_ scalar: Unicode.Scalar) -> Bool {
        scalar.isASCII
            ? ("0"..."9").contains(scalar) : scalar.properties.numericType == .decimal
    }

    private static func isLetter(_ scalar: Unicode.Scalar) -> Bool {
        if scalar.isASCII {
            return ("a"..."z").contains(scalar) || ("A"..."Z").contains(scalar)
        }
        return scalar.properties.isAlphabetic
    }

    private static let markRoles: [Unicode.Scalar: WordRole] = [
        "∴": [.therefore], "&": [.coordinator], "/": [.coordinator], "、": [.coordinator],
    ]
}
