/// Accuracy against cost of one routing method, between the two single models (docs/method.md, section 4).
///
/// Between neighbouring points the curve is the straight line: choosing by lot, question by question,
/// between two settings reaches every point of it. The metrics are in files of their own.
package struct RoutingCurve: Equatable, Sendable {
    /// The small model alone.
    package let small: CurvePoint
    /// The large model alone.
    package let large: CurvePoint
    /// The method's measured settings by ascending cost, each cost once; settings of equal cost are
    /// averaged, so that none is chosen in hindsight.
    package let points: [CurvePoint]
    /// Whether the large model's accuracy differs from the small one's beyond chance. Where it does
    /// not, the share of that difference which a method recovers means nothing, and is nil.
    package let isGapSignificant: Bool

    /// A curve from settings in any order.
    package init(
        small: CurvePoint, large: CurvePoint, points: [CurvePoint], isGapSignificant: Bool
    ) {
        self.small = small
        self.large = large
        self.isGapSignificant = isGapSignificant
        let sorted = points.sorted { ($0.cost, $0.accuracy) < ($1.cost, $1.accuracy) }
        var merged: [CurvePoint] = []
        var start = 0
        while start < sorted.count {
            let cost = sorted[start].cost
            let equal = sorted[start...].prefix { $0.cost == cost }
            let mean = equal.reduce(0) { $0 + $1.accuracy } / Double(max(1, equal.count))
            merged.append(CurvePoint(cost: cost, accuracy: mean))
            start = max(start + 1, equal.endIndex)
        }
        self.points = merged
    }

    /// The line between the method's own settings: the end points belong to no method (docs/method.md, section 4).
    var reached: Polyline { Polyline(points) }

    /// The line from the small model's point to the large one's; settings that cost as much as the
    /// large model or more are left out, being no better bargain than it.
    var closed: Polyline {
        Polyline([small] + points.filter { $0.cost > small.cost && $0.cost < large.cost } + [large])
    }
}
