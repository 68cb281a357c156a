/// `±` and `∓`: two expressions in one.
extension MathExpression {
    /// The expression for the upper and for the lower signs; itself if it has none.
    var variants: [MathExpression] {
        hasPlusMinus ? [choosing(upper: true), choosing(upper: false)] : [self]
    }

    /// Whether a `±` stands anywhere but inside a list.
    var hasPlusMinus: Bool {
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
    private func choosing(upper: Bool) -> MathExpression {
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
