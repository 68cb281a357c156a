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

    /// The chance with which the number of questions that an undecided verdict names would decide.
    package static let power = 0.8

    /// The verdict on a run, question by question beside its reference; nil for no questions.
    ///
    /// The bounds are one-sided at 95 %, divided by `comparisons`, the number of runs of which this one was chosen (Bonferroni). They are the paired
    /// bootstrap's, and of right and wrong also Tango's (`TangoScore`): the wider counts, since the bootstrap can't draw what was not seen, and takes a run
    /// without a loss for one that can't lose. Scores that never differ show nothing. Runs that wrote the same texts need no bound.
    /// Below `PairedDifference.leastQuestions` nothing is decided. O(questions x resamples).
    /// - Parameter sameTexts: whether both runs wrote the same text to each question: then equal scores are no chance.
    package init?(
        _ run: [Double], _ reference: [Double], sameTexts: Bool, comparisons: Int = 1,
        bootstrap: Bootstrap
    ) {
        precondition(comparisons > 0, "a run is compared at least once")
        let tail = 0.05 / Double(comparisons)
        let wide = Bootstrap(
            resamples: bootstrap.resamples, seed: bootstrap.seed, confidence: 1 - 2 * tail)
        guard let difference = PairedDifference(run, reference, bootstrap: bootstrap),
            let drawn = wide.meanDifference(run, reference)?.interval
        else { return nil }
        self.difference = difference
        questions = run.count
        let score = TangoScore(run, reference)
        let isMany = questions >= PairedDifference.leastQuestions
        guard run != reference || !sameTexts else {
            verdict = isMany ? .equal : .undecided(needed: PairedDifference.leastQuestions)
            return
        }
        guard isMany else {
            verdict = .undecided(needed: Self.needed(run, reference, score, tail: tail))
            return
        }
        let bounds = score?.interval(tail: tail) ?? drawn
        let low = min(drawn.low, bounds.low)
        let high = max(drawn.high, bounds.high)
        let isShown = score != nil || run != reference
        verdict =
            if difference.isSignificant, low > 0 {
                .better
            } else if isShown, low >= -Self.margin {
                .equal
            } else if difference.isSignificant, high < 0 {
                .worse
            } else {
                .undecided(needed: Self.needed(run, reference, score, tail: tail))
            }
    }

    /// How many questions of this kind would decide with a chance of `power`, if the difference stays what it is: that it is within the margin, else that it
    /// is none at all.
    ///
    /// By the normal approximation, with the variance that the refuted difference would have where that is known, as in Tango's score.
    /// Nil where scores agree everywhere, or the difference is the margin itself.
    private static func needed(
        _ run: [Double], _ reference: [Double], _ score: TangoScore?, tail: Double
    ) -> Int? {
        let differences = zip(run, reference).map { $0 - $1 }
        let count = Double(differences.count)
        let mean = differences.reduce(0, +) / count
        let variance = differences.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / count
        let refuted = mean > -margin ? -margin : 0
        let refutedVariance = score?.variance(ifDifferenceIs: refuted) ?? variance
        let distance = abs(mean - refuted)
        let spread =
            standardNormalQuantile(1 - tail) * refutedVariance.squareRoot()
            + standardNormalQuantile(power) * variance.squareRoot()
        guard spread > 0, distance > 0 else { return nil }
        let questions = (spread / distance) * (spread / distance)
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
