/// What one cell did on each question, the questions in an order that all compared cells share.
package struct CellResults: Equatable, Sendable {
    /// The score of each question in 0...1 (1 or 0 for right or wrong), shape (questions).
    package let scores: [Double]
    /// The cost of each question in one currency, shape (questions).
    package let costs: [Double]
    /// What the cost is divided by, shape (questions): a question's tokens for the call ratio, which is
    /// sum N_L / sum N; 1 for a cost per question.
    package let units: [Double]

    /// A cell's results; the three have the same number, and no unit is negative.
    package init(scores: [Double], costs: [Double], units: [Double]) {
        precondition(
            scores.count == costs.count && scores.count == units.count,
            "every question needs a score, a cost and a unit")
        precondition(units.allSatisfy { $0 >= 0 }, "units cannot be negative")
        self.scores = scores
        self.costs = costs
        self.units = units
    }

    /// A cell whose cost is per question.
    package init(scores: [Double], costs: [Double]) {
        self.init(scores: scores, costs: costs, units: scores.map { _ in 1 })
    }

    /// The cell's point when question i counts `draws[i]` times; 0 where nothing counts.
    func point(draws: [Double]) -> CurvePoint {
        var (score, cost, units, count) = (0.0, 0.0, 0.0, 0.0)
        for i in draws.indices {
            score += draws[i] * scores[i]
            cost += draws[i] * costs[i]
            units += draws[i] * self.units[i]
            count += draws[i]
        }
        return CurvePoint(
            cost: units > 0 ? cost / units : 0, accuracy: count > 0 ? score / count : 0)
    }
}
