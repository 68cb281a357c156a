/// One way to read an answer.
struct MathReading {
    static let maximumLength = 2000
    /// An answer of more words is a sentence.
    private static let maximumWords = 12

    let text: String
    let tokens: [MathToken]
    /// `am` or `pm`.
    let meridiem: String?
    /// Nil where the tokens are not an expression of a known form.
    let expression: MathExpression?

    /// The readings of an answer: two where commas between digits may group or separate; none if it is too
    /// long. `units` are words that are units wherever they stand.
    static func all(of answer: String, units: Set<String>) -> [MathReading] {
        guard !answer.isEmpty, answer.utf8.count <= maximumLength else { return [] }
        let bare = withoutEmphasis(answer)
        var options = MathLexer.Options(units: units)
        let grouped = MathLexer.read(bare, options: options)
        var readings = [MathReading(bare, grouped)]
        if grouped.isAmbiguous {
            options.groupsCommas = false
            readings.append(MathReading(bare, MathLexer.read(bare, options: options)))
        }
        return readings
    }

    private init(_ text: String, _ lexed: MathLexer.Result) {
        self.text = text
        tokens = lexed.tokens
        meridiem = lexed.meridiem
        expression = MathParser.expression(of: lexed.tokens)
    }

    /// `**12**` is emphasis, not a power.
    private static func withoutEmphasis(_ answer: String) -> String {
        guard answer.hasPrefix("**"), answer.hasSuffix("**"), answer.count > 4 else {
            return answer
        }
        return String(answer.dropFirst(2).dropLast(2)).trimmed
    }

    /// Single words that stand as units here.
    var units: [String] {
        tokens.compactMap { token in
            guard case .text(let words) = token, !words.contains(" ") else { return nil }
            return words
        }
    }

    /// Whether it is an expression, or words.
    var isUnderstood: Bool {
        if let expression, MathForm(expression) != nil { return wordCount <= Self.maximumWords }
        return (isWords || isMeasure) && wordCount <= Self.maximumWords
    }

    /// Numbers and words in turn, as in `3 hours 20 minutes`: compared as it is written.
    private var isMeasure: Bool {
        guard case .number = tokens.first, case .text = tokens.last else { return false }
        return tokens.allSatisfy {
            switch $0 {
            case .number, .text: true
            default: false
            }
        }
    }

    private var wordCount: Int {
        tokens.reduce(0) { count, token in
            if case .text(let words) = token {
                count + words.split(separator: " ").count
            } else {
                count
            }
        }
    }

    /// Whether it is nothing but words, perhaps with brackets, or numbers after them, as in a date.
    var isWords: Bool {
        guard tokens.contains(where: { if case .text = $0 { true } else { false } }) else {
            return false
        }
        var hasText = false
        for token in tokens {
            switch token {
            case .text: hasText = true
            case .number, .symbol: if !hasText { return false }
            case .sign("("), .sign(")"), .sign(","), .sign("."), .sign(":"): break
            case .sign, .command: return false
            }
        }
        return true
    }

    /// What is compared of words: all but case, spacing, brackets and points; where there are digits, the
    /// signs between them count.
    var words: String {
        let plain = LaTeXText.plain(text).lowercased().trimmed
        guard plain.contains(where: \.isNumber) else {
            return plain.filter { $0.isLetter || $0 == "," }
        }
        var kept = plain.filter { !$0.isWhitespace && !"(){}$\\".contains($0) }
        if kept.last == "." { kept.removeLast() }
        return kept
    }
}
