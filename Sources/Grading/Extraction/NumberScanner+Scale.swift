// Powers of ten: scientific notation and words such as "million".

extension NumberScanner {
    /// What multiplies the number before it.
    enum Scale {
        case none
        case power(Int, end: Int)
        /// An exponent that is not a whole number within bounds, so that no number stands there.
        case unreadable
    }

    func scale(after end: Int) -> Scale {
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

    func powerOfTen(at start: Int) -> Found? {
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

    /// The power of ten of a letter right after an amount of money.
    func moneyScale(at position: Int) -> Int? {
        guard scalar(position + 1).map({ !$0.properties.isAlphabetic }) ?? true else { return nil }
        return switch scalar(position) {
        case "K", "k": 3
        case "M": 6
        case "B": 9
        default: nil
        }
    }

    private func skipSpaces(_ start: Int) -> Int {
        var position = start
        while position < start + 3, scalar(position) == " " { position += 1 }
        return position
    }

    private static let timesSigns: Set<Unicode.Scalar> = ["×", "*", "·", "⋅", "∙"]
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
