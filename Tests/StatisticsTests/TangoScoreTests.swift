import Testing

@testable import Statistics

struct TangoScoreTests {
    /// Bounds from another program, which finds the likeliest chances by search instead of by the equation's root.
    @Test(arguments: [
        (0, 0, 132, 0.05, -0.020085, 0.020085), (0, 0, 133, 0.05, -0.019937, 0.019937),
        (0, 0, 30, 0.05, -0.082724, 0.082724), (3, 1, 44, 0.025, -0.061307, 0.164313),
        (12, 2, 50, 0.025, 0.061112, 0.344709), (40, 40, 800, 0.05, -0.018635, 0.018635),
        (40, 40, 800, 0.0025, -0.032572, 0.032572),
    ])
    func bounds(
        _ gained: Int, _ lost: Int, _ questions: Int, _ tail: Double, _ low: Double, _ high: Double
    ) {
        let interval = TangoScore(gained: gained, lost: lost, questions: questions)
            .interval(tail: tail)
        #expect(abs(interval.low - low) < 1e-6 && abs(interval.high - high) < 1e-6)
    }

    /// All gained, or all lost: one end is the end of what there is.
    @Test func ends() {
        let won = TangoScore(gained: 30, lost: 0, questions: 30).interval(tail: 0.05)
        #expect(abs(won.low - 0.834551) < 1e-6 && won.high == 1)
        let lost = TangoScore(gained: 0, lost: 30, questions: 30).interval(tail: 0.05)
        #expect(lost.low == -1 && abs(lost.high + 0.834551) < 1e-6)
    }

    /// Without a difference, pairs count as they were seen; of no discordant pair, as a loss of m in questions would have it: m (1 - m).
    @Test func variances() {
        let some = TangoScore(gained: 3, lost: 1, questions: 44)
        #expect(abs(some.variance(ifDifferenceIs: 0) - 4.0 / 44) < 1e-12)
        let none = TangoScore(gained: 0, lost: 0, questions: 50)
        #expect(abs(none.variance(ifDifferenceIs: -0.02) - 0.0196) < 1e-12)
    }

    @Test func isOfRightAndWrongAlone() {
        #expect(
            TangoScore([1, 1, 0, 0], [0, 1, 1, 0])
                == TangoScore(gained: 1, lost: 1, questions: 4))
        #expect(TangoScore([1, 0.5], [1, 1]) == nil && TangoScore([], []) == nil)
    }
}
