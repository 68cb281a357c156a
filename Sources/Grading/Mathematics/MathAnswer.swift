/// Whether two mathematical answers in LaTeX are the same.
///
/// Decided by normal forms: numbers as exact fractions (decimals, percent, mixed numbers, repeating
/// decimals, digit grouping, powers of ten), roots (√8 = 2√2, 1/√2 = √2/2), the order of terms and
/// factors, like terms, units and words beside a value, degrees and dollars, `\left`, `\text`, colours,
/// spacing, sets and lists in any order, tuples, intervals (also written as inequalities, which are solved
/// where they are of first degree in one variable), unions (also written with "or"), matrices, `±` as two
/// values, equations with their sides exchanged, and `x = 5`, `f(3) = 5` or `a + b = 5` for `5`.
///
/// Where a comma between digits may group or separate, as in `70,110`, both readings are compared. Percent
/// signs are dropped: `50\%` is 50, not 1/2.
///
/// Not decided, so counted as different unless written alike:
/// - products of sums against their expansion, and any other factoring: `(x+1)^2` and `x^2+2x+1`;
/// - identities of functions: `\log 8` and `3 \log 2`, `\sin 30` and `1/2`, `n!`, binomials, `|-3|`, `i^2`;
/// - equations rearranged or scaled: `2x+2y=4` and `x+y=2`;
/// - an equation between numbers alone, `3 \cdot 4 = 12`, which names nothing;
/// - a tuple against a column vector, a set given by a condition;
/// - nested roots, roots of sums, powers of powers with a root: `\sqrt{3+2\sqrt2}` and `1+\sqrt2`;
/// - a number in another base against its decimal value, words against digits (`three` and `3`);
/// - rounded against exact values: `3.14` and `\pi`, `0.33` and `1/3`;
/// - units converted: `60 minutes` and `1 hour`. A wrong unit is not noticed, but for `a.m.` and `p.m.`;
/// - sums of unlike units, such as `3 hours 20 minutes`, unless written alike.
///
/// A calculation left undone counts by its value: `2 \cdot 3` is 6. An expression is read whole or not at
/// all; one of more than 2,000 characters or of more than 60 levels is not read, and a fraction beyond 64
/// bits is compared as it is written.
enum MathAnswer {
    /// Whether `answer` is the same as `gold`.
    static func isSame(_ answer: String, _ gold: String) -> Bool {
        let (answer, gold) = (answer.trimmed, gold.trimmed)
        if let a = plainNumber(answer), let b = plainNumber(gold), a == b { return true }
        let golds = MathReading.all(of: gold, units: [])
        let units = Set(golds.flatMap(\.units))
        return MathReading.all(of: answer, units: units).contains { reading in
            golds.contains { MathComparison.isSame(reading, $0) }
        }
    }

    /// Whether an answer is one that others can be compared with: an expression that is read whole, or a
    /// few words.
    static func isReadable(_ gold: String) -> Bool {
        let gold = gold.trimmed
        return plainNumber(gold) != nil
            || MathReading.all(of: gold, units: []).contains(where: \.isUnderstood)
    }

    /// Whether an answer is one number, perhaps with a unit or as a calculation.
    static func isNumber(_ answer: String) -> Bool {
        guard let expression = MathReading.all(of: answer.trimmed, units: []).first?.expression,
            case .value(let value) = MathForm(expression)
        else { return false }
        return value.number != nil
    }

    /// Numbers of any length are compared exactly, beyond the range of expressions.
    private static func plainNumber(_ answer: String) -> ExactNumber? {
        answer.utf8.count <= MathReading.maximumLength ? ExactNumber(answer) : nil
    }
}
