import Testing

@testable import Statistics

struct EqualAccuracyTests {
    private let bootstrap = Bootstrap(resamples: 2000)

    /// `questions` answers, of which the run has so many right that the reference has wrong, and the other way round; half of the others are right. Texts
    /// differ unless said otherwise.
    private func compare(
        _ questions: Int, gained: Int, lost: Int, sameTexts: Bool = false, comparisons: Int = 1
    ) throws -> EqualAccuracy.Verdict {
        let shared = (0..<questions - gained - lost).map { Double($0 % 2) }
        let run =
            shared + [Double](repeating: 1, count: gained) + [Double](repeating: 0, count: lost)
        let reference =
            shared + [Double](repeating: 0, count: gained) + [Double](repeating: 1, count: lost)
        return try #require(
            EqualAccuracy(
                run, reference, sameTexts: sameTexts, comparisons: comparisons,
                bootstrap: bootstrap)
        ).verdict
    }

    @Test func theSameTextsAreEqualFromThirtyQuestionsOn() throws {
        #expect(try compare(30, gained: 0, lost: 0, sameTexts: true) == .equal)
        #expect(try compare(29, gained: 0, lost: 0, sameTexts: true) == .undecided(needed: 30))
        #expect(try compare(30, gained: 0, lost: 0, sameTexts: true, comparisons: 20) == .equal)
        // Graded by two versions, the same texts may differ.
        #expect(try compare(200, gained: 2, lost: 40, sameTexts: true) == .worse)
    }

    /// A loss that was not seen is not one that cannot be: at one-sided 95 % it takes z^2 0.98 / 0.02 = 132.6 questions, of twenty settings 386.1.
    @Test(arguments: [(1, 133), (20, 387)])
    func otherTextsAreEqualOnceALossWouldHaveBeenSeen(comparisons: Int, least: Int) throws {
        for questions in [30, 60, least - 1] {
            #expect(
                try compare(questions, gained: 0, lost: 0, comparisons: comparisons)
                    == .undecided(needed: least))
        }
        #expect(try compare(least, gained: 0, lost: 0, comparisons: comparisons) == .equal)
    }

    /// Six gains and no loss of sixty: the bootstrap hardly ever draws none of them, and one of twenty settings will look like that by chance.
    @Test func aFewGainsAreNotBetterAmongMany() throws {
        guard case .undecided = try compare(60, gained: 6, lost: 0, comparisons: 20) else {
            Issue.record("six of sixty decide nothing among twenty settings")
            return
        }
    }

    /// Of scores only the bootstrap tells, and that nothing where none differs.
    @Test func scoresThatNeverDifferShowNothing() throws {
        func verdict(_ run: [Double], sameTexts: Bool) throws -> EqualAccuracy.Verdict {
            let reference = (0..<run.count).map { 0.4 + 0.001 * Double($0 % 7) }
            return try #require(
                EqualAccuracy(
                    zip(run, reference).map { $0 + $1 }, reference, sameTexts: sameTexts,
                    bootstrap: bootstrap)
            ).verdict
        }
        let none = [Double](repeating: 0, count: 40)
        #expect(try verdict(none, sameTexts: false) == .undecided(needed: nil))
        #expect(try verdict(none, sameTexts: true) == .equal)
        let little = (0..<40).map { $0.isMultiple(of: 2) ? 0.01 : -0.01 }
        #expect(try verdict(little, sameTexts: false) == .equal)
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
        // ((1.645 x 0.3211 + 0.842 x 0.3162) / 0.02)^2: 0.1031 is the variance that a loss of 0.02 would have here.
        #expect((1575...1579).contains(needed))
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
        #expect(EqualAccuracy([], [], sameTexts: true, bootstrap: bootstrap) == nil)
    }

    @Test(arguments: [(0.975, 1.959964), (0.95, 1.644854), (0.5, 0), (0.001, -3.090232)])
    func quantilesOfTheNormalDistribution(_ p: Double, _ expected: Double) {
        #expect(abs(standardNormalQuantile(p) - expected) < 1e-6)
    }
}
