import Foundation

/// Whether a run is as accurate as another over the same questions: shown, not assumed (docs/method.md, section 4, equal accuracy).
package struct EqualAccuracy: Equatable, Sendable {
    /// What the questions show.
    package enum Verdict: Equatable, Sendable {
        /// Not worse by more than the margin (non-inferiority), nor shown to be better.
        case equal
        case better
        case worse
        /// The questions do not decide it; of such questions about so many would, if there is a number that would.
        case undecided(needed: Int?)
    }

    /// What may be lost, in accuracy.
    package static let margin = 0.02

    /// The run's mean minus the reference's.
    package let difference: PairedDifference
    /// What they show, at one-sided 95 %.
    package let verdict: Verdict
    /// How many both runs answered.
    package let questions: Int

    /// The verdict on a run, question by question beside its reference; nil for no questions.
    ///
    /// The lower bound is one-sided at 95 % by paired bootstrap, divided by `comparisons`, the number of runs of which this one was chosen (Bonferroni).
    /// Below `PairedDifference.leastQuestions` nothing is decided. O(questions x resamples).
    package init?(
        _ run: [Double], _ reference: [Double], comparisons: Int = 1, bootstrap: Bootstrap
    ) {
        precondition(comparisons > 0, "a run is compared at least once")
        let tail = 0.05 / Double(comparisons)
        let wide = Bootstrap(
            resamples: bootstrap.resamples, seed: bootstrap.seed, confidence: 1 - 2 * tail)
        guard let difference = PairedDifference(run, reference, bootstrap: bootstrap),
            let bound = wide.meanDifference(run, reference)
        else { return nil }
        self.difference = difference
        questions = run.count
        let isMany = questions >= PairedDifference.leastQuestions
        verdict =
            switch (isMany, difference.isSignificant) {
            case (true, true) where bound.interval.low > 0: .better
            case (true, _) where bound.interval.low >= -Self.margin: .equal
            case (true, true) where bound.interval.high < 0: .worse
            default: .undecided(needed: Self.needed(run, reference, tail: tail))
            }
    }

    /// How many questions of this kind would decide, if the difference stays what it is: that it is within the margin, else that it is none at all.
    /// By the normal approximation; nil where the runs agree everywhere, or the difference is the margin itself.
    private static func needed(_ run: [Double], _ reference: [Double], tail: Double) -> Int? {
        let differences = zip(run, reference).map { $0 - $1 }
        let count = Double(differences.count)
        let mean = differences.reduce(0, +) / count
        let variance = differences.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / count
        let distance = mean > -margin ? mean + margin : abs(mean)
        guard variance > 0, distance > 0 else { return nil }
        let needed = standardNormalQuantile(1 - tail) / distance
        let questions = needed * needed * variance
        return questions < 1e9
            ? max(Int(questions.rounded(.up)), PairedDifference.leastQuestions) : nil
    }
}

/// The value that a standard normal variable stays below with probability `p`, 0 < p < 1, by bisection of the error function; to 1e-9.
func standardNormalQuantile(_ p: Double) -> Double {
    var (low, high) = (-40.0, 40.0)
    while high - low > 1e-10 {
        let middle = (low + high) / 2
        if 0.5 * erfc(-middle / 2.0.squareRoot()) < p { low = middle } else { high = middle }
    }
    return (low + high) / 2
}
