/// Finds the numbers written in a text and reads them exactly.
///
/// Understood: grouping by comma, apostrophe or no-break space (also the Indian 1,00,000), decimals
/// with or without a leading zero, quotients (`3/4`, `\frac{3}{4}`), mixed numbers (`1 1/2`,
/// `1\frac{1}{2}`), signs, currency signs, and the decimal digits of every script. Not numbers:
/// digits that follow a Latin letter (`H2O`), and powers (`10^5`, and the 2 of `cm^2`).
struct NumberScanner {
    /// One number and the scalars it takes up, sign and currency sign included.
    struct Found: Equatable {
        let range: Range<Int>
        let value: ExactNumber
    }

    let text: [Unicode.Scalar]
    let convention: NumberConvention

    /// Longer runs of digits are noise of a model that repeats itself, not answers.
    private static let maximumDigits = 1000
    private static let maximumRuns = 40

    /// All numbers, in order. O(length).
    func numbers() -> [Found] {
        var found: [Found] = []
        var position = 0
        while position < text.count {
            guard let unsigned = mixedNumber(at: position) else {
                position += 1
                continue
            }
            position = unsigned.range.upperBound
            if isPartOfWordOrPower(unsigned.range) { continue }
            found.append(signed(unsigned, notBefore: found.last?.range.upperBound ?? 0))
        }
        return found
    }

    // MARK: Numbers without a sign

    /// A decimal or quotient, or a whole number followed by a quotient.
    private func mixedNumber(at start: Int) -> Found? {
        if let quotient = latexQuotient(at: start) { return quotient }
        guard let first = decimal(at: start) else { return nil }
        if let quotient = slashQuotient(after: first) { return quotient }
        var next = first.range.upperBound
        if scalar(next) == " " { next += 1 }
        if first.value.denominator == .one, let part = properQuotient(at: next) {
            return Found(
                range: start..<part.range.upperBound, value: first.value + part.value)
        }
        return first
    }

    /// The `1/2` of `3 1/2` or `3\frac{1}{2}`: below one, else the two are separate numbers.
    private func properQuotient(at start: Int) -> Found? {
        var quotient = latexQuotient(at: start)
        if quotient == nil, scalar(start - 1) == " ", let first = decimal(at: start) {
            quotient = slashQuotient(after: first)
        }
        guard let quotient, quotient.value.numerator < quotient.value.denominator else {
            return nil
        }
        return quotient
    }

    private func slashQuotient(after first: Found) -> Found? {
        let slash = first.range.upperBound
        guard scalar(slash) == "/" || scalar(slash) == "⁄",
            scalar(first.range.lowerBound - 1) != "/",
            let second = decimal(at: slash + 1),
            scalar(second.range.upperBound) != "/",
            let value = first.value.divided(by: second.value)
        else { return nil }
        return Found(range: first.range.lowerBound..<second.range.upperBound, value: value)
    }

    private func latexQuotient(at start: Int) -> Found? {
        guard scalar(start) == "\\" else { return nil }
        for command in ["\\frac{", "\\dfrac{", "\\tfrac{"] where matches(command, at: start) {
            guard let top = decimal(at: start + command.unicodeScalars.count),
                matches("}{", at: top.range.upperBound),
                let bottom = decimal(at: top.range.upperBound + 2),
                scalar(bottom.range.upperBound) == "}",
                let value = top.value.divided(by: bottom.value)
            else { return nil }
            return Found(range: start..<bottom.range.upperBound + 1, value: value)
        }
        return nil
    }

    /// Digits with their separators, such as `1,234.5` or `.5`.
    private func decimal(at start: Int) -> Found? {
        if scalar(start) == ".", !isDigit(start - 1), isDigit(start + 1) {
            let fraction = digits(from: start + 1)
            guard fraction.count <= Self.maximumDigits else { return nil }
            return Found(
                range: start..<start + 1 + fraction.count,
                value: ExactNumber(integer: [], fraction: fraction))
        }
        guard isDigit(start), !isDigit(start - 1) else { return nil }
        let runs = DigitRuns(separators: separators(from: start), convention: convention)
        guard runs.integer.count + runs.fraction.count <= Self.maximumDigits else { return nil }
        return Found(
            range: start..<start + runs.length,
            value: ExactNumber(integer: runs.integer, fraction: runs.fraction))
    }

    /// The runs of digits from `start` on, each with the separator before it (none for the first).
    private func separators(from start: Int) -> [DigitRuns.Run] {
        var runs: [DigitRuns.Run] = []
        var position = start
        var separator: Unicode.Scalar?
        while isDigit(position), runs.count < Self.maximumRuns {
            let run = digits(from: position)
            runs.append(DigitRuns.Run(separator: separator, digits: run))
            position += run.count
            // Groups have two or three digits, so nothing after another run can matter.
            if runs.count > 1, !(2...3).contains(run.count) { break }
            guard let next = scalar(position), DigitRuns.isSeparator(next) else { break }
            separator = next
            position += 1
        }
        return runs
    }

    // MARK: What stands around a number

    /// Widens a number by the sign and currency sign before it.
    private func signed(_ number: Found, notBefore limit: Int) -> Found {
        var start = number.range.lowerBound
        var isNegative = false
        var hasSign = false
        for _ in 0..<3 where start > limit {
            let before = text[start - 1]
            if Self.currencySigns.contains(before) {
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

    /// A minus between two operands subtracts; elsewhere it is a sign.
    private func isSignPosition(_ position: Int) -> Bool {
        guard let before = scalar(position - 1) else { return true }
        return
            !(Self.isSpacedLetter(before) || isDigit(position - 1)
            || [")", "]", "}", "%"].contains(before))
    }

    private func isPartOfWordOrPower(_ range: Range<Int>) -> Bool {
        if scalar(range.upperBound) == "^" { return true }
        guard let before = scalar(range.lowerBound - 1) else { return false }
        if before == "^" || before == "_" || before == "{" && scalar(range.lowerBound - 2) == "^" {
            return true
        }
        guard Self.isLatinLetter(before) else { return false }
        var start = range.lowerBound - 1
        while let letter = scalar(start - 1), Self.isLatinLetter(letter) { start -= 1 }
        if scalar(start - 1) == "\\" { return false }
        let word = String(String.UnicodeScalarView(text[start..<range.lowerBound]))
        return !Self.currencyCodes.contains(word)
    }

    // MARK: Scalars

    private func scalar(_ position: Int) -> Unicode.Scalar? {
        text.indices.contains(position) ? text[position] : nil
    }

    private func isDigit(_ position: Int) -> Bool {
        scalar(position).flatMap(Self.decimalDigit) != nil
    }

    private func digits(from start: Int) -> [UInt8] {
        Array(text[start...].lazy.map(Self.decimalDigit).prefix { $0 != nil }.compactMap(\.self))
    }

    private func matches(_ word: String, at start: Int) -> Bool {
        text[min(start, text.count)...].starts(with: word.unicodeScalars)
    }

    /// The value of a decimal digit of any script, such as Bengali ৩, Thai ๓ or Telugu ౩.
    static func decimalDigit(_ scalar: Unicode.Scalar) -> UInt8? {
        if scalar.isASCII {
            return ("0"..."9").contains(scalar) ? UInt8(scalar.value - 48) : nil
        }
        guard scalar.properties.numericType == .decimal else { return nil }
        return scalar.properties.numericValue.map { UInt8($0) }
    }

    private static func isLatinLetter(_ scalar: Unicode.Scalar) -> Bool {
        // Latin up to Extended-B: other scripts may write a number right after a word.
        scalar.value < 0x250 && scalar.properties.isAlphabetic
    }

    private static func isSpacedLetter(_ scalar: Unicode.Scalar) -> Bool {
        // Latin, Greek, Cyrillic: other scripts may write a negative number right after a word.
        scalar.value < 0x530 && scalar.properties.isAlphabetic
    }

    private static let signs: Set<Unicode.Scalar> = [
        "-", "+", "\u{2212}", "\u{2012}", "\u{2013}", "\u{FE63}", "\u{FF0D}", "\u{FF0B}",
    ]
    private static let currencySigns: Set<Unicode.Scalar> = [
        "$", "€", "£", "¥", "₹", "₽", "฿", "৳",
    ]
    private static let currencyCodes: Set<String> = ["USD", "US", "EUR", "GBP", "INR", "Rs", "RM"]
}
