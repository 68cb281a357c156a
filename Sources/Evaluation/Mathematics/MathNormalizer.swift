/// Turns expressions into normal forms.
enum MathNormalizer {
    /// The form of an expression; nil where its arithmetic overflows or is undefined.
    static func form(of expression: MathExpression) -> MathForm? {
        switch expression {
        case .text(let words):
            return .text(words)
        case .ordered(let open, let elements, let close):
            guard let forms = forms(of: elements) else { return nil }
            return .ordered(open: open, forms, close: close)
        case .unordered(let elements):
            return unordered(elements)
        case .relation(let operands, let names):
            return relation(operands, names)
        case .matrix(let rows):
            var found: [[MathForm]] = []
            for row in rows {
                guard let forms = forms(of: row) else { return nil }
                found.append(forms)
            }
            return .matrix(found)
        case .apply(let name, let operands) where name == "cup" || name == "cap":
            guard let forms = forms(of: operands) else { return nil }
            return .value(
                Polynomial(.applied(name, [.collection(forms)])))
        case _ where expression.hasPlusMinus:
            return unordered([expression])
        default:
            return polynomial(of: expression).map(MathForm.value)
        }
    }

    private static func forms(of expressions: [MathExpression]) -> [MathForm]? {
        let forms = expressions.compactMap(form(of:))
        return forms.count == expressions.count ? forms : nil
    }

    // MARK: Lists

    /// A list or set. `±` counts as both values; `x=1, x=2` as 1, 2.
    private static func unordered(_ elements: [MathExpression]) -> MathForm? {
        let variants = elements.flatMap { element in
            element.hasPlusMinus
                ? [element.choosing(upper: true), element.choosing(upper: false)] : [element]
        }
        let names = Set(variants.map { $0.assignment?.name })
        let stripped =
            names.count == 1 && names != [nil]
            ? variants.compactMap { $0.assignment?.value } : variants
        guard let forms = forms(of: stripped) else { return nil }
        return forms.count == 1 ? forms[0] : .collection(forms)
    }

    // MARK: Relations

    private static func relation(_ operands: [MathExpression], _ names: [String]) -> MathForm? {
        if let interval = interval(operands, names) { return interval }
        // Of "x ≈ 3.1" and of "1/3 ≈ 0.33" the exact side counts.
        if names == ["approx"] {
            return form(of: operands[0].isName ? operands[1] : operands[0])
        }
        if names == ["in"], operands[0].isName { return form(of: operands[1]) }
        guard let forms = forms(of: operands) else { return nil }
        if names.count == 1 {
            switch names[0] {
            // Sides may be exchanged.
            case "=", "neq": return .relation(forms.sorted { $0.text < $1.text }, names)
            case ">": return .relation(forms.reversed(), ["<"])
            case "geq": return .relation(forms.reversed(), ["leq"])
            default: break
            }
        }
        return .relation(forms, names)
    }

    /// `1 < x \le 3` and `x > 3` as intervals, whatever the variable's name.
    private static func interval(_ operands: [MathExpression], _ names: [String]) -> MathForm? {
        let isDescending = names.allSatisfy { $0 == ">" || $0 == "geq" }
        guard isDescending || names.allSatisfy({ $0 == "<" || $0 == "leq" }) else { return nil }
        let sides = isDescending ? operands.reversed() : operands
        let marks = (isDescending ? names.reversed() : names).map { $0 == "leq" || $0 == "geq" }
        let infinity = MathExpression.symbol("infty")
        let bounds: (MathExpression, MathExpression, Bool, Bool)
        switch (sides.count, sides[0].isVariable, sides[1].isVariable) {
        case (3, _, true): bounds = (sides[0], sides[2], marks[0], marks[1])
        case (2, true, false):
            bounds = (.product([.number(Fraction(-1)), infinity]), sides[1], false, marks[0])
        case (2, false, true): bounds = (sides[0], infinity, marks[0], false)
        default: return nil
        }
        guard let low = form(of: bounds.0), let high = form(of: bounds.1) else { return nil }
        return .ordered(
            open: bounds.2 ? "[" : "(", [low, high], close: bounds.3 ? "]" : ")")
    }

    // MARK: Values

    private static func polynomial(of expression: MathExpression) -> Polynomial? {
        switch expression {
        case .number(let number):
            return Polynomial(number)
        case .large(let digits):
            return Polynomial(.symbol(digits))
        case .symbol(let name):
            return Polynomial(.symbol(name))
        case .text(let words):
            return Polynomial(.symbol("'\(words)'"))
        case .sum(let terms):
            return terms.reduce(Polynomial(.zero)) { sum, term in
                polynomial(of: term).flatMap { sum?.plus($0) }
            }
        case .product(let factors):
            // Words beside a value are its unit, also squared or divided by.
            let values = factors.filter { !$0.isUnit }
            let counted = values.isEmpty ? factors : values
            return counted.reduce(Polynomial.one) { product, factor in
                polynomial(of: factor).flatMap { product?.times($0) }
            }
        case .power(let base, let exponent):
            return power(base, exponent)
        case .apply(let name, let operands):
            return forms(of: operands).map { Polynomial(.applied(name, $0)) }
        case .plusMinus, .ordered, .unordered, .relation, .matrix:
            // A vector times a number, a union of sets and the like: kept whole.
            return form(of: expression).map { Polynomial(.applied("whole", [$0])) }
        }
    }

    private static func power(_ base: MathExpression, _ exponent: MathExpression) -> Polynomial? {
        guard let exponents = polynomial(of: exponent) else { return nil }
        guard let number = exponents.number else {
            return form(of: base).map {
                Polynomial(.applied("power", [$0, .value(exponents)]))
            }
        }
        return polynomial(of: base)?.power(number)
    }
}

extension MathExpression {
    /// A single letter or Greek name, that is not a constant.
    fileprivate var isVariable: Bool {
        if case .symbol(let name) = self { return !["pi", "infty", "e", "i"].contains(name) }
        return false
    }

    /// What may stand before "=" only to name the value: `x`, `f(x)`, `x_1`, `\text{Area}`.
    fileprivate var isName: Bool {
        switch self {
        case .symbol, .text: true
        case .apply("subscript", let parts), .apply("prime", let parts): parts[0].isName
        case .product(let factors): factors.allSatisfy(\.isName)
        case .power(let base, .product(let inverse)):
            // f^{-1}
            base.isName && inverse == [.number(Fraction(-1)), .number(.one)]
        case .apply("overline", let parts), .apply("abs", let parts): parts[0].isName
        default: false
        }
    }

    /// The value that the last part of `x = ... = value` gives to a name; nil for anything else.
    var assignment: (name: MathExpression, value: MathExpression)? {
        guard case .relation(let operands, let names) = self, names.allSatisfy({ $0 == "=" }),
            let name = operands.first, name.isName, let value = operands.last
        else { return nil }
        return (name, value)
    }

    /// Words, or words to a power: a unit.
    fileprivate var isUnit: Bool {
        switch self {
        case .text: true
        case .power(let base, _): base.isUnit
        case .product(let factors): factors.allSatisfy(\.isUnit)
        default: false
        }
    }

    /// Whether a `±` stands anywhere but inside a list.
    fileprivate var hasPlusMinus: Bool {
        switch self {
        case .plusMinus: true
        case .number, .large, .symbol, .text, .unordered, .matrix: false
        case .sum(let parts), .product(let parts), .apply(_, let parts), .relation(let parts, _),
            .ordered(_, let parts, _):
            parts.contains(where: \.hasPlusMinus)
        case .power(let base, let exponent): base.hasPlusMinus || exponent.hasPlusMinus
        }
    }

    /// The expression with one of the two signs in place of every `±` (and the other for `∓`).
    fileprivate func choosing(upper: Bool) -> MathExpression {
        let chosen = { (parts: [MathExpression]) in parts.map { $0.choosing(upper: upper) } }
        switch self {
        case .plusMinus(let value, let flipped):
            let value = value.choosing(upper: upper)
            return upper != flipped ? value : .product([.number(Fraction(-1)), value])
        case .number, .large, .symbol, .text, .unordered, .matrix:
            return self
        case .sum(let parts): return .sum(chosen(parts))
        case .product(let parts): return .product(chosen(parts))
        case .apply(let name, let parts): return .apply(name, chosen(parts))
        case .relation(let parts, let names): return .relation(chosen(parts), names)
        case .ordered(let open, let parts, let close):
            return .ordered(open: open, chosen(parts), close: close)
        case .power(let base, let exponent):
            return .power(base.choosing(upper: upper), exponent.choosing(upper: upper))
        }
    }
}
