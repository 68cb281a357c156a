extension Polynomial {
    /// `slope x + rest` for a single variable x, the rest without variables.
    struct Line {
        let slope: Fraction
        let rest: Polynomial

        /// Where it is 0.
        var root: Polynomial? { solved(for: Polynomial(.zero)) }

        /// Where it has a value.
        func solved(for value: Polynomial) -> Polynomial? {
            guard let share = slope.reciprocal, let negated = rest.times(Polynomial(Fraction(-1)))
            else { return nil }
            return value.plus(negated)?.times(Polynomial(share))
        }
    }

    /// The line that it is; nil if it is of another degree, or has several variables.
    var line: Line? {
        var slope: Fraction?
        var rest = Polynomial(.zero)
        for (monomial, coefficient) in terms {
            let term = Polynomial(coefficient: coefficient, monomial)
            if term.isConstant {
                guard let sum = rest.plus(term) else { return nil }
                rest = sum
            } else {
                guard slope == nil, monomial.count == 1, let (atom, exponent) = monomial.first,
                    exponent == .one, case .symbol(let name) = atom, name.count == 1
                else { return nil }
                slope = coefficient
            }
        }
        return slope.map { Line(slope: $0, rest: rest) }
    }

    /// Whether it has no variables.
    var isConstant: Bool {
        terms.keys.allSatisfy { monomial in
            monomial.keys.allSatisfy { atom in
                switch atom {
                case .prime: true
                case .symbol(let name): name == "pi" || name == "e"
                case .sum(let sum): sum.isConstant
                case .applied: false
                }
            }
        }
    }
}
