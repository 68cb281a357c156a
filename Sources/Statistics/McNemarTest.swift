/// The exact McNemar test of two runs over the same questions (docs/method.md, section 4).
///
/// Source: McNemar 1947, with the exact binomial distribution. Only questions on which the runs
/// differ count: under the hypothesis of no difference each side wins one with probability 1/2.
package struct McNemarTest: Equatable, Sendable {
    /// Questions that only the first run got right.
    package let onlyFirst: Int
    /// Questions that only the second run got right.
    package let onlySecond: Int

    /// The test from the two counts of differing questions; neither may be negative.
    package init(onlyFirst: Int, onlySecond: Int) {
        precondition(onlyFirst >= 0 && onlySecond >= 0, "counts cannot be negative")
        self.onlyFirst = onlyFirst
        self.onlySecond = onlySecond
    }

    /// The test of two runs given question by question, in the same order and number.
    package init(_ first: [Bool], _ second: [Bool]) {
        precondition(first.count == second.count, "the runs must cover the same questions")
        let pairs = zip(first, second)
        self.init(
            onlyFirst: pairs.count { $0 && !$1 }, onlySecond: pairs.count { !$0 && $1 })
    }

    /// The two-sided p-value: twice the smaller tail of Binomial(n, 1/2), at most 1. O(n).
    package var pValue: Double {
        let count = onlyFirst + onlySecond
        var term = 1.0  // the binomial coefficient (count over k) / 2^shift
        var sum = 1.0
        var shift = 0
        for k in 0..<min(onlyFirst, onlySecond) {
            term *= Double(count - k) / Double(k + 1)
            sum += term
            // A power of two scales without rounding, so large counts neither overflow nor err.
            if term > 0x1p500 {
                term *= 0x1p-500
                sum *= 0x1p-500
                shift += 500
            }
        }
        let tail = Double(sign: .plus, exponent: shift - count, significand: sum)
        return min(1, 2 * tail)
    }
}
