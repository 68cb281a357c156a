/// Two runs over the same questions, and whether they differ beyond chance (docs/method.md, section 4).
package struct PairedDifference: Equatable, Sendable {
    /// The mean difference, the first minus the second, with its interval by paired bootstrap.
    package let estimate: Bootstrap.Estimate
    /// Of the exact McNemar test, where every question is right or wrong; nil for scores in between.
    package let pValue: Double?

    /// Below so many questions nothing is ranked or marked: intervals of so few are not to be trusted.
    package static let leastQuestions = 30

    /// The comparison of two runs given question by question; nil for no questions.
    package init?(_ first: [Double], _ second: [Double], bootstrap: Bootstrap) {
        guard let estimate = bootstrap.meanDifference(first, second) else { return nil }
        self.estimate = estimate
        let isVerdict = { (score: Double) in score == 0 || score == 1 }
        pValue =
            first.allSatisfy(isVerdict) && second.allSatisfy(isVerdict)
            ? McNemarTest(first.map { $0 == 1 }, second.map { $0 == 1 }).pValue : nil
    }

    /// Whether both tests say so: the bootstrap alone takes a few wins without a loss for certain, since it cannot draw a loss.
    package var isSignificant: Bool { estimate.excludesZero && pValue.map { $0 < 0.05 } ?? true }
}
