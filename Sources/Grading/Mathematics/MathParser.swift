/// Reads tokens as one mathematical answer, by recursive descent.
///
/// What it does not know makes it fail, and the answer is then compared token by token: an expression is
/// read whole or not at all.
struct MathParser {
    /// The tokens are not an answer of a known form.
    struct Failure: Error {}

    /// What is left to read.
    var tokens: ArraySlice<MathToken>
    private var depth = 0
    /// Inside bars a bar closes.
    private var openBars = 0

    private static let maximumDepth = 60
    private static let maximumTokens = 2000
    /// Powers, subscripts, primes and factorials of one base.
    private static let maximumMarks = 6

    /// The expression that all the tokens make up; nil if they do not.
    static func expression(of tokens: [MathToken]) -> MathExpression? {
        guard !tokens.isEmpty, tokens.count <= maximumTokens else { return nil }
        var parser = MathParser(tokens: tokens[...])
        guard let list = try? parser.answer(), parser.tokens.isEmpty else { return nil }
        return list
    }

    private init(tokens: ArraySlice<MathToken>) {
        self.tokens = tokens
    }

    // MARK: Arithmetic

    mutating func sum() throws(Failure) -> MathExpression {
        var terms = [try term()]
        while let first = tokens.first,
            [.sign("+"), .sign("-"), .sign("±"), .sign("∓")].contains(first)
        {
            terms.append(try term())
        }
        return terms.count == 1 ? terms[0] : .sum(terms)
    }

    /// A product with the signs before it.
    private mutating func term() throws(Failure) -> MathExpression {
        depth += 1
        defer { depth -= 1 }
        guard depth <= Self.maximumDepth else { throw Failure() }
        if take("-") { return .product([.number(Fraction(-1)), try term()]) }
        if take("+") { return try term() }
        if take("±") { return .plusMinus(try term(), flipped: false) }
        if take("∓") { return .plusMinus(try term(), flipped: true) }
        var factors = [try factor()]
        while true {
            if take("*") {
                factors.append(try signedFactor())
            } else if take("/") {
                factors.append(.power(try signedFactor(), .number(Fraction(-1))))
            } else if beginsFactor {
                factors.append(try factor())
            } else {
                return factors.count == 1 ? factors[0] : .product(factors)
            }
        }
    }

    private mutating func signedFactor() throws(Failure) -> MathExpression {
        if take("-") { return .product([.number(Fraction(-1)), try factor()]) }
        _ = take("+")
        return try factor()
    }

    /// Whether the next token continues a product without a sign between. A number does not: `3 20`
    /// and `x2` are no products.
    var beginsFactor: Bool {
        switch tokens.first {
        case .symbol, .text: true
        case .sign(let sign):
            sign == "(" || sign == "[" || sign == "{" || sign == "|" && openBars == 0
        case .command(let name): !Self.closers.contains(name) && !name.hasPrefix("end ")
        case .number, nil: false
        }
    }

    /// A base with its powers, subscripts, factorials and primes.
    mutating func factor() throws(Failure) -> MathExpression {
        var value = try base()
        for _ in 0..<Self.maximumMarks {
            if take("^") {
                if take("'") {
                    value = .apply("prime", [value])
                    continue
                }
                value = .power(value, try argument())
            } else if take("_") {
                value = .apply("subscript", [value, try subscriptArgument()])
            } else if take("!") {
                value = .apply("factorial", [value])
            } else if take("'") {
                value = .apply("prime", [value])
            } else if isFunction(value), tokens.first == .sign("(") {
                value = .apply("call", [value, try base()])
            } else {
                return value
            }
        }
        throw Failure()
    }

    /// Whether `(` after it begins an argument: `f(2)` is not `2f`.
    private func isFunction(_ value: MathExpression) -> Bool {
        switch value {
        case .symbol(let name): name == "f" || name == "g"
        case .apply("prime", let parts), .apply("subscript", let parts): isFunction(parts[0])
        case .power(let base, _): isFunction(base)
        default: false
        }
    }

    private mutating func base() throws(Failure) -> MathExpression {
        depth += 1
        defer { depth -= 1 }
        guard depth <= Self.maximumDepth else { throw Failure() }
        guard let token = tokens.popFirst() else { throw Failure() }
        switch token {
        case .number(let digits): return try number(digits)
        case .symbol(let letter): return .symbol(String(letter))
        case .text(let words): return .text(words)
        case .command(let name): return try command(name)
        case .sign("("), .sign("["): return try bracketed(token)
        case .sign("{"):
            let inner = try list()
            try expect("}")
            return inner.count == 1 ? inner[0] : .unordered(inner)
        case .sign("⦃"):
            if take("⦄") { return .symbol("emptyset") }
            let elements = try list()
            // A brace that never closes is the one before cases.
            if tokens.isEmpty, elements.count == 1, case .matrix = elements[0] {
                return .apply("cases", elements)
            }
            try expect("⦄")
            return .unordered(elements)
        case .sign("|"):
            openBars += 1
            let inner = try sum()
            openBars -= 1
            try expect("|")
            return .apply("abs", [inner])
        case .sign: throw Failure()
        }
    }

    /// The argument of `^`, `_` or a command: a braced group, or the next token with its sign.
    mutating func argument() throws(Failure) -> MathExpression {
        if tokens.first == .sign("-") {
            tokens.removeFirst()
            return .product([.number(Fraction(-1)), try base()])
        }
        return try base()
    }

    // MARK: Brackets

    private mutating func bracketed(_ token: MathToken) throws(Failure) -> MathExpression {
        let open: Character = token == .sign("(") ? "(" : "["
        let outerBars = openBars
        openBars = 0
        defer { openBars = outerBars }
        let elements = try list()
        let close: Character
        if take(")") { close = ")" } else if take("]") { close = "]" } else { throw Failure() }
        if elements.count == 1, (open == "(") == (close == ")") { return elements[0] }
        if elements.count == 1 { throw Failure() }
        return .ordered(open: open, elements, close: close)
    }

    // MARK: Tokens

    mutating func take(_ sign: Character) -> Bool {
        guard tokens.first == .sign(sign) else { return false }
        tokens.removeFirst()
        return true
    }

    mutating func expect(_ sign: Character) throws(Failure) {
        if !take(sign) { throw Failure() }
    }

    /// Commands that cannot begin a factor: they close brackets or stand between operands.
    static let closers: Set<String> = [
        "rfloor", "rceil", "rangle", "leq", "geq", "neq", "approx", "in", "to", "equiv", "subset",
        "cup", "cap", "setminus", "or",
    ]
}
