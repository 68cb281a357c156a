extension MathParser {
    /// What a command stands for, with its arguments.
    mutating func command(_ name: String) throws(Failure) -> MathExpression {
        switch name {
        case "frac":
            return try fractionCommand()
        case "sqrt":
            var degree = MathExpression.number(Fraction(2))
            if take("[") {
                degree = try sum()
                try expect("]")
            }
            return .power(try argument(), .power(degree, .number(Fraction(-1))))
        case "binom":
            let top = try digitOrArgument()
            return .apply(name, [top, try digitOrArgument()])
        case "lfloor", "lceil", "langle":
            let elements = try list()
            let closer = ["lfloor": "rfloor", "lceil": "rceil", "langle": "rangle"][name]
            guard case .command(let found) = tokens.popFirst(), found == closer else {
                throw Failure()
            }
            return name == "langle"
                ? .ordered(open: "⟨", elements, close: "⟩") : .apply(name, elements)
        case _ where MathVocabulary.accents.contains(name):
            return .apply(name, [try argument()])
        case _ where MathVocabulary.functions.contains(name):
            return try function(name)
        case _ where name.hasPrefix("begin "):
            return try matrix(String(name.dropFirst("begin ".count)))
        case _ where Self.closers.contains(name) || name.hasPrefix("end "):
            throw Failure()
        default:
            return .symbol(name)
        }
    }

    mutating func fractionCommand() throws(Failure) -> MathExpression {
        let top = try digitOrArgument()
        return .product([top, .power(try digitOrArgument(), .number(Fraction(-1)))])
    }

    /// An argument of a fraction; without braces it is one digit, as in `\frac12`.
    mutating func digitOrArgument() throws(Failure) -> MathExpression {
        guard case .number(let digits) = tokens.first, let first = digits.first?.wholeNumberValue
        else { return try argument() }
        tokens.removeFirst()
        let rest = String(digits.dropFirst())
        if !rest.isEmpty { tokens = [.number(rest)] + tokens }
        return .number(Fraction(first))
    }

    /// `\sin^2 2x`: the name, its power or base, then the product that follows up to a sign.
    private mutating func function(_ name: String) throws(Failure) -> MathExpression {
        var power: MathExpression?
        var base: MathExpression?
        while true {
            if take("^") {
                power = try argument()
            } else if take("_") {
                base = try argument()
            } else {
                break
            }
        }
        var factors = [try factor()]
        while case .symbol = tokens.first { factors.append(try factor()) }
        if factors.count == 1, case .number = factors[0], case .command(let next) = tokens.first,
            !MathVocabulary.functions.contains(next), beginsFactor
        {
            factors.append(try factor())
        }
        let inner = factors.count == 1 ? factors[0] : MathExpression.product(factors)
        let value = MathExpression.apply(name, [inner] + (base.map { [$0] } ?? []))
        return power.map { .power(value, $0) } ?? value
    }

    private mutating func matrix(_ kind: String) throws(Failure) -> MathExpression {
        guard Self.matrices.contains(kind) else { throw Failure() }
        var rows = [[try relation()]]
        while tokens.first != .command("end \(kind)") {
            if take("&") {
                rows[rows.count - 1].append(try relation())
            } else if take("⏎") {
                while take("⏎") {}
                if tokens.first == .command("end \(kind)") { break }
                rows.append([try relation()])
            } else if take(","), kind.hasSuffix("cases") || kind == "array" {
                continue
            } else {
                throw Failure()
            }
        }
        tokens.removeFirst()
        guard Set(rows.map(\.count)).count == 1 else { throw Failure() }
        switch kind {
        case "vmatrix": return .apply("det", [.matrix(rows)])
        case "cases", "dcases": return .apply("cases", [.matrix(rows)])
        default: return .matrix(rows)
        }
    }

    private static let matrices: Set<String> = [
        "pmatrix", "bmatrix", "matrix", "Bmatrix", "vmatrix", "smallmatrix", "array", "cases",
        "dcases",
    ]
}
