extension MathLexer {
    /// Digits with their grouping, decimals and exponent, such as `1{,}000.5` or `1.2e6`.
    mutating func readNumber() {
        let previous = result.tokens.last
        var digits = readDigits()
        if let groups = plainGroups(after: digits) {
            for group in groups {
                position += 1 + group.count
                digits += group
            }
        } else {
            while !digits.isEmpty, digits.first != "0", let mark = groupingMark(after: digits) {
                position += mark
                digits += readDigits()
            }
        }
        if position < text.count, text[position] == ".",
            isDigit(position + 1) || starts(with: "\\overline", at: position + 1)
        {
            position += 1
            digits += "." + readDigits()
        }
        result.tokens.append(.number(digits.hasPrefix(".") ? "0" + digits : digits))
        // Of `2e3` the e is an exponent's, of `2e` and `x2e3` it is not.
        if case .symbol = previous { return }
        readExponent()
    }

    private mutating func readDigits() -> String {
        let digits = text[position...].prefix { ("0"..."9").contains($0) }
        position = digits.endIndex
        return String(digits)
    }

    private func digits(at start: Int) -> ArraySlice<Character> {
        text[min(start, text.count)...].prefix { ("0"..."9").contains($0) }
    }

    /// The groups of `1,234,567` after its first one, if plain commas group here.
    ///
    /// All numbers joined by commas without a space must fit: `1,2,345` is a list. A group that begins
    /// with 0 is no number of its own, so it settles the question; otherwise it depends on the reading,
    /// and inside brackets the commas separate.
    private mutating func plainGroups(after first: String) -> [String]? {
        guard (1...3).contains(first.count), !first.hasPrefix("0"), !isAfterListComma else {
            return nil
        }
        var groups: [String] = []
        var next = position
        while next < text.count, text[next] == ",", isDigit(next + 1) {
            let group = digits(at: next + 1)
            groups.append(String(group))
            next = group.endIndex
        }
        guard !groups.isEmpty, groups.allSatisfy({ $0.count == 3 }) else { return nil }
        if groups.contains(where: { $0.hasPrefix("0") }) { return groups }
        guard depth == 0 else { return nil }
        result.isAmbiguous = true
        return options.groupsCommas ? groups : nil
    }

    /// Whether a comma stands right before this number and another number before that.
    private var isAfterListComma: Bool {
        var start = position
        while isDigit(start - 1) { start -= 1 }
        return start >= 2 && text[start - 1] == "," && isDigit(start - 2)
    }

    /// The length of a mark that always groups, before exactly three digits: `{,}`, `,\!`, `\,`, a
    /// space of any kind; nil if none follows.
    private func groupingMark(after digits: String) -> Int? {
        guard digits.count <= 3 || digits.count.isMultiple(of: 3) || digits.count % 3 <= 2 else {
            return nil
        }
        var next = position
        while starts(with: " ", at: next), starts(with: "\\", at: next + 1) { next += 1 }
        let mark = Self.groupingMarks.first { starts(with: $0, at: next) }
        guard let mark else { return nil }
        next += mark.count
        if mark == "," || mark == "{,}" {
            while starts(with: " ", at: next) { next += 1 }
            if starts(with: "\\!", at: next) {
                next += 2
            } else if mark == "," {
                return nil
            }
        }
        if mark != " " { while starts(with: " ", at: next) { next += 1 } }
        let group = self.digits(at: next)
        // A quotient after a space makes a mixed number: `3 100/101`.
        let isPlain = group.count == 3 && !(mark == " " && starts(with: "/", at: group.endIndex))
        return isPlain ? next - position : nil
    }

    private static let groupingMarks = [
        "{,}", "\\!", ",", "\\,", "\\ ", "\\;", "\\:", "~", " ", "\u{A0}", "\u{2009}", "\u{202F}",
    ]

    /// The `e6` of `1.2e6`, as a product with a power of ten.
    private mutating func readExponent() {
        guard position < text.count, "eE".contains(text[position]) else { return }
        var next = position + 1
        let sign: [MathToken] = starts(with: "-", at: next) ? [.sign("-")] : []
        if starts(with: "-", at: next) || starts(with: "+", at: next) { next += 1 }
        let exponent = digits(at: next)
        guard !exponent.isEmpty, exponent.count <= 6 else { return }
        position = exponent.endIndex
        result.tokens +=
            [.sign("*"), .number("10"), .sign("^"), .sign("{")] + sign
            + [.number(String(exponent)), .sign("}")]
    }
}
