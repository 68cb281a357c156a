extension RoutingCurve {
    /// The share of the accuracy between the two models that an accuracy recovers:
    /// PGR = (A - A_S) / (A_L - A_S) (docs/method.md, section 4; RouteLLM, arXiv 2406.18665).
    ///
    /// Nil where the large model is not significantly better than the small one. May lie outside
    /// 0...1.
    package func performanceGapRecovered(by accuracy: Double) -> Double? {
        let gap = large.accuracy - small.accuracy
        guard isGapSignificant, gap > 0 else { return nil }
        return (accuracy - small.accuracy) / gap
    }

    /// APGR: the area under the PGR with the cost scaled to 0 at the small model and 1 at the large
    /// one, by trapezoid with both end points (docs/method.md, section 4).
    ///
    /// The straight line between the models scores 0.5. Nil where PGR is, or where the large model does
    /// not cost more than the small one.
    package var averagePerformanceGapRecovered: Double? {
        meanAccuracy.flatMap(performanceGapRecovered(by:))
    }

    /// The mean accuracy over the costs from the small model's to the large one's, by trapezoid with
    /// both end points: the area under the curve, divided by its width. Nil where the large model does
    /// not cost more.
    package var meanAccuracy: Double? {
        let width = large.cost - small.cost
        return width > 0 ? closed.area / width : nil
    }

    /// CPT(share): the least cost at which PGR first reaches `share`, such as 0.8 (docs/method.md, section
    /// 4); nil where the method's own settings do not reach it, or PGR is undefined.
    package func leastCost(recovering share: Double) -> Double? {
        guard performanceGapRecovered(by: small.accuracy) != nil else { return nil }
        let accuracy = small.accuracy + share * (large.accuracy - small.accuracy)
        return reached.leastCost(reaching: accuracy)
    }
}
