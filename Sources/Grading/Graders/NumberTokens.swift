/// What an answer that should be one number is made of, for `NumberParser`.
enum NumberToken: Equatable {
    case number(ExactNumber)
    case plus
    case minus
    case slash
    /// A product, a power, a root, a relation, an ellipsis: whatever is refused rather than read in part.
    case refused
    case open
    case close
    case bar
    case fraction
    case word(String)
    /// What may stand beside a number without changing it: a unit's sign, a quotation mark, a full stop.
    case mark
    case comma
    case separator
}

/// A token and whether white space stands before it.
struct SpacedNumberToken: Equatable {
    let token: NumberToken
    let afterSpace: Bool
    /// The scalars it takes up.
    let range: Range<Int>
}

/// Takes an answer apart.
struct NumberTokens {
    private let text: [Unicode.Scalar]
    private let scanner: NumberScanner

    /// - Parameter text: without LaTeX styles (`LaTeXText.plain`).
    init(_ text: [Unicode.Scalar], convention: NumberConvention) {
        // Full-width forms are the ASCII ones, 0xFEE0 further on.
        let plain = text.map { scalar in
            (0xFF01...0xFF5E).contains(scalar.value)
                ? Unicode.Scalar(scalar.value - 0xFEE0) ?? scalar : scalar
        }
        self.text = plain
        scanner = NumberScanner(text: plain, convention: convention, groupsBySpace: true)
    }

    /// All tokens, in order. O(length).
    func all() -> [SpacedNumberToken] {
        var tokens: [SpacedNumberToken] = []
        var position = 0
        var afterSpace = false
        while position < text.count {
            if text[position].properties.isWhitespace {
                afterSpace = true
                position += 1
                continue
            }
            let (token, end) = token(at: position)
            tokens.append(
                SpacedNumberToken(token: token, afterSpace: afterSpace, range: position..<end))
            afterSpace = false
            position = end
        }
        return tokens
    }

    private func token(at start: Int) -> (NumberToken, end: Int) {
        if let number = scanner.unsigned(at: start) {
            let end = number.range.upperBound
            if scanner.isPartOfWordOrPower(number.range) { return (.refused, end) }
            return (.number(number.value), end)
        }
        let scalar = text[start]
        if scalar == "\\" { return command(at: start) }
        if NumberScanner.decimalDigit(scalar) != nil || NumberScanner.superscripts[scalar] != nil {
            return (.refused, start + 1)
        }
        if NumberScanner.minusSigns.contains(scalar) {
            // An en dash between digits is a range.
            let isRange =
                scalar == "\u{2013}" && start > 0
                && NumberScanner.decimalDigit(text[start - 1]) != nil
            return (isRange ? .refused : .minus, start + 1)
        }
        if isWordPart(scalar) { return word(at: start) }
        if NumberScanner.isCurrencySign(scalar) { return (.mark, start + 1) }
        switch scalar {
        case "+": return (.plus, start + 1)
        case "/", "⁄": return (.slash, start + 1)
        case "(", "[", "{": return (.open, start + 1)
        case ")", "]", "}": return (.close, start + 1)
        case "|": return (.bar, start + 1)
        case "^": return power(at: start)
        case "_": return base(at: start)
        case ",", "、": return (.comma, start + 1)
        case ":", ";": return (.separator, start + 1)
        case ".":
            let dots = text[start...].prefix { $0 == "." }.count
            return (dots > 1 ? .refused : .mark, start + dots)
        case "%", "‰", "°", "\"", "'", "“", "”", "‘", "’", "`", "«", "»", "?", "。", "#", "&", "$",
            "।":
            return (.mark, start + 1)
        default: return (.refused, start + 1)
        }
    }

    private func isWordPart(_ scalar: Unicode.Scalar) -> Bool {
        scalar.properties.isAlphabetic || scalar.properties.generalCategory == .nonspacingMark
            || scalar.properties.generalCategory == .spacingMark
    }

    /// A word, the exponent of its unit included: `cm^2`, `cm^{2}`, `m²`, `m2`.
    private func word(at start: Int) -> (NumberToken, end: Int) {
        let letters = text[start...].prefix(while: isWordPart)
        var end = letters.endIndex
        let word = String(String.UnicodeScalarView(letters))
        if let next = scalar(end) {
            if NumberScanner.superscripts[next] != nil || next == "⁻" {
                end +=
                    text[end...].prefix { NumberScanner.superscripts[$0] != nil || $0 == "⁻" }
                    .count
            } else if next == "^" {
                end +=
                    1
                    + text[(end + 1)...].prefix { "{}-0123456789".unicodeScalars.contains($0) }
                    .count
            } else if next.isASCII, NumberScanner.decimalDigit(next) != nil, isLatin(text[end - 1]),
                scanner.unsigned(at: end).map({ scanner.isPartOfWordOrPower($0.range) }) ?? true
            {
                end += text[end...].prefix { NumberScanner.decimalDigit($0) != nil }.count
            }
        }
        return (.word(word), end)
    }

    private func isLatin(_ scalar: Unicode.Scalar) -> Bool {
        scalar.value < 0x250 && scalar.properties.isAlphabetic
    }

    private func command(at start: Int) -> (NumberToken, end: Int) {
        let letters = text[(start + 1)...].prefix(24).prefix { $0.isASCII && isWordPart($0) }
        let name = String(String.UnicodeScalarView(letters))
        guard !letters.isEmpty else {
            switch scalar(start + 1) {
            case "{": return (.open, start + 2)
            case "}": return (.close, start + 2)
            case "|": return (.refused, start + 2)
            case "\\": return (.mark, start + 2)
            default: return (.mark, start + 1)
            }
        }
        let end = letters.endIndex
        switch name {
        case "frac", "dfrac", "tfrac", "cfrac": return (.fraction, end)
        case "lvert", "rvert", "vert", "mid": return (.bar, end)
        case "lbrace", "lbrack": return (.open, end)
        case "rbrace", "rbrack": return (.close, end)
        case "degree", "degrees", "circ", "percent", "dollar", "pounds", "euro", "checkmark",
            "therefore":
            return (.mark, end)
        default: return (.refused, end)
        }
    }

    /// What stands as an exponent: a sign of degrees or an ordinal's ending changes nothing.
    private func power(at start: Int) -> (NumberToken, end: Int) {
        let marks = [
            "{\\circ}", "{ \\circ }", "\\circ", "{°}", "°", "{o}", "{th}", "{st}", "{nd}", "{rd}",
        ]
        for mark in marks where text[(start + 1)...].starts(with: mark.unicodeScalars) {
            return (.mark, start + 1 + mark.unicodeScalars.count)
        }
        // The exponent of a unit whose word was a command, as in `\text{cm}^2`, has no base here.
        return (.refused, start + 1)
    }

    /// A number's base: ten changes nothing, another one does.
    private func base(at start: Int) -> (NumberToken, end: Int) {
        for ten in ["{10}", "10"] where text[(start + 1)...].starts(with: ten.unicodeScalars) {
            let end = start + 1 + ten.unicodeScalars.count
            if scalar(end).flatMap(NumberScanner.decimalDigit) == nil { return (.mark, end) }
        }
        return (text[(start + 1)...].first == "_" ? .mark : .refused, start + 1)
    }

    private func scalar(_ position: Int) -> Unicode.Scalar? {
        text.indices.contains(position) ? text[position] : nil
    }
}
