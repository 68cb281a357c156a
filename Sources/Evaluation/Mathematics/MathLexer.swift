/// Cuts a LaTeX answer into tokens and drops what does not change its value: spacing, sizes, math
/// delimiters, dollar, percent and degree signs, digit grouping.
struct MathLexer {
    private let text: [Character]
    private var position = 0
    private var tokens: [MathToken] = []
    /// Open brackets: inside them a comma separates, outside it may group digits.
    private var depth = 0

    private init(_ answer: some StringProtocol) {
        text = Array(answer)
    }

    /// The tokens of an answer. O(length).
    static func tokens(of answer: some StringProtocol) -> [MathToken] {
        var lexer = MathLexer(answer)
        while lexer.position < lexer.text.count { lexer.readToken() }
        return withoutTrailingPunctuation(withoutDegrees(lexer.tokens))
    }

    private mutating func readToken() {
        let character = text[position]
        switch character {
        case "\\": readCommand()
        case "0"..."9": readNumber()
        case "." where isDigit(position + 1): readNumber()
        case _ where character.isASCII && character.isLetter: readWord()
        default:
            position += 1
            if let command = MathVocabulary.unicodeCommands[character] {
                tokens.append(command)
            } else if let exponent = MathVocabulary.superscripts[character] {
                tokens += [.sign("^"), .number(exponent)]
            } else if let digit = character.wholeNumberValue, character.isNumber {
                tokens.append(.number(String(digit)))
            } else if !MathVocabulary.ignoredCharacters.contains(character),
                !character.isWhitespace
            {
                append(character)
            }
        }
    }

    private mutating func append(_ sign: Character) {
        if "([⦃".contains(sign) { depth += 1 }
        if ")]⦄".contains(sign) { depth = max(0, depth - 1) }
        tokens.append(.sign(sign))
    }

    // MARK: Numbers

    private mutating func readNumber() {
        var digits = readDigits()
        // Grouping: 10,080 outside brackets; 10{,}080, 10,\!080 and 10\,080 anywhere.
        while digits.count < 400, let mark = groupingMark(after: digits) {
            position += mark
            digits += readDigits()
        }
        if position < text.count, text[position] == ".",
            isDigit(position + 1) || starts(with: "\\overline", at: position + 1)
        {
            position += 1
            digits += "." + readDigits()
        }
        tokens.append(.number(digits.hasPrefix(".") ? "0" + digits : digits))
    }

    private mutating func readDigits() -> String {
        let digits = text[position...].prefix { ("0"..."9").contains($0) }
        position = digits.endIndex
        return String(digits)
    }

    /// The length of the mark before a group of exactly three digits; nil if none follows.
    private func groupingMark(after digits: String) -> Int? {
        guard digits.count <= 3 || digits.count.isMultiple(of: 3) || digits.count % 3 <= 2,
            !digits.isEmpty, !digits.hasPrefix("0")
        else { return nil }
        let marks = ["{,}", ",\\!", "\\,", "\\!"] + (depth == 0 ? [","] : [])
        for mark in marks where starts(with: mark, at: position) {
            let start = position + mark.count
            let group = text[min(start, text.count)...].prefix { ("0"..."9").contains($0) }
            if group.count == 3 { return mark.count }
        }
        return nil
    }

    // MARK: Words and commands

    private mutating func readWord() {
        let letters = text[position...].prefix { $0.isASCII && $0.isLetter }
        position = letters.endIndex
        let word = String(letters)
        if let token = MathVocabulary.plainWords[word.lowercased()], word.count > 1 {
            tokens.append(token)
        } else if MathVocabulary.units.contains(word.lowercased()) {
            tokens.append(.text(word.lowercased()))
        } else {
            tokens += letters.map(MathToken.symbol)
        }
    }

    private mutating func readCommand() {
        let letters = text[(position + 1)...].prefix { $0.isASCII && $0.isLetter }
        guard !letters.isEmpty else { return readEscape() }
        position = letters.endIndex
        let name = String(letters)
        if MathVocabulary.sizes.contains(name) {
            // `\left.` is an invisible bracket.
            if name == "left" || name == "right", position < text.count, text[position] == "." {
                position += 1
            }
        } else if MathVocabulary.textCommands.contains(name) {
            readText()
        } else if name == "begin" || name == "end" {
            tokens.append(.command("\(name) \(braced() ?? "")"))
        } else if let token = MathVocabulary.commands[name] {
            if case .sign(let sign) = token { append(sign) } else { tokens.append(token) }
        } else if !MathVocabulary.ignoredCommands.contains(name) {
            tokens.append(.command(name))
        }
    }

    private mutating func readEscape() {
        let symbol = position + 1 < text.count ? text[position + 1] : " "
        position += 2
        switch symbol {
        case "{": append("⦃")
        case "}": append("⦄")
        case "\\": append("⏎")
        case "|": append("|")
        default: break  // Spacing, delimiters and currency.
        }
    }

    private mutating func readText() {
        guard let content = braced() else { return }
        let words = content.trimmed.lowercased()
        let connectives: Set<Substring> = ["and", "or"]
        let parts = words.split { $0.isWhitespace || $0 == "," }
        if words.isEmpty || words == "," || parts.allSatisfy(connectives.contains) {
            if words.contains(",") || !parts.isEmpty { append(",") }
        } else if words.count == 1, let letter = content.trimmed.first, letter.isLetter {
            tokens.append(
                MathVocabulary.letterUnits.contains(letter) ? .text(words) : .symbol(letter))
        } else if words.first?.isLetter == true {
            tokens.append(.text(parts.joined(separator: " ")))
        } else {
            // A number in a text command is a number: \text{18 inches}.
            tokens += MathLexer.tokens(of: content)
        }
    }

    /// The content of the braces that follow, passed over; nil if none follow or they do not close.
    private mutating func braced() -> String? {
        var start = position
        while start < text.count, text[start] == " " { start += 1 }
        guard start < text.count, text[start] == "{" else { return nil }
        var level = 0
        for end in start..<text.count {
            if text[end] == "{" { level += 1 }
            if text[end] == "}" { level -= 1 }
            if level == 0 {
                position = end + 1
                return String(text[(start + 1)..<end])
            }
        }
        return nil
    }

    // MARK: Parts

    private func isDigit(_ index: Int) -> Bool {
        index < text.count && ("0"..."9").contains(text[index])
    }

    private func starts(with word: String, at index: Int) -> Bool {
        text[min(index, text.count)...].starts(with: word)
    }

    /// Drops `^\circ` and `^{\circ}`.
    private static func withoutDegrees(_ tokens: [MathToken]) -> [MathToken] {
        let forms: [[MathToken]] = [
            [.sign("^"), .command("circ")],
            [.sign("^"), .sign("{"), .command("circ"), .sign("}")],
        ]
        var kept: [MathToken] = []
        var position = 0
        while position < tokens.count {
            if let form = forms.first(where: { tokens[position...].starts(with: $0) }) {
                position += form.count
            } else {
                kept.append(tokens[position])
                position += 1
            }
        }
        return kept
    }

    private static func withoutTrailingPunctuation(_ tokens: [MathToken]) -> [MathToken] {
        var kept = tokens[...]
        while let last = kept.last, [.sign("."), .sign(","), .sign(";"), .sign(":")].contains(last)
        {
            kept.removeLast()
        }
        return Array(kept)
    }
}
