/// A rational number, kept and compared exactly: 18.00 = 18, 1/2 = 0.5, 1/3 ≠ 0.333.
///
/// No floating point anywhere (docs/method.md, section 6). Equality is by cross multiplication, so no
/// common divisor is ever sought.
package struct ExactNumber: Sendable {
    let isNegative: Bool
    let numerator: Magnitude
    let denominator: Magnitude  // never zero
    /// The shortest decimal, such as `-18.5`, or a quotient as written, such as `1/3`.
    package let description: String

    /// A decimal from its digits (0...9 each); trailing zeros of the fraction change nothing.
    init(integer: [UInt8], fraction: [UInt8] = [], isNegative: Bool = false) {
        let decimals = fraction.reversed().drop { $0 == 0 }.reversed()
        numerator = Magnitude(digits: integer + decimals)
        denominator = Magnitude.powerOfTen(decimals.count)
        self.isNegative = isNegative && !numerator.isZero
        let whole = Magnitude(digits: integer).description
        let tail = decimals.map { String($0) }.joined()
        description = (self.isNegative ? "-" : "") + (tail.isEmpty ? whole : "\(whole).\(tail)")
    }

    private init(
        isNegative: Bool, numerator: Magnitude, denominator: Magnitude, description: String? = nil
    ) {
        self.isNegative = isNegative && !numerator.isZero
        self.numerator = numerator
        self.denominator = denominator
        let written = description ?? Self.text(of: numerator, over: denominator)
        self.description = (self.isNegative ? "-" : "") + written
    }

    /// A decimal where the denominator is a power of ten, else the quotient as it is.
    private static func text(of numerator: Magnitude, over denominator: Magnitude) -> String {
        let divisor = denominator.description.utf8
        guard divisor.first == UInt8(ascii: "1"),
            divisor.dropFirst().allSatisfy({ $0 == UInt8(ascii: "0") })
        else { return "\(numerator)/\(denominator)" }
        let places = divisor.count - 1
        let digits = numerator.description.utf8.map { $0 - UInt8(ascii: "0") }
        let padded = Array(repeating: 0, count: max(0, places + 1 - digits.count)) + digits
        return ExactNumber(
            integer: Array(padded.dropLast(places)), fraction: Array(padded.suffix(places))
        ).description
    }

    /// The number that a text is, such as `-1,000.50` or `3/4`; nil if it is anything more or less.
    ///
    /// English convention: a comma before three digits groups, a point begins the decimals.
    package init?(_ text: String) {
        let scalars = Array(text.unicodeScalars)
        let found = NumberScanner(text: scalars, convention: .english).numbers()
        guard let number = found.first, number.range == scalars.indices else { return nil }
        self = number.value
    }

    /// The number times ten to the power `exponent`; nil where that has more digits than any answer.
    func shifted(by exponent: Int) -> ExactNumber? {
        guard abs(exponent) <= NumberScanner.maximumExponent else { return nil }
        let power = Magnitude.powerOfTen(abs(exponent))
        return exponent >= 0
            ? ExactNumber(
                isNegative: isNegative, numerator: numerator * power, denominator: denominator)
            : ExactNumber(
                isNegative: isNegative, numerator: numerator, denominator: denominator * power)
    }

    var magnitude: ExactNumber {
        ExactNumber(isNegative: false, numerator: numerator, denominator: denominator)
    }

    var negated: ExactNumber {
        ExactNumber(
            isNegative: !isNegative, numerator: numerator, denominator: denominator)
    }

    /// The quotient; nil if the divisor is zero.
    func divided(by divisor: ExactNumber) -> ExactNumber? {
        guard !divisor.numerator.isZero else { return nil }
        return ExactNumber(
            isNegative: isNegative != divisor.isNegative,
            numerator: numerator * divisor.denominator,
            denominator: denominator * divisor.numerator)
    }

    static func + (a: ExactNumber, b: ExactNumber) -> ExactNumber {
        let (x, y) = (a.numerator * b.denominator, b.numerator * a.denominator)
        let sameSign = a.isNegative == b.isNegative
        return ExactNumber(
            isNegative: sameSign || x >= y ? a.isNegative : b.isNegative,
            numerator: sameSign ? x + y : Magnitude.distance(x, y),
            denominator: a.denominator * b.denominator)
    }
}

extension ExactNumber: Equatable {
    /// Whether both are the same number, however they were written.
    package static func == (a: ExactNumber, b: ExactNumber) -> Bool {
        a.isNegative == b.isNegative
            && a.numerator * b.denominator == b.numerator * a.denominator
    }
}

extension ExactNumber: CustomStringConvertible {}
