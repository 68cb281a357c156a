/// Whether two mathematical answers in LaTeX are the same.
///
/// Decided by normal forms: numbers as exact fractions (decimals, percent, mixed numbers, repeating
/// decimals, digit grouping), roots (√8 = 2√2, 1/√2 = √2/2), the order of terms and factors, like terms,
/// units and words beside a value, degrees and dollars, `\left`, `\text`, spacing, sets and lists in any
/// order, tuples, intervals (also written as inequalities), unions, matrices, `±` as two values,
/// equations with their sides exchanged, and `x = 5` for `5`.
///
/// Not decided, so counted as different unless written alike:
/// - products of sums against their expansion, and any other factoring: `(x+1)^2` and `x^2+2x+1`;
/// - identities of functions: `\log 8` and `3 \log 2`, `\sin 30` and `1/2`, `n!`, binomials, `|-3|`, `i^2`;
/// - equations rearranged or scaled: `2x+2y=4` and `x+y=2`;
/// - a tuple against a column vector, a set given by a condition, `\begin{cases}`;
/// - nested roots, roots of sums, powers of powers with a root: `\sqrt{3+2\sqrt2}` and `1+\sqrt2`;
/// - a number in another base against its decimal value, words against digits (`three` and `3`);
/// - rounded against exact values: `3.14` and `\pi`, `0.33` and `1/3`;
/// - units converted: `60 minutes` and `1 hour`. A wrong unit is not noticed;
/// - sums of unlike units, such as `3 hours 20 minutes`, and times of day, unless written alike.
///
/// A calculation left undone counts by its value: `2 \cdot 3` is 6.
enum MathAnswer {
    /// Whether `answer` is the same as `gold`. Symmetric.
    static func isSame(_ answer: String, _ gold: String) -> Bool {
        if let a = plainNumber(answer), let b = plainNumber(gold) { return a == b }
        let (a, b) = (MathLexer.tokens(of: answer), MathLexer.tokens(of: gold))
        if !a.isEmpty, a == b { return true }
        if isSameText(answer, gold, a, b) { return true }
        guard let x = MathParser.expression(of: a), let y = MathParser.expression(of: b) else {
            return false
        }
        return isSame(x, y)
    }

    private static func isSame(_ a: MathExpression, _ b: MathExpression) -> Bool {
        guard let x = MathForm(a), let y = MathForm(b) else { return false }
        if x == y { return true }
        // "x = 5" answers what "5" does, but not what "y = 5" does.
        switch (a.assignment, b.assignment) {
        case (let assigned?, nil): return MathForm(assigned.value) == y
        case (nil, let assigned?): return MathForm(assigned.value) == x
        default: return false
        }
    }

    /// Numbers of any length are compared exactly, beyond the range of expressions.
    private static func plainNumber(_ answer: String) -> ExactNumber? {
        ExactNumber(answer.trimmed)
    }

    /// Words: equal up to case, spacing and brackets, if either answer is nothing but words.
    private static func isSameText(
        _ answer: String, _ gold: String, _ a: [MathToken], _ b: [MathToken]
    ) -> Bool {
        guard isWords(a) || isWords(b) else { return false }
        let words: (String) -> [Character] = {
            LaTeXText.plain($0).lowercased().filter { $0.isLetter || $0.isNumber }.map(\.self)
        }
        let own = words(answer)
        return !own.isEmpty && own == words(gold)
    }

    private static func isWords(_ tokens: [MathToken]) -> Bool {
        !tokens.isEmpty
            && tokens.allSatisfy {
                if case .text = $0 {
                    true
                } else {
                    [.sign("("), .sign(")"), .sign(",")].contains($0)
                }
            }
    }
}
