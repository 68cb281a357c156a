import TestSupport
import Testing

@testable import Statistics

struct CurveComparisonTests {
    private static let questions = Array(0..<30)
    private static let tokens = questions.map { 20 + Double($0 * 7 % 13) }
    private static let small = CellResults(
        scores: questions.map { $0 % 3 == 0 ? 1 : 0 }, costs: questions.map { _ in 0 },
        units: tokens)
    private static let large = CellResults(
        scores: questions.map { $0 % 5 != 0 ? 1 : 0 }, costs: tokens, units: tokens)

    /// The large model takes the questions whose number modulo 4 is below `step`.
    private static func cell(_ step: Int) -> CellResults {
        CellResults(
            scores: questions.map { ($0 % 4 < step ? large : small).scores[$0] },
            costs: questions.map { tokens[$0] * ($0 % 4 < step ? Double(step) / 5 : 0.1) },
            units: tokens)
    }

    private func comparison(_ resamples: Int) -> CurveComparison {
        CurveComparison(
            small: Self.small, large: Self.large,
            methods: [[1, 2, 3].map(Self.cell), [2, 4].map(Self.cell)],
            bootstrap: Bootstrap(resamples: resamples, seed: 3))
    }

    // The same draws, trapezoids and quantiles computed apart, with NumPy.
    @Test func intervalsOfBothMethodsAndTheirDifference() {
        let estimates = comparison(1000).estimates { curves in
            let (a, b) = (
                curves[0].averagePerformanceGapRecovered, curves[1].averagePerformanceGapRecovered
            )
            guard let a, let b else { return [nil, nil, nil] }
            return [a, b, a - b]
        }
        let expected = [
            (0.6673066247224277, 0.5067613851445878, 0.8242373900189329),
            (0.6703367875647668, 0.5552008373860667, 0.7849507264336912),
            (0.6673066247224277 - 0.6703367875647668, -0.07505863874378864, 0.08466191790898712),
        ]
        #expect(estimates.count == expected.count)
        for (estimate, figures) in zip(estimates, expected) {
            #expect(agree(estimate?.value, figures.0))
            #expect(agree(estimate?.interval.low, figures.1))
            #expect(agree(estimate?.interval.high, figures.2))
        }
    }

    @Test func callRatioIsWeightedByTokens() {
        let cell = CellResults(scores: [1, 0], costs: [5, 5], units: [10, 40])
        #expect(cell.point(draws: [1, 1]) == CurvePoint(cost: 0.2, accuracy: 0.5))
        #expect(cell.point(draws: [2, 0]) == CurvePoint(cost: 0.5, accuracy: 1))
        #expect(cell.point(draws: [0, 0]) == CurvePoint(cost: 0, accuracy: 0))
    }

    @Test func equalModelsHaveNoSignificantGap() {
        let comparison = CurveComparison(
            small: Self.small, large: Self.small, methods: [[Self.cell(1)]],
            bootstrap: Bootstrap(resamples: 200))
        #expect(!comparison.isGapSignificant)
        #expect(comparison.estimates { $0.map(\.averagePerformanceGapRecovered) } == [nil])
        #expect(self.comparison(200).isGapSignificant && self.comparison(200).hasGap)
    }

    /// The bootstrap cannot draw a loss that never happened; the exact test can tell how little so few wins say: 4 wins have p = 1/8, 6 have 1/32.
    @Test(arguments: [(4, 0, false), (5, 0, false), (6, 0, true), (6, 1, false), (9, 1, true)])
    func fewWinsWithoutALossAreNotSignificant(wins: Int, losses: Int, isSignificant: Bool) {
        let questions = 20
        func cell(_ right: Range<Int>) -> CellResults {
            CellResults(
                scores: (0..<questions).map { right.contains($0) ? 1 : 0 },
                costs: (0..<questions).map { _ in 1 })
        }
        let comparison = CurveComparison(
            small: cell(wins..<wins + losses), large: cell(0..<wins), methods: [],
            bootstrap: Bootstrap(resamples: 2000))
        #expect(comparison.isGapSignificant == isSignificant)
        #expect(comparison.hasGap == isSignificant)
        let reversed = CurveComparison(
            small: cell(0..<wins), large: cell(wins..<wins + losses), methods: [],
            bootstrap: Bootstrap(resamples: 2000))
        #expect(reversed.isGapSignificant == isSignificant && !reversed.hasGap)
    }

    /// Scores in between have no exact test.
    @Test func scoresAreComparedByTheBootstrapAlone() throws {
        let first = (0..<20).map { $0 < 4 ? 0.9 : 0.5 }
        let second = (0..<20).map { _ in 0.5 }
        let test = try #require(
            PairedDifference(first, second, bootstrap: Bootstrap(resamples: 2000)))
        #expect(test.pValue == nil && test.isSignificant)
        #expect(PairedDifference([], [], bootstrap: Bootstrap(resamples: 10)) == nil)
    }
}
