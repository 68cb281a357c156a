/// A mathematical answer as it is written, before equal forms are made one.
indirect enum MathExpression: Hashable, Sendable {
    case number(Fraction)
    /// A number too large for machine integers, by its digits.
    case large(String)
    /// A letter, or a constant such as `pi`, by its name.
    case symbol(String)
    /// Words: an answer of its own, or a unit beside a value.
    case text(String)
    case sum([MathExpression])
    case product([MathExpression])
    case power(MathExpression, MathExpression)
    /// Both signs at once; `true` where the sign is the lower one of a pair, as in `∓`.
    case plusMinus(MathExpression, flipped: Bool)
    /// A function, a root of a degree, a subscript, ... by its name.
    case apply(String, [MathExpression])
    /// Elements whose order counts, between brackets: a tuple or an interval.
    case ordered(open: Character, [MathExpression], close: Character)
    /// Elements whose order does not count: a set, or a list of answers without brackets.
    case unordered([MathExpression])
    /// `a < b <= c`: one more operand than operators.
    case relation([MathExpression], [String])
    /// Rows of equal length.
    case matrix([[MathExpression]])
}
