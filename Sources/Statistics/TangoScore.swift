/// Tango's score for two runs over the same questions, each right or wrong: whether the first's accuracy minus the second's could be some value.
///
/// Questions on which both agree are counted, too, and a discordant pair that was not seen is not taken for one that cannot be: without any difference
/// the bound still lies below 0, by less the more questions there are. Source: Tango 1998, "Equivalence test and confidence interval for the difference
/// in proportions for the paired-sample design", Statistics in Medicine 17:891-908.
package struct TangoScore: Equatable, Sendable {
    /// Questions that only the first run got right, and only the second.
    private let gained: Double
    private let lost: Double
    /// All of them.
    private let count: Double

    /// The score of counts; neither may be negative, and there are at least as many questions, and one.
    package init(gained: Int, lost: Int, questions: Int) {
        precondition(
            gained >= 0 && lost >= 0 && questions > 0 && gained + lost <= questions,
            "of at least one question some are gained, others lost")
        (self.gained, self.lost, count) = (Double(gained), Double(lost), Double(questions))
    }

    /// The score of two runs given question by question; nil for no questions, and where some are neither right, 1, nor wrong, 0.
    package init?(_ first: [Double], _ second: [Double]) {
        precondition(first.count == second.count, "the runs must cover the same questions")
        let isVerdict = { (score: Double) in score == 0 || score == 1 }
        guard !first.isEmpty, first.allSatisfy(isVerdict), second.allSatisfy(isVerdict) else {
            return nil
        }
        let pairs = zip(first, second)
        self.init(
            gained: pairs.count { $0 > $1 }, lost: pairs.count { $0 < $1 }, questions: first.count)
    }

    /// The bounds below and above which the difference lies with a probability of `tail` each, 0 < tail < 1/2.
    package func interval(tail: Double) -> Interval {
        let mirrored = TangoScore(
            gained: Int(lost), lost: Int(gained), questions: Int(count))
        return Interval(low: low(tail: tail), high: -mirrored.low(tail: tail))
    }

    /// The variance of one question's difference, if the mean were `difference`, -1 to 1, and the rest as likely as it can be.
    package func variance(ifDifferenceIs difference: Double) -> Double {
        // The chance of losing a question, q, at its greatest likelihood: 2 n q^2 + b q - c = 0 (Tango's equation 6).
        let b = (2 * count - gained + lost) * difference - gained - lost
        let c = lost * difference * (1 - difference)
        let root = max(0, b * b + 8 * count * c).squareRoot()
        let q = (root - b) / (4 * count)
        return max(0, 2 * q + difference * (1 - difference))
    }

    /// By bisection, since the score falls as the supposed difference grows; to 1e-12.
    private func low(tail: Double) -> Double {
        precondition(0 < tail && tail < 0.5, "a tail holds less than half")
        let limit = standardNormalQuantile(1 - tail)
        var (low, high) = (-1.0, (gained - lost) / count)
        while high - low > 1e-12 {
            let middle = (low + high) / 2
            let spread = (count * variance(ifDifferenceIs: middle)).squareRoot()
            if gained - lost - count * middle > limit * spread {
                low = middle
            } else {
                high = middle
            }
        }
        return low
    }
}
