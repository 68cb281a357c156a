extension MathNormalizer {
    /// The form of `a = b`, `a < b \le c` and the like.
    static func relation(_ operands: [MathExpression], _ names: [String]) -> MathForm? {
        if let interval = interval(operands, names) { return interval }
        if names == ["in"], operands[0].isName { return form(of: operands[1]) }
        if names == ["neq"], operands[0].isVariable != operands[1].isVariable,
            let value = form(of: operands[0].isVariable ? operands[1] : operands[0])
        {
            return everythingBut(value)
        }
        let (operands, names) = exactPart(operands, names)
        if operands.count == 1 { return form(of: operands[0]) }
        if let (name, value) = MathExpression.relation(operands, names).assignment,
            let form = pair(name, value)
        {
            return form
        }
        guard let forms = forms(of: operands) else { return nil }
        switch names {
        // Sides may be exchanged.
        case ["="], ["neq"]: return .relation(forms.sorted { $0.text < $1.text }, names)
        case _ where names.allSatisfy({ $0 == ">" || $0 == "geq" }):
            return .relation(
                forms.reversed(), names.reversed().map { $0 == ">" ? "<" : "leq" })
        default: return .relation(forms, names)
        }
    }

    /// `x = 2 + 3 = 5` says `x = 5`.
    private static func pair(_ name: MathExpression, _ value: MathExpression) -> MathForm? {
        guard let left = form(of: name), let right = form(of: value) else { return nil }
        return .relation([left, right].sorted { $0.text < $1.text }, ["="])
    }

    /// What stands before a rounded value: 1/3 of `1/3 ≈ 0.33`; the rounded one where it is the only one.
    static func exactPart(
        _ operands: [MathExpression], _ names: [String]
    ) -> ([MathExpression], [String]) {
        guard let rounded = names.firstIndex(of: "approx"),
            names.allSatisfy({ $0 == "=" || $0 == "approx" })
        else { return (operands, names) }
        if rounded == 0, operands[0].isName || operands[0].asksForValue {
            return (Array(operands.prefix(2)), ["="])
        }
        return (Array(operands.prefix(rounded + 1)), Array(names.prefix(rounded)))
    }

    // MARK: Intervals

    /// The interval between two bounds, open at both, without bound where there is none.
    static func interval(from low: MathForm?, to high: MathForm?) -> MathForm? {
        guard let bottom = low ?? infinity(-1), let top = high ?? infinity(1) else { return nil }
        return .ordered(open: "(", [bottom, top], close: ")")
    }

    private static func infinity(_ sign: Int) -> MathForm? {
        form(of: .product([.number(Fraction(sign)), .symbol("infty")]))
    }

    /// All numbers but one.
    private static func everythingBut(_ value: MathForm) -> MathForm? {
        guard let below = interval(from: nil, to: value), let above = interval(from: value, to: nil)
        else { return nil }
        return .combined("cup", [below, above])
    }

    /// `\mathbb{R} \setminus \{2\}` as two intervals; other differences are kept.
    static func difference(_ operands: [MathExpression]) -> MathForm? {
        if operands.count == 2, operands[0] == .symbol("reals"),
            case .unordered(let removed) = operands[1], removed.count == 1
        {
            return form(of: removed[0]).flatMap(everythingBut)
        }
        return forms(of: operands).map { .value(Polynomial(.applied("setminus", $0))) }
    }

    /// `1 < x \le 3`, `x > 3` and `-2x > 6` as intervals, whatever the variable's name.
    private static func interval(_ operands: [MathExpression], _ names: [String]) -> MathForm? {
        let isDescending = names.allSatisfy { $0 == ">" || $0 == "geq" }
        guard isDescending || names.allSatisfy({ $0 == "<" || $0 == "leq" }) else { return nil }
        let sides = isDescending ? operands.reversed() : operands
        let closed = (isDescending ? names.reversed() : names).map { $0 == "leq" || $0 == "geq" }
        switch (sides.count, sides[0].isVariable, sides[1].isVariable) {
        case (3, _, true):
            return range(form(of: sides[0]), closed[0], form(of: sides[2]), closed[1])
        case (2, true, false): return range(infinity(-1), false, form(of: sides[1]), closed[0])
        case (2, false, true): return range(form(of: sides[0]), closed[0], infinity(1), false)
        case (2, _, _): return solved(sides[0], sides[1], isClosed: closed[0])
        case (3, _, _): return solved(sides, closed)
        default: return nil
        }
    }

    private static func range(
        _ low: MathForm?, _ isLowIn: Bool, _ high: MathForm?, _ isHighIn: Bool
    ) -> MathForm? {
        guard let low, let high else { return nil }
        return .ordered(open: isLowIn ? "[" : "(", [low, high], close: isHighIn ? "]" : ")")
    }

    /// `low < high` solved for the one variable that it has, of first degree.
    private static func solved(
        _ low: MathExpression, _ high: MathExpression, isClosed: Bool
    ) -> MathForm? {
        guard let a = polynomial(of: low), let b = polynomial(of: high),
            let difference = b.times(Polynomial(Fraction(-1))).flatMap(a.plus),
            let line = difference.line, let bound = line.root
        else { return nil }
        return line.slope.numerator > 0
            ? range(infinity(-1), false, .value(bound), isClosed)
            : range(.value(bound), isClosed, infinity(1), false)
    }

    /// `low < 2x + 1 < high` solved for x.
    private static func solved(_ sides: [MathExpression], _ closed: [Bool]) -> MathForm? {
        guard let line = polynomial(of: sides[1])?.line,
            let low = polynomial(of: sides[0]), let high = polynomial(of: sides[2]),
            low.isConstant, high.isConstant, let a = line.solved(for: low),
            let b = line.solved(for: high)
        else { return nil }
        return line.slope.numerator > 0
            ? range(.value(a), closed[0], .value(b), closed[1])
            : range(.value(b), closed[1], .value(a), closed[0])
    }
}
