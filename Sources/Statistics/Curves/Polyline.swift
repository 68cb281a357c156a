/// Straight lines between points of ascending cost.
struct Polyline {
    private let points: [CurvePoint]

    /// `points` must be in ascending order of cost.
    init(_ points: [CurvePoint]) {
        self.points = points
    }

    /// The costs between which the line is defined; nil without points.
    var costs: ClosedRange<Double>? {
        guard let first = points.first, let last = points.last, first.cost <= last.cost else {
            return nil
        }
        return first.cost...last.cost
    }

    /// The least and greatest accuracy on the line; nil without points.
    var accuracies: ClosedRange<Double>? {
        guard let low = points.map(\.accuracy).min(), let high = points.map(\.accuracy).max()
        else { return nil }
        return low...high
    }

    /// The accuracy at a cost; nil outside the line.
    func accuracy(at cost: Double) -> Double? {
        guard let next = points.firstIndex(where: { $0.cost >= cost }) else { return nil }
        if points[next].cost == cost { return points[next].accuracy }
        guard next > 0 else { return nil }
        let (a, b) = (points[next - 1], points[next])
        return a.accuracy + (cost - a.cost) / (b.cost - a.cost) * (b.accuracy - a.accuracy)
    }

    /// The least cost at which the line reaches an accuracy; nil if it does not.
    func leastCost(reaching accuracy: Double) -> Double? {
        guard let next = points.firstIndex(where: { $0.accuracy >= accuracy }) else { return nil }
        guard next > 0, points[next].accuracy > accuracy else { return points[next].cost }
        let (a, b) = (points[next - 1], points[next])
        return a.cost + (accuracy - a.accuracy) / (b.accuracy - a.accuracy) * (b.cost - a.cost)
    }

    /// The area between the line and accuracy 0, by trapezoids. O(points).
    var area: Double {
        zip(points, points.dropFirst()).reduce(0) { sum, pair in
            sum + (pair.1.cost - pair.0.cost) * (pair.0.accuracy + pair.1.accuracy) / 2
        }
    }

    /// The part of the line between two costs; nil if it does not reach that far.
    func clipped(to range: ClosedRange<Double>) -> Polyline? {
        guard let start = accuracy(at: range.lowerBound), let end = accuracy(at: range.upperBound)
        else { return nil }
        let inside = points.filter { range.lowerBound < $0.cost && $0.cost < range.upperBound }
        return Polyline(
            [CurvePoint(cost: range.lowerBound, accuracy: start)] + inside
                + [CurvePoint(cost: range.upperBound, accuracy: end)])
    }
}
