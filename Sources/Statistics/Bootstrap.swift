import Hashing

/// The bootstrap over questions (docs/method.md, section 4): what a figure would be had other questions
/// been asked.
///
/// Each resample draws as many questions as there are, with replacement, and every compared run is
/// read on the same draw, so differences are paired. Tokens are never resampled: those of one
/// question depend on each other. The draws depend on `seed` and the resample's number alone, so all
/// machines agree. Source: Efron and Tibshirani, "An Introduction to the Bootstrap", 1993, chapter 13
/// (percentile interval).
package struct Bootstrap: Equatable, Sendable {
    /// The number of resamples; docs/method.md asks for 10,000 or more in anything reported.
    package let resamples: Int
    /// Decides all draws.
    package let seed: UInt64
    /// The share of the resamples inside the interval, such as 0.95.
    package let confidence: Double

    /// A bootstrap with 95 % percentile intervals unless told otherwise.
    package init(resamples: Int = 10_000, seed: UInt64 = 0, confidence: Double = 0.95) {
        precondition(resamples > 0, "at least one resample is needed")
        precondition(0 < confidence && confidence < 1, "a confidence lies between 0 and 1")
        self.resamples = resamples
        self.seed = seed
        self.confidence = confidence
    }

    /// A figure on the questions asked and its interval over resampled questions.
    package struct Estimate: Equatable, Sendable {
        /// The figure on the questions asked.
        package let value: Double
        /// The percentile interval over the resamples in which the figure is defined.
        package let interval: Interval
        /// The share of the resamples in which the figure is not defined, such as a cost that no
        /// longer is reached; to be reported wherever it is not 0.
        package let undefinedShare: Double
        /// Of the figure being 0, two-sided: twice the share of the resamples on the other side of 0, those in which it is not defined among them. Never below
        /// 2 / (resamples + 1), which is what so many resamples can tell.
        package let pValue: Double

        /// Whether the interval excludes 0: what "significant" means of a difference.
        package var excludesZero: Bool { !interval.contains(0) }
    }

    /// The mean of per-question differences (or of any per-question figure); nil for no questions.
    /// O(questions x resamples).
    package func mean(of differences: [Double]) -> Estimate? {
        guard !differences.isEmpty else { return nil }
        let count = differences.count
        let mean = { (sum: Double) in sum / Double(count) }
        var means: [Double] = []
        means.reserveCapacity(resamples)
        for resample in 0..<resamples {
            var generator = generator(for: resample)
            var sum = 0.0
            for _ in 0..<count {
                sum += differences[Int(generator.next(below: UInt64(count)))]
            }
            means.append(mean(sum))
        }
        return estimate(mean(differences.reduce(0, +)), among: means)
    }

    /// The mean difference of two runs over the same questions, `first` minus `second`.
    package func meanDifference(_ first: [Double], _ second: [Double]) -> Estimate? {
        precondition(first.count == second.count, "the runs must cover the same questions")
        return mean(of: zip(first, second).map { $0 - $1 })
    }

    /// Any figures of resampled questions, each with its interval.
    ///
    /// `statistics` gets how often each question is drawn, shape (questions), and returns the figures,
    /// always in the same number and order, nil where one is not defined. It is first called with
    /// all ones, for the figures themselves. A figure that is nil there gives nil here.
    package func estimates(
        questions: Int, statistics: (_ draws: [Double]) -> [Double?]
    ) -> [Estimate?] {
        guard questions > 0 else { return [] }
        let values = statistics([Double](repeating: 1, count: questions))
        var resampled = values.map { _ in [Double]() }
        for resample in 0..<resamples {
            var generator = generator(for: resample)
            var draws = [Double](repeating: 0, count: questions)
            for _ in 0..<questions {
                draws[Int(generator.next(below: UInt64(questions)))] += 1
            }
            for (index, figure) in statistics(draws).enumerated() {
                if let figure { resampled[index].append(figure) }
            }
        }
        return zip(values, resampled).map { value, figures in
            value.flatMap { estimate($0, among: figures) }
        }
    }

    private func generator(for resample: Int) -> SplitMix64 {
        SplitMix64(seed: SplitMix64.mixed(seed: seed, counter: UInt64(resample)))
    }

    private func estimate(_ value: Double, among figures: [Double]) -> Estimate? {
        let sorted = figures.sorted()
        let tail = (1 - confidence) / 2
        guard let low = Quantile.value(ofSorted: sorted, at: tail),
            let high = Quantile.value(ofSorted: sorted, at: 1 - tail)
        else { return nil }
        let undefined = resamples - figures.count
        let atMost = sorted.count { $0 <= 0 } + undefined
        let atLeast = sorted.count { $0 >= 0 } + undefined
        return Estimate(
            value: value, interval: Interval(low: low, high: high),
            undefinedShare: Double(undefined) / Double(resamples),
            pValue: min(1, 2 * Double(1 + min(atMost, atLeast)) / Double(resamples + 1)))
    }
}
