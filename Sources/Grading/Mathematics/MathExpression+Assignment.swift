/// `asked = value`: what is named and what it is.
extension MathExpression {
    /// The value that the last part of `x = ... = value` gives to a name; nil for anything else. Either
    /// side may hold the name.
    var assignment: (name: MathExpression, value: MathExpression)? {
        guard let (operands, _) = equalities, let first = operands.first, let last = operands.last
        else { return nil }
        if first.isName { return (first, last) }
        return operands.count == 2 && last.isName ? (last, first) : nil
    }

    /// The value of an equation whose other side may be what was asked for, as in `a + b = 12`; nil
    /// if it can only be an equation, such as `2x + 3 = 0`.
    var askedValue: MathExpression? {
        guard let (operands, _) = equalities, let first = operands.first, let last = operands.last
        else { return nil }
        if case .sum = first, last == .number(.zero) { return nil }
        if first.asksForValue { return last }
        return operands.count == 2 && last.asksForValue && !first.asksForValue ? first : nil
    }

    /// The operands of a chain of equations, without the rounded values at its end.
    private var equalities: ([MathExpression], [String])? {
        guard case .relation(let operands, let names) = self else { return nil }
        let (exact, equals) = MathNormalizer.exactPart(operands, names)
        guard exact.count > 1, equals.allSatisfy({ $0 == "=" }) else { return nil }
        return (exact, equals)
    }

    /// The names and values of `x = 1, y = 2`, of `(x, y) = (1, 2)` and of `x, y = 1, 2`, in order, where the
    /// names differ; nil for anything else.
    var assignments: [(name: MathExpression, value: MathExpression)]? {
        switch self {
        case .unordered(let elements):
            let each = elements.compactMap(\.assignment)
            if each.count == elements.count {
                return Set(each.map(\.name)).count == each.count ? each : nil
            }
            guard elements.count.isMultiple(of: 2) == false, each.count == 1,
                let (name, value) = elements[elements.count / 2].assignment
            else { return nil }
            let names = elements[..<(elements.count / 2)]
            guard names.allSatisfy(\.isName) else { return nil }
            return Array(
                zip(names + [name], [value] + elements[(elements.count / 2 + 1)...]))
        case .relation:
            guard let (name, value) = assignment, case .ordered(_, let names, _) = name,
                case .ordered(_, let values, _) = value, names.count == values.count
            else { return nil }
            return Array(zip(names, values))
        default:
            return nil
        }
    }
}
