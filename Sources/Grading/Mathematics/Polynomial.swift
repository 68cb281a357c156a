/// A sum of products in a normal form: equal sums have equal forms however their terms are ordered.
///
/// Like terms are gathered, products of sums are not expanded (`(x+1)(x-1)` stays apart from `x^2-1`).
/// Roots of numbers are kept as powers of primes, so √8 = 2√2, √2·√3 = √6 and 1/√2 = √2/2. Every
/// operation returns nil on overflow and where the result is undefined.
struct Polynomial: Hashable, Sendable {
    /// A factor that is not taken apart further.
    indirect enum Atom: Hashable, Sendable {
        /// A variable or constant.
        case symbol(String)
        /// A prime (or a number too large to factor) under a root.
        case prime(Int)
        /// A sum of several terms, as a factor.
        case sum(Polynomial)
        /// A function, a subscript, a power with a variable exponent, ... of normal forms.
        case applied(String, [MathForm])
    }

    /// Each factor's exponent, which is not 0.
    typealias Monomial = [Atom: Fraction]

    /// Each product's coefficient, which is not 0.
    let terms: [Monomial: Fraction]

    static let one = Polynomial(.one)

    private init(terms: [Monomial: Fraction]) {
        self.terms = terms
    }

    init(_ number: Fraction) {
        terms = number.isZero ? [:] : [[:]: number]
    }

    init(_ atom: Atom) {
        terms = [[atom: .one]: .one]
    }

    /// One product.
    init(coefficient: Fraction, _ monomial: Monomial) {
        terms = [monomial: coefficient]
    }

    /// Nil if it is not a number.
    var number: Fraction? {
        terms.isEmpty ? .zero : terms.count == 1 ? terms[[:]] : nil
    }

    // MARK: Arithmetic

    func plus(_ other: Polynomial) -> Polynomial? {
        var sum = terms
        for (monomial, coefficient) in other.terms {
            guard let total = (sum[monomial] ?? .zero).plus(coefficient) else { return nil }
            sum[monomial] = total.isZero ? nil : total
        }
        return Polynomial(terms: sum)
    }

    func times(_ other: Polynomial) -> Polynomial? {
        guard !terms.isEmpty, !other.terms.isEmpty else { return Polynomial(.zero) }
        guard let a = asProduct, let b = other.asProduct else { return nil }
        return a.times(b)?.polynomial
    }

    func power(_ exponent: Fraction) -> Polynomial? {
        if exponent.isZero { return .one }
        if exponent == .one { return self }
        if terms.isEmpty { return exponent.numerator > 0 ? self : nil }
        guard let product = asProduct else { return nil }
        // (x^2)^(1/2) need not be x: only plain factors are taken out of a root.
        guard exponent.isInteger || product.factors.values.allSatisfy({ $0 == .one }) else {
            return Polynomial(
                .applied("power", [.value(self), .value(Polynomial(exponent))]))
        }
        return product.power(exponent)?.polynomial
    }

    /// The sum as one product: its only term, or itself as a factor, the leading sign taken out.
    private var asProduct: Product? {
        if terms.count == 1, let (factors, coefficient) = terms.first {
            return Product(coefficient: coefficient, factors: factors)
        }
        let leading = terms.min { $0.key.text < $1.key.text }
        guard let leading, leading.value.numerator < 0 else {
            return Product(coefficient: .one, factors: [.sum(self): .one])
        }
        return scaled(by: Fraction(-1)).map {
            Product(coefficient: Fraction(-1), factors: [.sum($0): .one])
        }
    }

    private func scaled(by factor: Fraction) -> Polynomial? {
        var scaled: [Monomial: Fraction] = [:]
        for (monomial, coefficient) in terms {
            guard let product = coefficient.times(factor) else { return nil }
            scaled[monomial] = product
        }
        return Polynomial(terms: scaled)
    }
}

extension Polynomial {
    /// One coefficient and factors with their exponents.
    private struct Product {
        var coefficient: Fraction
        var factors: Monomial

        /// As a sum. A sum times 1/n or -1/n is written out, as (x+1)/2 = x/2 + 1/2; times 2 it is not.
        var polynomial: Polynomial? {
            if factors.count == 1, let (atom, exponent) = factors.first, exponent == .one,
                case .sum(let sum) = atom, abs(coefficient.numerator) == 1
            {
                return sum.scaled(by: coefficient)
            }
            return Polynomial(terms: [factors: coefficient])
        }

        func times(_ other: Product) -> Product? {
            guard let coefficient = coefficient.times(other.coefficient) else { return nil }
            var product = Product(coefficient: coefficient, factors: factors)
            for (atom, exponent) in other.factors {
                guard product.multiply(by: atom, to: exponent) else { return nil }
            }
            return product
        }

        func power(_ exponent: Fraction) -> Product? {
            guard var product = Product(number: coefficient, exponent: exponent) else { return nil }
            for (atom, own) in factors {
                guard let raised = own.times(exponent), product.multiply(by: atom, to: raised)
                else { return nil }
            }
            return product
        }

        private init?(number: Fraction, exponent: Fraction) {
            if exponent.isInteger, let power = number.power(exponent.numerator) {
                self.init(coefficient: power, factors: [:])
                return
            }
            self.init(coefficient: .one, factors: [:])
            if number.numerator < 0 {
                // √-1 = i; an odd root of -1 is -1; other roots are left undecided.
                if exponent.denominator == 2, abs(exponent.numerator) == 1 {
                    guard multiply(by: .symbol("i"), to: Fraction(exponent.numerator)) else {
                        return nil
                    }
                } else if exponent.denominator.isMultiple(of: 2) {
                    return nil
                } else if !exponent.numerator.isMultiple(of: 2) {
                    coefficient = Fraction(-1)
                }
            }
            guard let negated = exponent.negated else { return nil }
            let parts = [(abs(number.numerator), exponent), (number.denominator, negated)]
            for (integer, power) in parts {
                for (prime, count) in PrimeFactors.of(integer) {
                    guard let total = power.times(Fraction(count)),
                        multiply(by: .prime(prime), to: total)
                    else { return nil }
                }
            }
        }

        init(coefficient: Fraction, factors: Monomial) {
            self.coefficient = coefficient
            self.factors = factors
        }

        /// Adds to a factor's exponent; of a prime the whole part moves to the coefficient, if that
        /// can hold it.
        private mutating func multiply(by atom: Atom, to exponent: Fraction) -> Bool {
            guard var total = (factors[atom] ?? .zero).plus(exponent) else { return false }
            if case .prime(let prime) = atom,
                let extracted = Fraction(prime).power(total.floor),
                let product = coefficient.times(extracted),
                let rest = total.plus(Fraction(-total.floor))
            {
                coefficient = product
                total = rest
            }
            factors[atom] = total.isZero ? nil : total
            return true
        }
    }
}

extension Fraction {
    /// The greatest integer not above it.
    fileprivate var floor: Int {
        let quotient = numerator / denominator
        return numerator % denominator < 0 ? quotient - 1 : quotient
    }
}

// MARK: An order of forms

extension Polynomial {
    /// A text that equal sums share, to order and to show forms by.
    var text: String {
        terms.map { "\($0.value)\($0.key.text)" }.sorted().joined(separator: "+")
    }
}

extension Polynomial.Monomial {
    fileprivate var text: String {
        map { "*\($0.key.text)^\($0.value)" }.sorted().joined()
    }
}

extension Polynomial.Atom {
    fileprivate var text: String {
        switch self {
        case .symbol(let name): name
        case .prime(let prime): "\(prime)"
        case .sum(let sum): "(\(sum.text))"
        case .applied(let name, let forms):
            "\(name)(\(forms.map(\.text).joined(separator: ",")))"
        }
    }
}
