extension NumberParser {
    /// Whether a word leaves the number after it what it is; "not", "half of" and "at least" do not.
    static func isHarmlessBefore(_ word: String) -> Bool {
        !changingBefore.contains(word.lowercased())
    }

    /// Whether a word leaves the number before it what it is.
    static func isHarmlessAfter(_ word: String) -> Bool {
        !changingAfter.contains(word.lowercased())
    }

    /// Whether a word is a sign.
    static func isNegating(_ word: String) -> Bool {
        ["minus", "negative"].contains(word.lowercased())
    }

    /// Whether a word after a number can be its unit; a lone letter that is not one is a variable, and so
    /// are two that stand right at the number.
    static func isUnit(_ word: String, isApart: Bool) -> Bool {
        let lower = word.lowercased()
        guard isHarmlessAfter(word), !isNegating(word) else { return false }
        guard word.unicodeScalars.allSatisfy(\.isASCII) else {
            return !["π", "θ", "α", "β", "∞"].contains(word)
        }
        if functions.contains(lower) { return false }
        switch word.count {
        case 1: return units.contains(word) || isApart && word == "a"
        case 2: return isApart || units.contains(word) || !isProductOfVariables(lower)
        default: return true
        }
    }

    private static func isProductOfVariables(_ word: String) -> Bool {
        word.allSatisfy { "abcknpqrtuvwxyzi".contains($0) }
    }

    /// Units of one or two letters that could be variables.
    static let units: Set<String> = [
        "m", "g", "s", "h", "d", "l", "L", "V", "W", "A", "K", "C", "F", "N", "J", "M", "B", "T",
        "€", "kn", "yr", "kr", "zł", "ct", "pt", "qt", "pc", "kB", "yd", "in", "µm",
    ]
    private static let functions: Set<String> = [
        "pi", "sin", "cos", "tan", "log", "ln", "exp", "sqrt", "mod",
    ]
    private static let changingBefore: Set<String> = [
        "not", "no", "without", "plus", "times", "half", "twice", "double", "triple", "least",
        "most",
        "less", "more", "fewer", "greater", "over", "under", "above", "below", "between", "nan",
        "inf",
        "infinity", "undefined", "never", "neither", "nor", "except", "cannot", "either", "log",
        "ln",
        "sin", "cos", "tan", "sqrt", "mod", "root",
    ]
    private static let changingAfter: Set<String> = [
        "squared", "cubed", "or", "plus", "half", "halves", "quarter", "factorial", "divided",
        "multiplied",
    ]
}
