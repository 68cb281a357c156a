extension MathLexer {
    // MARK: Words

    /// Letters: words in a text command, else variables unless they are known or plainly a word.
    mutating func readWord() {
        let start = position
        while position < text.count, isPartOfWord(position) { position += 1 }
        let word = String(text[start..<position])
        let lower = word.lowercased().filter { $0 != "." }
        if readKnownWord(lower, isLong: word.count > 1) { return }
        if isWords {
            readPlainWord(word, lower)
        } else if isUnit(word, lower) || isProse(word, lower, from: start) {
            appendText(lower)
        } else {
            result.tokens += word.filter { $0 != "." }.map(MathToken.symbol)
        }
    }

    /// In a text command the points of `a.m.` belong to the word.
    private func isPartOfWord(_ index: Int) -> Bool {
        let character = text[index]
        if character.isASCII && character.isLetter { return true }
        guard isWords else { return false }
        return character.isLetter || character == "'" || character == "-"
            || character == "."
                && (starts(with: ".m", at: index) || index >= 2 && isMeridiem(index))
    }

    private func isMeridiem(_ end: Int) -> Bool {
        (text[end - 1] == "m" || text[end - 1] == "M") && text[end - 2] == "."
    }

    /// Words with a meaning of their own, in a text command or out of it.
    private mutating func readKnownWord(_ word: String, isLong: Bool) -> Bool {
        let isAfterNumber = if case .number = result.tokens.last { true } else { false }
        switch word {
        case "and": append(",")
        case "or": result.tokens.append(.command("or"))
        case "negative", "minus": append("-")
        case "positive", "plus": if word == "plus" { append("+") }
        case "am" where isAfterNumber, "pm" where isAfterNumber: result.meridiem = word
        case "st" where isAfterNumber, "nd" where isAfterNumber, "rd" where isAfterNumber,
            "th" where isAfterNumber:
            break
        default:
            if isAfterNumber, let zeros = MathVocabulary.multipliers[word] {
                result.tokens += [.sign("*"), .number("1" + String(repeating: "0", count: zeros))]
            } else if isLong, !isWords, let token = MathVocabulary.plainWords[word] {
                result.tokens.append(token)
            } else {
                return false
            }
        }
        return true
    }

    private mutating func readPlainWord(_ word: String, _ lower: String) {
        if word.count == 1, let letter = word.first, letter.isASCII,
            !MathVocabulary.letterUnits.contains(letter),
            lower != "a" || text.count == 1
                || letter.isUppercase
        {
            result.tokens.append(.symbol(letter))
        } else {
            appendText(lower)
        }
    }

    /// Words in a row are one text.
    private mutating func appendText(_ word: String) {
        if case .text(let before) = result.tokens.last {
            result.tokens[result.tokens.count - 1] = .text("\(before) \(word)")
        } else {
            result.tokens.append(.text(word))
        }
    }

    private func isUnit(_ word: String, _ lower: String) -> Bool {
        if options.units.contains(lower) || MathVocabulary.units.contains(lower) { return true }
        if lower == "in", case .number = result.tokens.last { return true }
        return false
    }

    /// Whether letters in mathematics are prose: four or more, not all capital (`ABCD` is a figure),
    /// or a small word such as "is"; apart from what is before.
    private func isProse(_ word: String, _ lower: String, from start: Int) -> Bool {
        let isApart = start == 0 || !(isDigit(start - 1) || "_^\\".contains(text[start - 1]))
        guard isApart, word != word.uppercased() else { return false }
        if word.count >= 4 { return true }
        let isSpaced =
            (start == 0 || text[start - 1] == " ")
            && (position == text.count || text[position] == " ")
        return word.count > 1 && isSpaced && MathVocabulary.fillers.contains(lower)
    }

    // MARK: Commands

    mutating func readCommand() {
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
        } else if MathVocabulary.fonts.contains(name) {
            readFont(name)
        } else if MathVocabulary.dropped.contains(name) {
            skipOption()
            _ = braced()
        } else if name == "begin" || name == "end" {
            readEnvironment(name)
        } else if let token = MathVocabulary.commands[name] {
            if case .sign(let sign) = token { append(sign) } else { result.tokens.append(token) }
        } else if !MathVocabulary.ignoredCommands.contains(name) {
            result.tokens.append(.command(name))
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

    /// `\begin{array}{cc}`: what the columns look like says nothing.
    private mutating func readEnvironment(_ name: String) {
        let kind = braced().map { String($0.filter { $0 != "*" && $0 != " " }) } ?? ""
        if name == "begin", kind == "array" || kind == "tabular" {
            skipOption()
            _ = braced()
        }
        result.tokens.append(.command("\(name) \(kind)"))
    }

    /// The content of a text command: words, and the numbers and signs among them.
    private mutating func readText() {
        guard let content = braced() else { return }
        append(content, isWords: true)
    }

    /// `\mathbf{12}` is 12, `\mathrm{cm}` is a word, `\mathbb{R}` the real numbers.
    private mutating func readFont(_ name: String) {
        guard let content = braced() else { return }
        let word = String(content).trimmed
        let isLetters = word.allSatisfy { $0.isASCII && $0.isLetter }
        if name == "mathbb", word == "R" {
            result.tokens.append(.command("reals"))
        } else if isLetters, MathVocabulary.functions.contains(word) {
            result.tokens.append(.command(word))
        } else {
            let isWords =
                isLetters && word.count > 1 && word != word.uppercased()
                || isLetters && name == "operatorname"
                || name == "mathrm" && word.count == 1 && word != "e" && word != "i"
            append(content, isWords: isWords)
        }
    }

    private mutating func append(_ content: ArraySlice<Character>, isWords: Bool) {
        guard level < Self.maximumLevel else { return result.tokens.append(.sign("…")) }
        var inner = MathLexer(
            Array(content), options: options, isWords: isWords, level: level + 1)
        inner.depth = depth
        inner.result.tokens = Array(result.tokens.suffix(1))
        let before = inner.result.tokens.count
        inner.readAll()
        result.tokens.removeLast(before)
        result.tokens += inner.result.tokens
        result.isAmbiguous = result.isAmbiguous || inner.result.isAmbiguous
        result.meridiem = inner.result.meridiem ?? result.meridiem
    }
}
