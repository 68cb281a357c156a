import TestSupport
import Testing

@testable import Statistics

struct RoutingCurveTests {
    private static let small = CurvePoint(cost: 0, accuracy: 0.3)
    private static let large = CurvePoint(cost: 1, accuracy: 0.7)

    private static func curve(
        _ points: [(Double, Double)], significant: Bool = true
    ) -> RoutingCurve {
        RoutingCurve(
            small: small, large: large,
            points: points.map { CurvePoint(cost: $0.0, accuracy: $0.1) },
            isGapSignificant: significant)
    }

    // All figures below are worked out by hand from these two curves.
    private let method = curve([(0.5, 0.6), (0.2, 0.5)])
    private let other = curve([(0.4, 0.5), (0.8, 0.65)])

    @Test func straightLineScoresOneHalf() {
        #expect(agree(Self.curve([]).averagePerformanceGapRecovered, 0.5))
        #expect(agree(Self.curve([(0.25, 0.4)]).averagePerformanceGapRecovered, 0.5))
    }

    @Test func performanceGapRecovered() {
        #expect(agree(method.performanceGapRecovered(by: 0.5), 0.5))
        #expect(agree(method.performanceGapRecovered(by: 0.2), -0.25))
        // 0.2 (0 + 0.5)/2 + 0.3 (0.5 + 0.75)/2 + 0.5 (0.75 + 1)/2
        #expect(agree(method.averagePerformanceGapRecovered, 0.675))
        #expect(agree(method.meanAccuracy, 0.57))
    }

    // numpy.trapezoid over the points with both ends.
    @Test func agreesWithNumPy() {
        let curve = RoutingCurve(
            small: CurvePoint(cost: 0, accuracy: 0.27), large: CurvePoint(cost: 1, accuracy: 0.6),
            points: [(0.1, 0.35), (0.3, 0.5), (0.6, 0.58)].map {
                CurvePoint(cost: $0.0, accuracy: $0.1)
            }, isGapSignificant: true)
        #expect(agree(curve.averagePerformanceGapRecovered, 0.7393939393939394))
    }

    @Test func costScaleDoesNotMatter() {
        let scaled = RoutingCurve(
            small: CurvePoint(cost: 100, accuracy: 0.3),
            large: CurvePoint(cost: 300, accuracy: 0.7),
            points: [(200, 0.6), (140, 0.5)].map { CurvePoint(cost: $0.0, accuracy: $0.1) },
            isGapSignificant: true)
        #expect(agree(scaled.averagePerformanceGapRecovered, 0.675))
        // Its first setting recovers twice that: none was measured below it.
        #expect(agree(scaled.leastCost(recovering: 0.25), 140))
        #expect(agree(scaled.leastCost(recovering: 0.6), 164))
    }

    @Test func suppressedWithoutASignificantGap() {
        let doubtful = Self.curve([(0.2, 0.5)], significant: false)
        #expect(doubtful.performanceGapRecovered(by: 0.5) == nil)
        #expect(doubtful.averagePerformanceGapRecovered == nil)
        #expect(doubtful.leastCost(recovering: 0.5) == nil)
        #expect(doubtful.meanAccuracy != nil)
        let reversed = RoutingCurve(
            small: CurvePoint(cost: 0, accuracy: 0.7), large: CurvePoint(cost: 1, accuracy: 0.3),
            points: [], isGapSignificant: true)
        #expect(reversed.averagePerformanceGapRecovered == nil)
    }

    @Test(arguments: [
        (0.0, 0.2), (0.25, 0.2), (0.5, 0.2), (0.6, 0.32), (0.75, 0.5), (0.8, nil), (1.0, nil),
    ])
    func leastCostRecovering(share: Double, cost: Double?) {
        #expect(agree(method.leastCost(recovering: share), cost))
    }

    @Test func leastCostIsThatOfTheFirstCrossing() {
        let bumpy = Self.curve([(0.2, 0.5), (0.4, 0.4), (0.6, 0.6)])
        #expect(agree(bumpy.leastCost(reaching: 0.45), 0.2))
        #expect(agree(bumpy.leastCost(reaching: 0.55), 0.55))
        #expect(bumpy.leastCost(reaching: 0.65) == nil)
    }

    @Test func isoAccuracySaving() {
        #expect(agree(method.isoAccuracySaving(against: other, at: 0.5), 0.5))
        #expect(agree(method.isoAccuracySaving(against: other, at: 0.6), 0.25))
        #expect(agree(other.isoAccuracySaving(against: method, at: 0.5), -1))
        #expect(method.isoAccuracySaving(against: other, at: 0.62) == nil)
        // Neither has a setting below that: the small model is nobody's.
        #expect(method.isoAccuracySaving(against: other, at: 0.3) == nil)
        #expect(method.isoAccuracySaving(against: other, at: 0.45) == nil)
        // Levels 0.5, 0.55, 0.6: costs 0.2, 0.35, 0.5 against 0.4, 0.4 + 0.4 / 3, 0.4 + 0.8 / 3.
        let middle = 1 - 0.35 / (0.4 + 0.4 / 3)
        #expect(
            agree(method.meanIsoAccuracySaving(against: other, levels: 3), (0.75 + middle) / 3))
        #expect(method.meanIsoAccuracySaving(against: Self.curve([(0.5, 0.2)])) == nil)
    }

    @Test func meanIsoCostGain() {
        // Areas over costs 0.4...0.5, which the settings of both cover.
        let own = 0.1 * (0.5 + 0.1 * 2 / 3 + 0.6) / 2
        #expect(agree(method.meanIsoCostGain(over: other), (own - 0.051875) / 0.1))
        #expect(method.meanIsoCostGain(over: Self.curve([])) == nil)
    }

    @Test func equalCostsAreAveraged() {
        let curve = Self.curve([(0.5, 0.5), (0.5, 0.7), (0.2, 0.4)])
        #expect(curve.points.map(\.cost) == [0.2, 0.5])
        #expect(agree(curve.points[1].accuracy, 0.6))
    }

    @Test func settingsDearerThanTheLargeModelDoNotWidenTheArea() {
        let dear = Self.curve([(0.2, 0.5), (0.5, 0.6), (1.4, 0.7)])
        #expect(agree(dear.averagePerformanceGapRecovered, 0.675))
        #expect(agree(dear.leastCost(reaching: 0.65), 0.95))
    }

    @Test func noCostDifferenceGivesNoArea() {
        let flat = RoutingCurve(
            small: CurvePoint(cost: 1, accuracy: 0.3), large: CurvePoint(cost: 1, accuracy: 0.7),
            points: [], isGapSignificant: true)
        #expect(flat.meanAccuracy == nil)
    }
}
