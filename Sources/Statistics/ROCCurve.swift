/// The receiver operating characteristic of a score that should be high where a label is true.
package enum ROCCurve {
    /// The area under the curve: the chance that a true one scores above a false one, ties counting
    /// half (Mann and Whitney 1947).
    ///
    /// Nil without at least one of either label, or with a NaN. O(n log n).
    package static func area(scores: [Double], labels: [Bool]) -> Double? {
        precondition(scores.count == labels.count, "each score needs a label")
        let positives = labels.count { $0 }
        let negatives = labels.count - positives
        guard positives > 0, negatives > 0, !scores.contains(where: \.isNaN) else { return nil }
        let order = scores.indices.sorted { scores[$0] < scores[$1] }
        var wins = 0.0  // pairs in which the true one scores higher, ties as halves
        var negativesBelow = 0
        var start = 0
        while start < order.count {
            let tied = order[start...].prefix { scores[$0] == scores[order[start]] }
            let tiedPositives = tied.count { labels[$0] }
            let tiedNegatives = tied.count - tiedPositives
            wins += Double(tiedPositives) * (Double(negativesBelow) + Double(tiedNegatives) / 2)
            negativesBelow += tiedNegatives
            start = tied.endIndex
        }
        return wins / (Double(positives) * Double(negatives))
    }
}
