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
        case .product(let factors) where factors.filter({ !$0.isUnit }).count == 1:
            return factors.first { !$0.isUnit }.flatMap(form(of:))
        case .apply("subscript", let parts) where parts[1] == .number(Fraction(10)):
            // Base ten is the base of all numbers.
            if case .number = parts[0] { return form(of: parts[0]) }
            return polynomial(of: expression).map(MathForm.value)
        case .matrix(let rows):
            var found: [[MathForm]] = []
            for row in rows {
                guard let forms = forms(of: row) else { return nil }
                found.append(forms)
            }
            return .matrix(found)
        case .apply(let name, let operands) where name == "cup" || name == "cap":
            guard let forms = forms(of: operands) else { return nil }
            return .combined(name, forms)
        case .symbol("reals"):
            return interval(from: nil, to: nil)
        case .apply("setminus", let operands):
            return difference(operands)
        case _ where expression.hasPlusMinus:
            return unordered([expression])
        default:
            return polynomial(of: expression).map(MathForm.value)
        }
    }

    static func forms(of expressions: [MathExpression]) -> [MathForm]? {
        let forms = expressions.compactMap(form(of:))
        return forms.count == expressions.count ? forms : nil
    }

    // MARK: Lists

    /// A list or set. `±` counts as both values; `x=1, x=2` and `x=1,2` as 1, 2.
    private static func unordered(_ elements: [MathExpression]) -> MathForm? {
        let variants = elements.flatMap(\.variants)
        if let forms = sharedNameValues(of: variants) { return forms }
        guard let forms = forms(of: variants) else { return nil }
        return forms.count == 1 ? forms[0] : .collection(forms)
    }

    /// The values that a list gives to one name: `x=1, x=2`, or `x=1,2`.
    private static func sharedNameValues(of elements: [MathExpression]) -> MathForm? {
        guard let first = elements.first?.assignment else { return nil }
        var values: [MathExpression] = []
        var isRepeated: Bool?
        for element in elements.dropFirst() {
            let assignment = element.assignment
            if case .relation = element, assignment == nil { return nil }
            guard isRepeated ?? (assignment != nil) == (assignment != nil) else { return nil }
            isRepeated = assignment != nil
            if let assignment, assignment.name != first.name { return nil }
            values.append(assignment?.value ?? element)
        }
        // Unnamed values after a named one: "x=1, y" says nothing about x.
        if isRepeated == false, !first.value.isName, values.contains(where: \.isName) { return nil }
        guard let forms = forms(of: ([first.value] + values).flatMap(\.variants)) else {
            return nil
        }
        return forms.count == 1 ? forms[0] : .collection(forms)
    }

    // MARK: Values

    static func polynomial(of expression: MathExpression) -> Polynomial? {
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
