// The signs before a number, and what makes digits a part of something else.

extension NumberScanner {
    /// Widens a number by the sign and currency sign before it.
    func signed(_ number: Found, notBefore limit: Int) -> Found {
        var start = number.range.lowerBound
        var isNegative = false
        var hasSign = false
        for _ in 0..<3 where start > limit {
            let before = text[start - 1]
            if before == " ", !hasSign, let minus = spacedMinus(before: start - 1) {
                guard minus >= limit else { break }
                (isNegative, hasSign) = (true, true)
                start = minus
            } else if Self.isCurrencySign(before) {
                start -= start >= 2 && scalar(start - 2) == "\\" ? 2 : 1
            } else if !hasSign, Self.signs.contains(before), isSignPosition(start - 1) {
                isNegative = before != "+" && before != "＋"
                hasSign = true
                start -= 1
            } else {
                break
            }
        }
        return Found(
            range: max(start, limit)..<number.range.upperBound,
            value: isNegative ? number.value.negated : number.value)
    }

    /// The position of a minus that stands apart from its number and is a sign: after "is", "=", ":" or
    /// an opening bracket, or at the very start. After anything else it is a dash, a bullet or an operator.
    private func spacedMinus(before space: Int) -> Int? {
        guard space > 0, Self.minusSigns.contains(text[space - 1]) else { return nil }
        let minus = space - 1
        var before = minus - 1
        while scalar(before) == " " { before -= 1 }
        guard let last = scalar(before) else { return minus }
        if "=:≈([{|".unicodeScalars.contains(last) { return minus }
        guard last.properties.isAlphabetic else { return nil }
        var start = before
        while start > before - 8, let letter = scalar(start - 1), letter.properties.isAlphabetic {
            start -= 1
        }
        let word = String(String.UnicodeScalarView(text[start...before])).lowercased()
        return Self.copulas.contains(word) ? minus : nil
    }

    /// A minus between two operands subtracts; elsewhere it is a sign.
    private func isSignPosition(_ position: Int) -> Bool {
        guard let before = scalar(position - 1) else { return true }
        return
            !(Self.isSpacedLetter(before) || isDigit(position - 1)
            || [")", "]", "}", "%"].contains(before))
    }

    /// Whether a number is a base, an exponent, an index or part of a word.
    func isPartOfWordOrPower(_ range: Range<Int>) -> Bool {
        if isBase(range) { return true }
        guard let before = scalar(range.lowerBound - 1) else { return false }
        if before == "^" || before == "_" || before == "{" && scalar(range.lowerBound - 2) == "^" {
            return true
        }
        guard Self.isLatinLetter(before) else { return false }
        var start = range.lowerBound - 1
        // No code of a currency and no command is longer.
        while start > range.lowerBound - 24, let letter = scalar(start - 1),
            Self.isLatinLetter(letter)
        {
            start -= 1
        }
        if scalar(start - 1) == "\\" { return false }
        let word = String(String.UnicodeScalarView(text[start..<range.lowerBound]))
        return !Self.currencyCodes.contains(word) && !Self.currencyCodes.contains(word.uppercased())
    }

    func isBase(_ range: Range<Int>) -> Bool {
        guard let next = scalar(range.upperBound) else { return false }
        return next == "^" && !isDegree(at: range.upperBound + 1)
            || Self.superscripts[next] != nil
    }

    /// Whether an exponent is the sign of degrees, or the ending of an ordinal.
    private func isDegree(at start: Int) -> Bool {
        ["\\circ", "{\\circ}", "{\\circ ", "o", "{o}", "°", "{th", "{st", "{nd", "{rd"].contains {
            matches($0, at: start)
        }
    }
}
