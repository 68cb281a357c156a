/// Reads the one number that an answer states, exactly: a number with words and units around it, a
/// quotient, or a sum that is left to be done. Anything else is refused, never read in part.
///
/// Products, powers and roots are refused: they are work left undone, and which of their numbers
/// would be "the" answer nobody can say. Scientific notation is a number's own notation.
struct NumberParser {
    private let tokens: [SpacedNumberToken]
    private var position = 0
    private var depth = 0
    /// Whether the last sum read had several terms: a letter right after its last one multiplies that.
    private var isSum = false

    /// More terms or brackets than any answer has.
    private static let mostTerms = 64
    private static let mostBrackets = 16

    /// The number that tokens state; nil for none, several or an expression that is not read.
    static func value(of tokens: [SpacedNumberToken]) -> ExactNumber? {
        var parser = NumberParser(tokens: tokens)
        return parser.answer()
    }

    private init(tokens: [SpacedNumberToken]) { self.tokens = tokens }

    private var current: NumberToken? {
        position < tokens.count ? tokens[position].token : nil
    }

    private func token(_ offset: Int) -> SpacedNumberToken? {
        tokens.indices.contains(position + offset) ? tokens[position + offset] : nil
    }

    // MARK: An answer

    private mutating func answer() -> ExactNumber? {
        var found: ExactNumber?
        while let token = current {
            switch token {
            case .refused: return nil
            case .slash where !isUnitSlash: return nil
            case .word(let word):
                guard
                    found == nil
                        ? !isVariable(word) && Self.isHarmlessBefore(word)
                        : Self.isHarmlessAfter(word)
                else { return nil }
                if Self.isNegating(word) {
                    guard found == nil, let value = negated() else { return nil }
                    found = value
                    break
                }
                position += 1
            case .mark, .comma, .separator, .close, .slash: position += 1
            case .minus where found != nil || isDash: position += 1
            case .plus where found != nil || isAfterWord: return nil
            case .number, .fraction, .bar, .plus, .minus, .open:
                if token == .open, let end = parenthesis(isAside: found != nil) {
                    position = end
                    break
                }
                guard found == nil, let value = sum(), isAnswer() else { return nil }
                found = value
            }
        }
        return found
    }

    /// A slash between words or before one, as in `m/s` and `18 / day`.
    private var isUnitSlash: Bool {
        guard case .word(let word)? = token(1)?.token else { return false }
        if case .word = token(-1)?.token { return true }
        return word.count > 1 || Self.units.contains(word)
    }

    private var isAfterWord: Bool {
        if case .word = token(-1)?.token { true } else { false }
    }

    /// Whether a word is computed with: `x - 2`, `x 2`, `f(2)`.
    private func isVariable(_ word: String) -> Bool {
        guard word.unicodeScalars.count == 1, word.unicodeScalars.allSatisfy(\.isASCII),
            let next = token(1)
        else { return false }
        return switch next.token {
        case .plus, .minus: true
        case .open: !next.afterSpace
        case .number: "xyznkt".contains(word)
        default: false
        }
    }

    /// A dash between words: `Total - 18`.
    private var isDash: Bool {
        guard let before = token(-1), case .word = before.token else { return false }
        return tokens[position].afterSpace && token(1)?.afterSpace == true
    }

    /// The number after "minus" or "negative".
    private mutating func negated() -> ExactNumber? {
        position += 1
        while current == .mark { position += 1 }
        guard case .number = current, let value = sum() else { return nil }
        return isAnswer() ? value.negated : nil
    }

    /// The end of a bracket that only explains: words alone anywhere, words with numbers after the
    /// answer, as in `120 minutes (2 hours)`.
    private func parenthesis(isAside: Bool) -> Int? {
        var hasWord = false
        var hasNumber = false
        var end = position + 1
        var depth = 1
        while end < tokens.count, depth > 0 {
            switch tokens[end].token {
            case .open: depth += 1
            case .close: depth -= 1
            case .word(let word): hasWord = hasWord || word.count > 1 || Self.units.contains(word)
            case .number, .fraction: hasNumber = true
            default: break
            }
            end += 1
        }
        guard depth == 0, hasWord, isAside || !hasNumber else { return nil }
        return end
    }

    /// Whether what follows a number leaves it whole: no variable, no product, no power.
    private func isAnswer() -> Bool {
        guard let next = token(0) else { return true }
        switch next.token {
        case .word(let word):
            return Self.isUnit(word, isApart: next.afterSpace) && !isFactor
        case .open: return parenthesis(isAside: true) != nil
        case .number, .fraction, .bar, .refused, .plus: return false
        case .slash: return isUnitSlash
        case .minus:
            // A dash and words.
            guard next.afterSpace, let after = token(1), case .word(let word) = after.token else {
                return false
            }
            return after.afterSpace && word.count > 2
        case .mark, .comma, .separator, .close: return true
        }
    }

    /// Whether a variable follows the last term of a sum, as in `20 + 5d`: one of many prices, no unit.
    private var isFactor: Bool {
        guard isSum, let next = token(0), !next.afterSpace, case .word(let word) = next.token else {
            return false
        }
        return word.count == 1 && word.unicodeScalars.allSatisfy(\.isASCII)
    }

    // MARK: Expressions

    private mutating func sum() -> ExactNumber? {
        isSum = false
        guard var total = term() else { return nil }
        for _ in 0..<Self.mostTerms {
            guard let sign = current, sign == .plus || sign == .minus else { return total }
            // A dash before words ends the number.
            if case .word? = token(1)?.token { return total }
            position += 1
            guard let next = factor() else { return nil }
            isSum = true
            total = total + (sign == .minus ? next.negated : next)
        }
        return nil
    }

    /// A factor with its sign and the sign of its currency, in either order.
    private mutating func term() -> ExactNumber? {
        var sign: NumberToken?
        while let token = current {
            if token == .plus || token == .minus {
                guard sign == nil else { return nil }
                sign = token
            } else if token != .mark {
                break
            }
            position += 1
        }
        guard let value = factor() else { return nil }
        return sign == .minus ? value.negated : value
    }

    private mutating func factor() -> ExactNumber? {
        while current == .mark { position += 1 }
        guard let value = primary() else { return nil }
        guard current == .slash, !isUnitSlash else { return value }
        position += 1
        guard let divisor = primary(), current != .slash else { return nil }
        return value.divided(by: divisor)
    }

    private mutating func primary() -> ExactNumber? {
        switch current {
        case .number(let value):
            position += 1
            // `1\frac12`: a whole number and a proper fraction.
            if current == .fraction {
                guard value.denominator == .one, let part = fraction(), !part.isNegative,
                    part.numerator < part.denominator
                else { return nil }
                return value + part
            }
            return value
        case .fraction: return fraction()
        case .open: return bracketed(until: .close)
        case .bar: return bracketed(until: .bar)?.magnitude
        default: return nil
        }
    }

    private mutating func bracketed(until end: NumberToken) -> ExactNumber? {
        depth += 1
        defer { depth -= 1 }
        guard depth <= Self.mostBrackets else { return nil }
        position += 1
        guard let value = sum() else { return nil }
        if isFactor { return nil }
        // A unit may stand inside.
        while case .word(let word)? = current, Self.isUnit(word, isApart: true) { position += 1 }
        while current == .mark { position += 1 }
        guard current == end else { return nil }
        position += 1
        return value
    }

    /// `\frac{1}{2}`, `\frac12`, `\frac{1}2`.
    private mutating func fraction() -> ExactNumber? {
        position += 1
        if case .number(let value) = current {
            return digits(of: value)
        }
        guard let top = bracketed(until: .close) else { return nil }
        if case .number(let value) = current {
            // Without braces one digit is the denominator.
            guard value.description.count == 1 else { return nil }
            position += 1
            return top.divided(by: value)
        }
        guard current == .open, let bottom = bracketed(until: .close) else { return nil }
        return top.divided(by: bottom)
    }

    /// The quotient of the two digits of `\frac12`, or of `\frac1{20}`.
    private mutating func digits(of value: ExactNumber) -> ExactNumber? {
        position += 1
        let digits = value.description.utf8.map { $0 &- UInt8(ascii: "0") }
        guard digits.allSatisfy({ $0 < 10 }), let first = digits.first else { return nil }
        let top = ExactNumber(integer: [first])
        if digits.count == 2 { return top.divided(by: ExactNumber(integer: [digits[1]])) }
        guard digits.count == 1, current == .open, let bottom = bracketed(until: .close) else {
            return nil
        }
        return top.divided(by: bottom)
    }
}
