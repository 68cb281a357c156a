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

    /// All numbers, and the last power that is none: the 2 of `2^x` is not to be passed over for an
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
        case .none: return number
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
    private func decimal(at start: Int) -> Found? {
        if scalar(start) == ".", !isDigit(start - 1), isDigit(start + 1) {
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

    // MARK: Powers of ten

    /// What multiplies the number before it.
    private enum Scale {
        case none
        case power(Int, end: Int)
        /// An exponent that is not a whole number within bounds, so that the number is none.
        case unreadable
    }

    private func scale(after end: Int) -> Scale {
        if let next = scalar(end), next == "e" || next == "E" {
            let sign = scalar(end + 1).map { Self.signs.contains($0) } == true ? 1 : 0
            guard isDigit(end + 1 + sign) else { return .none }
            return exponent(at: end + 1, braced: false).map { .power($0.value, end: $0.end) }
                ?? .unreadable
        }
        var position = skipSpaces(end)
        if let times = timesEnd(at: position) {
            position = skipSpaces(times)
            guard matches("10^", at: position) || isTenToSuperscript(at: position) else {
                return .none
            }
            guard let power = powerOfTenExponent(at: position) else { return .unreadable }
            return .power(power.value, end: power.end)
        }
        return scaleWord(after: end).map { .power($0.exponent, end: $0.end) } ?? .none
    }

    private func powerOfTen(at start: Int) -> Found? {
        guard !isDigit(start - 1), let power = powerOfTenExponent(at: start),
            let value = ExactNumber(integer: [1]).shifted(by: power.value)
        else { return nil }
        return Found(range: start..<power.end, value: value)
    }

    private typealias Exponent = (value: Int, end: Int)

    /// The exponent of `10^6`, `10^{-6}` or `10⁶`.
    private func powerOfTenExponent(at start: Int) -> Exponent? {
        guard scalar(start) == "1", matches("10", at: start) else { return nil }
        let next = start + 2
        if scalar(next) == "^" {
            let isBraced = scalar(next + 1) == "{"
            return exponent(at: next + (isBraced ? 2 : 1), braced: isBraced)
        }
        var position = next
        let isNegative = scalar(position) == "⁻"
        if isNegative { position += 1 }
        var value = 0
        let first = position
        while let digit = scalar(position).flatMap({ Self.superscripts[$0] }) {
            guard value <= Self.maximumExponent else { return nil }
            value = value * 10 + digit
            position += 1
        }
        guard position > first, value <= Self.maximumExponent else { return nil }
        return (isNegative ? -value : value, position)
    }

    private func isTenToSuperscript(at start: Int) -> Bool {
        matches("10", at: start)
            && scalar(start + 2).map { $0 == "⁻" || Self.superscripts[$0] != nil } == true
    }

    /// A whole exponent with its sign; nothing that goes on after it.
    private func exponent(at start: Int, braced: Bool) -> Exponent? {
        var position = start
        var isNegative = false
        if let sign = scalar(position), Self.signs.contains(sign) {
            isNegative = sign != "+" && sign != "＋"
            position += 1
        }
        let written = text[min(position, text.count)...].prefix { Self.decimalDigit($0) != nil }
        guard !written.isEmpty, written.count <= 4 else { return nil }
        let value = written.compactMap(Self.decimalDigit).reduce(0) { $0 * 10 + Int($1) }
        var end = written.endIndex
        if braced {
            guard scalar(end) == "}" else { return nil }
            end += 1
        }
        guard value <= Self.maximumExponent, scalar(end) != "^",
            scalar(end).map(Self.isLatinLetter) != true,
            !(scalar(end) == "." && isDigit(end + 1))
        else { return nil }
        return (isNegative ? -value : value, end)
    }

    /// The position after a sign of multiplication.
    private func timesEnd(at start: Int) -> Int? {
        guard let sign = scalar(start) else { return nil }
        if Self.timesSigns.contains(sign) { return start + 1 }
        if sign == "\\" {
            for command in ["\\times", "\\cdot", "\\ast"] where matches(command, at: start) {
                return start + command.unicodeScalars.count
            }
        }
        // A letter x multiplies only before a power of ten: `1.2 x 10^6`.
        return sign == "x" || sign == "X" ? start + 1 : nil
    }

    /// `million` and its like, right after a number or after a space.
    private func scaleWord(after end: Int) -> (exponent: Int, end: Int)? {
        if let exponent = scalar(end).flatMap({ Self.scaleSigns[$0] }) {
            return (exponent, end + 1)
        }
        var start = end
        while start < end + 3, scalar(start) == " " || scalar(start) == "\u{A0}" { start += 1 }
        guard let first = scalar(start), first.properties.isAlphabetic else { return nil }
        let letters = text[start...].prefix(12).prefix { $0.properties.isAlphabetic }
        guard scalar(letters.endIndex)?.properties.isAlphabetic != true else { return nil }
        let word = String(String.UnicodeScalarView(letters)).lowercased()
        return Self.scaleWords[word].map { ($0, letters.endIndex) }
    }

    private func skipSpaces(_ start: Int) -> Int {
        var position = start
        while position < start + 3, scalar(position) == " " { position += 1 }
        return position
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

    private func isBase(_ range: Range<Int>) -> Bool {
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

    /// Whether a sign names a currency.
    static func isCurrencySign(_ scalar: Unicode.Scalar) -> Bool {
        scalar == "$" || scalar.value >= 0xA2 && scalar.properties.generalCategory == .currencySymbol
    }

    static let minusSigns: Set<Unicode.Scalar> = [
        "-", "\u{2212}", "\u{2012}", "\u{2013}", "\u{FE63}", "\u{FF0D}",
    ]
    static let signs = minusSigns.union(["+", "\u{FF0B}"])
    private static let timesSigns: Set<Unicode.Scalar> = ["×", "*", "·", "⋅", "∙"]
    private static let currencyCodes: Set<String> = ["USD", "US", "EUR", "GBP", "INR", "RS", "RM"]
    /// Words between which and a number a minus apart is a sign.
    private static let copulas: Set<String> = [
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
    /// Signs that follow a number without a space.
    private static let scaleSigns: [Unicode.Scalar: Int] = [
        "千": 3, "万": 4, "萬": 4, "亿": 8, "億": 8,
    ]
    private static let scaleWords: [String: Int] = [
        "thousand": 3, "million": 6, "millions": 6, "billion": 9, "billions": 9, "trillion": 12,
        "lakh": 5, "lakhs": 5, "crore": 7, "crores": 7,
        "mil": 3, "millón": 6, "millones": 6,
        "mille": 3, "milliard": 9, "milliards": 9,
        "tausend": 3, "millionen": 6, "milliarde": 9, "milliarden": 9,
        "тысяч": 3, "тысячи": 3, "тысяча": 3, "миллион": 6, "миллиона": 6, "миллионов": 6,
        "миллиард": 9, "миллиарда": 9, "миллиардов": 9,
        "হাজার": 3, "লাখ": 5, "কোটি": 7,
    ]
}
