extension RoutingCurve {
    /// The least cost at which the method's own settings reach an accuracy:
    /// C(a) = min {c : A(c) >= a}; nil if they do not.
    package func leastCost(reaching accuracy: Double) -> Double? {
        reached.leastCost(reaching: accuracy)
    }

    /// The iso-accuracy saving against another method, 1 - C_m(a) / C_b(a) (docs/method.md, section 4).
    ///
    /// Positive where this method is cheaper. Nil unless both have measured settings on both sides of the accuracy, and where the other
    /// reaches it at no cost.
    package func isoAccuracySaving(against other: RoutingCurve, at accuracy: Double) -> Double? {
        guard reached.accuracies?.contains(accuracy) == true,
            other.reached.accuracies?.contains(accuracy) == true,
            let own = leastCost(reaching: accuracy),
            let others = other.leastCost(reaching: accuracy), others > 0
        else { return nil }
        return 1 - own / others
    }

    /// The mean iso-accuracy saving over `levels` equally spaced accuracies from the least to the greatest that both methods have measured
    /// settings on both sides of; nil if there is no such range.
    package func meanIsoAccuracySaving(against other: RoutingCurve, levels: Int = 20) -> Double? {
        guard let own = reached.accuracies, let others = other.reached.accuracies else {
            return nil
        }
        let bottom = max(own.lowerBound, others.lowerBound)
        let top = min(own.upperBound, others.upperBound)
        guard bottom <= top else { return nil }
        let steps = max(1, levels - 1)
        return Self.mean(
            (0...steps).map { step in
                // The last level must be `top` itself, which rounding could exceed.
                step == steps ? top : bottom + (top - bottom) * Double(step) / Double(steps)
            }.map { isoAccuracySaving(against: other, at: $0) })
    }

    /// The mean iso-cost gain A_m(c) - A_b(c) over the costs that both methods cover (docs/method.md, section 4), by exact integration of the
    /// two lines; nil if they share no range of costs.
    package func meanIsoCostGain(over other: RoutingCurve) -> Double? {
        guard let own = reached.costs, let others = other.reached.costs else { return nil }
        let low = max(own.lowerBound, others.lowerBound)
        let high = min(own.upperBound, others.upperBound)
        guard low < high, let a = reached.clipped(to: low...high),
            let b = other.reached.clipped(to: low...high)
        else { return nil }
        return (a.area - b.area) / (high - low)
    }

    private static func mean(_ values: [Double?]) -> Double? {
        let defined = values.compactMap(\.self)
        return defined.isEmpty ? nil : defined.reduce(0, +) / Double(defined.count)
    }
}
