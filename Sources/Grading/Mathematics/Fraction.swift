/// A quotient of two machine integers in lowest terms, for the coefficients and exponents of
/// expressions. Arithmetic returns nil on overflow: the answer is then compared as text.
struct Fraction: Hashable, Sendable {
    let numerator: Int
    let denominator: Int  // positive

    static let zero = Fraction(0)
    static let one = Fraction(1)

    init(_ integer: Int) {
        numerator = integer
        denominator = 1
    }

    /// The quotient in lowest terms; nil for a zero divisor or an integer that cannot be negated.
    init?(_ numerator: Int, over denominator: Int) {
        guard denominator != 0, numerator != .min, denominator != .min else { return nil }
        let divisor = Self.greatestCommonDivisor(abs(numerator), abs(denominator))
        let sign = denominator < 0 ? -1 : 1
        self.numerator = sign * numerator / divisor
        self.denominator = abs(denominator) / divisor
    }

    var isInteger: Bool { denominator == 1 }
    var isZero: Bool { numerator == 0 }
    var reciprocal: Fraction? { Fraction(denominator, over: numerator) }
    var negated: Fraction? { Fraction(-1).times(self) }

    func plus(_ other: Fraction) -> Fraction? {
        let (a, o1) = numerator.multipliedReportingOverflow(by: other.denominator)
        let (b, o2) = other.numerator.multipliedReportingOverflow(by: denominator)
        let (sum, o3) = a.addingReportingOverflow(b)
        let (below, o4) = denominator.multipliedReportingOverflow(by: other.denominator)
        return o1 || o2 || o3 || o4 ? nil : Fraction(sum, over: below)
    }

    func times(_ other: Fraction) -> Fraction? {
        // Cancelling crosswise first keeps the products small.
        guard let a = Fraction(numerator, over: other.denominator),
            let b = Fraction(other.numerator, over: denominator)
        else { return nil }
        let (above, o1) = a.numerator.multipliedReportingOverflow(by: b.numerator)
        let (below, o2) = a.denominator.multipliedReportingOverflow(by: b.denominator)
        return o1 || o2 ? nil : Fraction(above, over: below)
    }

    /// The power to an integer; nil on overflow and for a negative power of 0.
    func power(_ exponent: Int) -> Fraction? {
        if numerator == 0 { return exponent > 0 ? .zero : exponent == 0 ? .one : nil }
        if self == .one { return .one }
        // Any other base overflows, or is a power of -1, long before.
        guard abs(exponent) < 64 || numerator == -1 && denominator == 1 else { return nil }
        guard let base = exponent < 0 ? reciprocal : self else { return nil }
        if base == Fraction(-1) { return exponent.isMultiple(of: 2) ? .one : base }
        var result = Fraction.one
        for _ in 0..<abs(exponent) {
            guard let next = result.times(base) else { return nil }
            result = next
        }
        return result
    }

    private static func greatestCommonDivisor(_ a: Int, _ b: Int) -> Int {
        var (a, b) = (a, b)
        while b != 0 { (a, b) = (b, a % b) }
        return max(a, 1)
    }
}

extension Fraction: CustomStringConvertible {
    var description: String {
        isInteger ? "\(numerator)" : "\(numerator)/\(denominator)"
    }
}
