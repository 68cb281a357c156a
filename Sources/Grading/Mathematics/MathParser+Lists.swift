// What stands between whole expressions: separators, relations, ratios, unions.

extension MathParser {
    /// A list without brackets. Inequalities and intervals joined by "or" are a union.
    mutating func answer() throws(Failure) -> MathExpression {
        let hasAlternatives = tokens.contains(.command("or"))
        let elements = try list()
        if elements.count == 1 { return elements[0] }
        if hasAlternatives, elements.allSatisfy(\.isInequality) || elements.areIntervals {
            return .apply("cup", elements)
        }
        return .unordered(elements)
    }

    mutating func list() throws(Failure) -> [MathExpression] {
        var elements = [try relation()]
        while takeSeparator() {
            // "a, b, and c" has two separators in a row.
            while takeSeparator() {}
            elements.append(try relation())
        }
        return elements
    }

    private mutating func takeSeparator() -> Bool {
        if take(",") || take(";") { return true }
        guard tokens.first == .command("or") else { return false }
        tokens.removeFirst()
        return true
    }

    mutating func relation() throws(Failure) -> MathExpression {
        var operands = [try ratio()]
        var operators: [String] = []
        while let name = relationOperator() {
            tokens.removeFirst()
            operators.append(name)
            operands.append(try ratio())
        }
        return operators.isEmpty ? operands[0] : .relation(operands, operators)
    }

    private func relationOperator() -> String? {
        switch tokens.first {
        case .sign(let sign) where "=<>∣".contains(sign): String(sign)
        case .command(let name)
        where ["leq", "geq", "neq", "approx", "in", "to", "equiv", "subset"].contains(name):
            name
        default: nil
        }
    }

    /// `3:2`, or a time of day.
    private mutating func ratio() throws(Failure) -> MathExpression {
        var operands = [try union()]
        while take(":") {
            // The minutes of 1:03 are not the 3 of 1:3.
            if case .number(let digits) = tokens.first, digits.count == 2, digits.hasPrefix("0") {
                tokens.removeFirst()
                operands.append(.large(digits))
            } else {
                operands.append(try union())
            }
        }
        return operands.count == 1 ? operands[0] : .apply("ratio", operands)
    }

    private mutating func union() throws(Failure) -> MathExpression {
        var operands = [try sum()]
        var name: String?
        while case .command(let next) = tokens.first, ["cup", "cap", "setminus"].contains(next),
            name == nil || name == next
        {
            tokens.removeFirst()
            name = next
            operands.append(try sum())
        }
        return name.map { .apply($0, operands) } ?? operands[0]
    }
}
