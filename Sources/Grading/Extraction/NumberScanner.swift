/// Finds the numbers written in a text and reads them exactly.
///
/// Understood: grouping by comma, apostrophe or no-break space (also the Indian 1,00,000), decimals
/// with or without a leading zero, quotients (`3/4`, `\frac{3}{4}`, `½`), mixed numbers (`1 1/2`,
/// `1\frac{1}{2}`, `1½`), scientific notation (`1.2e6`, `1.2 × 10^6`), scale words (`1.2 million`),
/// signs, currency signs, and the decimal digits of every script. Not numbers: digits that follow a
/// Latin letter (`H2O`), and powers (`2^5`, and the 2 of `cm^2`).
struct NumberScanner {
    /// One number and the scalars it takes up, sign and currency sign included.
    struct Found: Equatable {
        let range: Range<Int>
        let value: ExactNumber
    }

    let text: [Unicode.Scalar]
    let convention: NumberConvention
    /// Whether `1 000` is one number in the English convention, too, as it is where only a number stands.
    var groupsBySpace = false

    /// Longer runs of digits are noise of a model that repeats itself, not answers.
    private static let maximumDigits = 1000
    private static let maximumRuns = 40
    /// Beyond it a number is refused: it would only cost memory.
    static let maximumExponent = 1000

    /// All numbers, in order. O(length).
    func numbers() -> [Found] { scan().found }

    /// All numbers, and the last base of a power, which is not one: the 2 of `2^x` is not to be passed over for an
    /// earlier number, as the 2 of `cm^2` is.
    func scan() -> (found: [Found], lastPower: Range<Int>?) {
        var found: [Found] = []
        var lastPower: Range<Int>?
        var position = 0
        while position < text.count {
            guard let unsigned = unsigned(at: position) else {
                position += 1
                continue
            }
            position = unsigned.range.upperBound
            if isPartOfWordOrPower(unsigned.range) {
                if isBase(unsigned.range) { lastPower = unsigned.range }
                continue
            }
            found.append(signed(unsigned, notBefore: found.last?.range.upperBound ?? 0))
        }
        return (found, lastPower)
    }

    // MARK: Numbers without a sign

    /// The number that begins at a position, with its power of ten and scale word, without its sign.
    func unsigned(at start: Int) -> Found? {
        guard isNumeric(start), let number = mixedNumber(at: start) else { return nil }
        switch scale(after: number.range.upperBound) {
        case .none:
            // `$2K` is money, where `2K` may be a temperature.
            guard let sign = scalar(start - 1), Self.isCurrencySign(sign),
                let power = moneyScale(at: number.range.upperBound),
                let value = number.value.shifted(by: power)
            else { return number }
            return Found(range: start..<number.range.upperBound + 1, value: value)
        case .unreadable: return nil
        case .power(let exponent, let end):
            // A power of ten alone, as in `10^6`, is read as its own notation.
            guard let value = number.value.shifted(by: exponent) else { return nil }
            return Found(range: start..<end, value: value)
        }
    }

    /// Whether a number could begin here; cheap, since it is asked at every scalar.
    private func isNumeric(_ position: Int) -> Bool {
        let first = text[position]
        if first.isASCII {
            return ("0"..."9").contains(first) || first == "." || first == "\\"
        }
        return first.properties.numericType != nil
    }

    /// A decimal or quotient, or a whole number followed by a quotient.
    private func mixedNumber(at start: Int) -> Found? {
        if let quotient = latexQuotient(at: start) { return quotient }
        if let part = vulgarFraction(at: start) { return part }
        if let power = powerOfTen(at: start) { return power }
        guard let first = decimal(at: start) else { return nil }
        if let quotient = slashQuotient(after: first) { return quotient }
        var next = first.range.upperBound
        if let part = vulgarFraction(at: next), first.value.denominator == .one {
            return Found(range: start..<part.range.upperBound, value: first.value + part.value)
        }
        if scalar(next) == " " { next += 1 }
        if first.value.denominator == .one,
            let part = vulgarFraction(at: next) ?? properQuotient(at: next)
        {
            return Found(
                range: start..<part.range.upperBound, value: first.value + part.value)
        }
        return first
    }

    /// A fraction that is one character, such as `½`.
    private func vulgarFraction(at start: Int) -> Found? {
        guard let scalar = scalar(start), !scalar.isASCII,
            let parts = Self.vulgarFractions[scalar],
            let value = ExactNumber(integer: [parts.0]).divided(by: ExactNumber(integer: [parts.1]))
        else { return nil }
        return Found(range: start..<start + 1, value: value)
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
    func decimal(at start: Int) -> Found? {
        if scalar(start) == ".", !isDigit(start - 1), !isAbbreviation(endingAt: start),
            isDigit(start + 1)
        {
            let fraction = digits(from: start + 1)
            guard fraction.count <= Self.maximumDigits else { return nil }
            return Found(
                range: start..<start + 1 + fraction.count,
                value: ExactNumber(integer: [], fraction: fraction))
        }
        guard isDigit(start), !isDigit(start - 1) else { return nil }
        let runs = DigitRuns(
            separators: separators(from: start), convention: convention,
            groupsBySpace: groupsBySpace)
        guard runs.integer.count + runs.fraction.count <= Self.maximumDigits else { return nil }
        return Found(
            range: start..<start + runs.length,
            value: ExactNumber(integer: runs.integer, fraction: runs.fraction))
    }

    /// Whether a point ends an abbreviation, as in `Rs.500`. Scripts without spaces between words
    /// write a decimal right after one.
    private func isAbbreviation(endingAt point: Int) -> Bool {
        guard let before = scalar(point - 1) else { return false }
        return before.properties.isAlphabetic && !ConclusionTokens.isUnspaced(before)
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

    // MARK: Scalars

    func scalar(_ position: Int) -> Unicode.Scalar? {
        text.indices.contains(position) ? text[position] : nil
    }

    func isDigit(_ position: Int) -> Bool {
        scalar(position).flatMap(Self.decimalDigit) != nil
    }

    private func digits(from start: Int) -> [UInt8] {
        Array(text[start...].lazy.map(Self.decimalDigit).prefix { $0 != nil }.compactMap(\.self))
    }

    func matches(_ word: String, at start: Int) -> Bool {
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

    static func isLatinLetter(_ scalar: Unicode.Scalar) -> Bool {
        // Latin up to Extended-B: other scripts may write a number right after a word.
        scalar.value < 0x250 && scalar.properties.isAlphabetic
    }

    static func isSpacedLetter(_ scalar: Unicode.Scalar) -> Bool {
        // Latin, Greek, Cyrillic: other scripts may write a negative number right after a word.
        scalar.value < 0x530 && scalar.properties.isAlphabetic
    }

    /// Whether a sign names a currency.
    static func isCurrencySign(_ scalar: Unicode.Scalar) -> Bool {
        scalar == "$"
            || scalar.value >= 0xA2 && scalar.properties.generalCategory == .currencySymbol
    }

    static let minusSigns: Set<Unicode.Scalar> = [
        "-", "\u{2212}", "\u{2012}", "\u{2013}", "\u{FE63}", "\u{FF0D}",
    ]
    static let signs = minusSigns.union(["+", "\u{FF0B}"])
    static let currencyCodes: Set<String> = ["USD", "US", "EUR", "GBP", "INR", "RS", "RM"]
    /// Words between which and a number a minus apart is a sign.
    static let copulas: Set<String> = [
        "is", "are", "was", "be", "equals", "ist", "sind", "beträgt", "est", "es", "son", "равно",
        "равен", "равна", "ni", "answer", "result", "get", "gives", "หรือ", "คือ",
    ]
    static let superscripts: [Unicode.Scalar: Int] = Dictionary(
        uniqueKeysWithValues: zip("⁰¹²³⁴⁵⁶⁷⁸⁹".unicodeScalars, 0...9))
    private static let vulgarFractions: [Unicode.Scalar: (UInt8, UInt8)] = [
        "½": (1, 2), "⅓": (1, 3), "⅔": (2, 3), "¼": (1, 4), "¾": (3, 4), "⅕": (1, 5), "⅖": (2, 5),
        "⅗": (3, 5), "⅘": (4, 5), "⅙": (1, 6), "⅚": (5, 6), "⅐": (1, 7), "⅛": (1, 8), "⅜": (3, 8),
        "⅝": (5, 8), "⅞": (7, 8), "⅑": (1, 9),
    ]
}
