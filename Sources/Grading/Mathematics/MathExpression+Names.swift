/// What an expression may stand for beside `=`, `<` and "or".
extension MathExpression {
    /// A single letter or Greek name, that is not a constant.
    var isVariable: Bool {
        if case .symbol(let name) = self { return !Self.constants.contains(name) }
        return false
    }

    private static let constants: Set<String> = [
        "pi", "infty", "e", "i", "emptyset", "reals", "dots",
    ]

    /// What may stand before "=" only to name the value: `x`, `f(x)`, `x_1`, `AB`, `(x, y)`,
    /// `\text{Area}`, and quotients of such names.
    var isName: Bool {
        switch self {
        case .symbol(let name): !["infty", "pi", "emptyset", "reals", "dots"].contains(name)
        case .text: true
        case .apply("subscript", let parts), .apply("prime", let parts), .apply("call", let parts):
            parts[0].isName
        case .apply("overline", let parts), .apply("abs", let parts), .apply("vec", let parts),
            .apply("hat", let parts), .apply("bar", let parts), .apply("ratio", let parts),
            .apply("overrightarrow", let parts), .apply("det", let parts):
            parts.allSatisfy(\.isName)
        case .product(let factors): factors.allSatisfy(\.isName)
        case .power(let base, let exponent): base.isName && exponent.isMinusOne
        case .ordered(_, let names, _): names.count > 1 && names.allSatisfy(\.isName)
        default: false
        }
    }

    private var isMinusOne: Bool {
        switch self {
        case .number(let number): number == Fraction(-1)
        case .product(let factors):
            factors == [.number(Fraction(-1)), .number(.one)]
        default: false
        }
    }

    /// What a question may ask for, so that `a + b = 12` answers it with 12: anything with a variable
    /// or a function; not a sum with a number in it, which is an equation's side.
    var asksForValue: Bool {
        if case .sum(let terms) = self {
            return contains(\.isVariableOrFunction)
                && !terms.contains { !$0.contains(\.isVariableOrFunction) }
        }
        return contains(\.isVariableOrFunction)
    }

    private var isVariableOrFunction: Bool {
        switch self {
        case .symbol: isVariable
        case .text: true
        case .apply: true
        default: false
        }
    }

    private func contains(_ property: (MathExpression) -> Bool) -> Bool {
        property(self) || parts.contains { $0.contains(property) }
    }

    private var parts: [MathExpression] {
        switch self {
        case .number, .large, .symbol, .text: []
        case .sum(let parts), .product(let parts), .apply(_, let parts), .relation(let parts, _),
            .ordered(_, let parts, _), .unordered(let parts):
            parts
        case .power(let base, let exponent): [base, exponent]
        case .plusMinus(let value, _): [value]
        case .matrix(let rows): rows.flatMap(\.self)
        }
    }

    var isInequality: Bool {
        guard case .relation(_, let names) = self else { return false }
        return names.allSatisfy { ["<", ">", "leq", "geq"].contains($0) }
    }

    /// Words, or words to a power: a unit.
    var isUnit: Bool {
        switch self {
        case .text(let words): !MathVocabulary.changesValue(words)
        case .power(let base, _): base.isUnit
        case .product(let factors): factors.allSatisfy(\.isUnit)
        default: false
        }
    }
}

extension [MathExpression] {
    /// Whether all are pairs in brackets, at least one of which can only be an interval.
    var areIntervals: Bool {
        var isCertain = false
        for element in self {
            guard case .ordered(let open, let bounds, let close) = element, bounds.count == 2 else {
                return false
            }
            let hasInfinity = bounds.contains {
                $0 == .symbol("infty") || $0 == .product([.number(Fraction(-1)), .symbol("infty")])
            }
            isCertain = isCertain || open != "(" || close != ")" || hasInfinity
        }
        return isCertain
    }
}
