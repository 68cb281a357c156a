/// Reads the argument of a box that has no braces.
///
/// TeX takes one token, but a number and a word are meant whole; what multiplies or raises them without a
/// space between belongs to them too (`\boxed 2\pi`, `\boxed x^2`).
struct BoxArgument {
    let text: [Unicode.Scalar]

    /// Longer arguments are no answers.
    private static let maximumLength = 200
    private static let maximumParts = 20
    /// `\frac\frac12 3` and deeper.
    private static let maximumLevel = 3

    /// The index after the argument that begins at `start`; nil if none does.
    func end(at start: Int) -> Int? {
        guard var end = first(at: start) else { return nil }
        let isNumber = isDigit(end - 1)
        for _ in 0..<Self.maximumParts {
            guard let next = scalar(end) else { break }
            if next == "^" || next == "_", let raised = part(at: end + 1) {
                end = raised
            } else if next == "%" || next == "!" {
                end += 1
            } else if isNumber, next == "π" || next == "√" || isLetter(end) {
                end += 1
            } else if isNumber, next == "\\", isLetter(end + 1), !begins("text", at: end + 1),
                let command = command(at: end)
            {
                end = command
            } else {
                break
            }
        }
        return end
    }

    private func first(at start: Int) -> Int? {
        guard let scalar = scalar(start) else { return nil }
        switch scalar {
        case "-", "+", "−": return isDigit(start + 1) ? number(at: start + 1) : nil
        case "(", "[": return bracketed(at: start)
        case "\\" where self.scalar(start + 1) == "$": return number(at: start + 2)
        case "\\" where self.scalar(start + 1) == "{": return set(at: start)
        case _ where isDigit(start) || scalar == "." && isDigit(start + 1): return number(at: start)
        case _ where isLetter(start):
            return start
                + text[start...].prefix(Self.maximumLength).prefix(while: Self.isLetter).count
        case "\\": return command(at: start)
        case _ where scalar.properties.isAlphabetic || scalar == "√" || scalar == "∞":
            return isDigit(start + 1) ? number(at: start + 1) : start + 1
        default: return nil
        }
    }

    /// A braced group, or one scalar or command.
    private func part(at start: Int, level: Int = 0) -> Int? {
        guard let scalar = scalar(start), !scalar.properties.isWhitespace else { return nil }
        switch scalar {
        case "{": return closing("{", "}", from: start)
        case "\\": return command(at: start, level: level + 1)
        case "}", "$", ")": return nil
        default: return start + 1
        }
    }

    /// Digits with their separators.
    private func number(at start: Int) -> Int? {
        var end = start
        while end - start < Self.maximumLength {
            if isDigit(end) {
                end += 1
            } else if scalar(end) == "." || scalar(end) == ",", isDigit(end + 1) {
                end += 1
            } else {
                break
            }
        }
        return end > start ? end : nil
    }

    /// A command with as many arguments as it takes.
    private func command(at backslash: Int, level: Int = 0) -> Int? {
        guard level <= Self.maximumLevel else { return nil }
        let name = text[(backslash + 1)...].prefix(20).prefix(while: Self.isLetter)
        guard !name.isEmpty, BoxedAnswer.commandEnd(at: backslash, in: text) == nil else {
            return nil
        }
        let word = String(String.UnicodeScalarView(name))
        var end = name.endIndex
        if word == "sqrt", scalar(end) == "[" {
            guard let closed = closing("[", "]", from: end) else { return nil }
            end = closed
        }
        for _ in 0..<(Self.arguments[word] ?? 0) {
            while scalar(end) == " " { end += 1 }
            guard let next = part(at: end, level: level) else { return nil }
            end = next
        }
        return end
    }

    private func bracketed(at start: Int) -> Int? {
        var depth = 0
        for position in start..<min(start + Self.maximumLength, text.count) {
            if "([".unicodeScalars.contains(text[position]) { depth += 1 }
            if ")]".unicodeScalars.contains(text[position]) { depth -= 1 }
            if depth == 0 { return position + 1 }
        }
        return nil
    }

    private func set(at start: Int) -> Int? {
        let rest = text[start...].prefix(Self.maximumLength)
        return rest.indices.first { text[$0] == "}" && text[$0 - 1] == "\\" }.map { $0 + 1 }
    }

    private func closing(_ open: Unicode.Scalar, _ close: Unicode.Scalar, from start: Int) -> Int? {
        var depth = 0
        for position in start..<min(start + Self.maximumLength, text.count) {
            if text[position] == open { depth += 1 }
            if text[position] == close { depth -= 1 }
            if depth == 0 { return position + 1 }
        }
        return nil
    }

    // MARK: Scalars

    private func scalar(_ index: Int) -> Unicode.Scalar? {
        text.indices.contains(index) ? text[index] : nil
    }

    private func isDigit(_ index: Int) -> Bool {
        scalar(index).map { ("0"..."9").contains($0) } ?? false
    }

    private func isLetter(_ index: Int) -> Bool {
        scalar(index).map(Self.isLetter) ?? false
    }

    private func begins(_ word: String, at index: Int) -> Bool {
        text[min(index, text.count)...].starts(with: word.unicodeScalars)
    }

    private static func isLetter(_ scalar: Unicode.Scalar) -> Bool {
        ("a"..."z").contains(scalar) || ("A"..."Z").contains(scalar)
    }

    private static let arguments: [String: Int] = [
        "frac": 2, "dfrac": 2, "tfrac": 2, "cfrac": 2, "binom": 2, "dbinom": 2, "sqrt": 1,
        "text": 1, "textbf": 1, "textrm": 1, "textit": 1, "mathrm": 1, "mathbf": 1, "mbox": 1,
        "overline": 1, "underline": 1, "vec": 1, "hat": 1,
    ]
}
