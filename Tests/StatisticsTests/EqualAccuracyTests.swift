import Testing

@testable import Statistics

struct EqualAccuracyTests {
    private let bootstrap = Bootstrap(resamples: 2000)

    /// `questions` answers, of which the run has so many right that the reference has wrong, and the other way round; half of the others are right.
    private func compare(
        _ questions: Int, gained: Int, lost: Int, comparisons: Int = 1
    ) throws -> EqualAccuracy.Verdict {
        let shared = (0..<questions - gained - lost).map { Double($0 % 2) }
        let run =
            shared + [Double](repeating: 1, count: gained) + [Double](repeating: 0, count: lost)
        let reference =
            shared + [Double](repeating: 0, count: gained) + [Double](repeating: 1, count: lost)
        return try #require(
            EqualAccuracy(run, reference, comparisons: comparisons, bootstrap: bootstrap)
        ).verdict
    }

    @Test func theSameAnswersAreEqualFromThirtyQuestionsOn() throws {
        #expect(try compare(30, gained: 0, lost: 0) == .equal)
        #expect(try compare(29, gained: 0, lost: 0) == .undecided(needed: nil))
    }

    @Test func losingMuchIsWorseAndGainingMuchIsBetter() throws {
        #expect(try compare(200, gained: 2, lost: 40) == .worse)
        #expect(try compare(200, gained: 40, lost: 2) == .better)
    }

    /// A certain loss of a hundredth is within the margin.
    @Test func aSmallLossOfManyQuestionsIsEqual() throws {
        #expect(try compare(20_000, gained: 100, lost: 200) == .equal)
    }

    @Test func fewQuestionsDecideNothingAndSayHowManyWould() throws {
        guard case .undecided(let needed?) = try compare(100, gained: 5, lost: 5) else {
            Issue.record("10 of 100 that differ decide nothing")
            return
        }
        // 1.645^2 x 0.1 / 0.02^2.
        #expect((660...690).contains(needed))
        #expect(
            try compare(needed * 6 / 5, gained: needed * 6 / 100, lost: needed * 6 / 100) == .equal)
    }

    /// One of many that were looked at must show more.
    @Test func aChoiceAmongManyNeedsMore() throws {
        #expect(try compare(800, gained: 40, lost: 40) == .equal)
        guard case .undecided = try compare(800, gained: 40, lost: 40, comparisons: 20) else {
            Issue.record("one of twenty needs a wider interval")
            return
        }
    }

    @Test func noQuestionsHaveNoVerdict() {
        #expect(EqualAccuracy([], [], bootstrap: bootstrap) == nil)
    }

    @Test(arguments: [(0.975, 1.959964), (0.95, 1.644854), (0.5, 0), (0.001, -3.090232)])
    func quantilesOfTheNormalDistribution(_ p: Double, _ expected: Double) {
        #expect(abs(standardNormalQuantile(p) - expected) < 1e-6)
    }
}
