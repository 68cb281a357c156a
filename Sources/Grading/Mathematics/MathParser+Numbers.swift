extension MathParser {
    /// A number with what may complete it: a repetition, or a fraction that makes it a mixed number.
    mutating func number(_ digits: String) throws(Failure) -> MathExpression {
        if tokens.first == .command("overline"), digits.contains(".") {
            tokens.removeFirst()
            return .number(try repeating(digits))
        }
        guard let value = Self.fraction(digits) else { return .large(digits) }
        // A whole number right before a proper fraction is a mixed number.
        if value.isInteger, value.numerator > 0, tokens.first == .command("frac") {
            let before = tokens
            tokens.removeFirst()
            let part = try fractionCommand()
            if case .product(let factors) = part, factors.count == 2,
                case .number(let top) = factors[0],
                case .power(.number(let bottom), _) = factors[1], top.isInteger, bottom.isInteger,
                0 < top.numerator,
                top.numerator < bottom.numerator,
                let below = bottom.reciprocal, let share = top.times(below),
                let sum = value.plus(share)
            {
                return .number(sum)
            }
            tokens = before
        }
        if value.isInteger, tokens.count >= 3, case .number(let top) = tokens.first,
            tokens.dropFirst().first == .sign("/"),
            case .number(let bottom) = tokens.dropFirst(2).first,
            let above = Int(top), let below = Int(bottom), 0 < above, above < below,
            let share = Fraction(above, over: below), let sum = value.plus(share)
        {
            tokens = tokens.dropFirst(3)
            return .number(sum)
        }
        return .number(value)
    }

    /// `0.1\overline{6}` = 1/6: (all digits - those before the repetition) / 99...900...0.
    private mutating func repeating(_ digits: String) throws(Failure) -> Fraction {
        try expect("{")
        guard case .number(let period) = tokens.popFirst(), !period.contains(".") else {
            throw Failure()
        }
        try expect("}")
        let decimals = digits.split(separator: ".", omittingEmptySubsequences: false)[1].count
        guard decimals + period.count <= 15, let start = Self.fraction(digits),
            let value = Int(period), let scale = Fraction(10).power(decimals),
            let cycle = Fraction(10).power(period.count),
            let share = Fraction(value, over: (cycle.numerator - 1) * scale.numerator),
            let sum = start.plus(share)
        else { throw Failure() }
        return sum
    }

    private static func fraction(_ digits: String) -> Fraction? {
        let parts = digits.split(separator: ".", omittingEmptySubsequences: false)
        let decimals = parts.count > 1 ? parts[1] : ""
        guard decimals.count <= 17, let value = Int(parts.joined()),
            let scale = Fraction(10).power(decimals.count)
        else { return nil }
        return Fraction(value, over: scale.numerator)
    }

    /// The argument of `_`, where a word may name a base: `2516_{\text{eight}}`.
    mutating func subscriptArgument() throws(Failure) -> MathExpression {
        let argument = try argument()
        if case .text(let word) = argument, let base = MathVocabulary.bases[word] {
            return .number(Fraction(base))
        }
        return argument
    }
}
