import TestSupport
import Testing

@testable import Statistics

struct BootstrapTests {
    private let values = (0..<60).map { Double($0 * 37 % 101) / 100 - 0.3 }

    // NumPy, with the same draws: SplitMix64 written out in Python from its publication, means, then
    // numpy.quantile.
    @Test func drawsAreThePublishedOnes() throws {
        let estimate = try #require(Bootstrap(resamples: 4000, seed: 42).mean(of: values))
        #expect(agree(estimate.value, 0.19516666666666665))
        #expect(agree(estimate.interval.low, 0.12232916666666668))
        #expect(agree(estimate.interval.high, 0.2678541666666667))
        #expect(estimate.undefinedShare == 0)
        #expect(estimate.excludesZero)
    }

    // SciPy 1.17: stats.bootstrap((values,), mean, n_resamples=200000, method="percentile"). The
    // tolerance is about four standard errors of a 2.5 % quantile at 4,000 resamples.
    @Test(arguments: [UInt64(0), 1, 2])
    func agreesWithSciPy(seed: UInt64) throws {
        let estimate = try #require(Bootstrap(resamples: 4000, seed: seed).mean(of: values))
        #expect(agree(estimate.interval.low, 0.1215, within: 0.006))
        #expect(agree(estimate.interval.high, 0.26866666666666666, within: 0.006))
    }

    @Test func seedDecidesAll() {
        let estimate = { (seed: UInt64) in Bootstrap(resamples: 200, seed: seed).mean(of: values) }
        #expect(estimate(1) == estimate(1))
        #expect(estimate(1) != estimate(2))
    }

    @Test func differencesArePaired() throws {
        // The runs vary widely, their difference hardly: only pairing sees it.
        let first = values.map { $0 * 10 + 0.1 }
        let second = values.map { $0 * 10 }
        let estimate = try #require(Bootstrap(resamples: 500).meanDifference(first, second))
        #expect(agree(estimate.interval.low, 0.1, within: 1e-9))
        #expect(agree(estimate.interval.high, 0.1, within: 1e-9))
    }

    @Test func generalFormEqualsTheMean() throws {
        let bootstrap = Bootstrap(resamples: 300, seed: 9)
        let general = bootstrap.estimates(questions: values.count) { draws in
            let sum = zip(draws, values).reduce(0) { $0 + $1.0 * $1.1 }
            return [sum / draws.reduce(0, +), nil]
        }
        let direct = try #require(bootstrap.mean(of: values))
        #expect(agree(general[0]?.interval.low, direct.interval.low))
        #expect(agree(general[0]?.interval.high, direct.interval.high))
        #expect(general[1] == nil)
    }

    @Test func undefinedResamplesAreCounted() throws {
        // Question 0 is missing from about (1 - 1/4)^4 = 0.316 of the resamples of four.
        let estimate = Bootstrap(resamples: 5000).estimates(questions: 4) { draws in
            [draws[0] > 0 ? 1 : nil]
        }[0]
        #expect(agree(try #require(estimate).undefinedShare, 0.316, within: 0.03))
    }

    @Test func noQuestionsGiveNoFigure() {
        #expect(Bootstrap().mean(of: []) == nil)
        #expect(Bootstrap().estimates(questions: 0) { _ in [1] }.isEmpty)
    }
}
