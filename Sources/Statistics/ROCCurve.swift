/// The receiver operating characteristic of a score that should be high where a label is true.
package enum ROCCurve {
    /// The area under the curve: the chance that a true one scores above a false one, ties counting
    /// half (Mann and Whitney 1947).
    ///
    /// Nil where either label is missing or weighs nothing, or with a NaN. O(n log n).
    /// - Parameter weights: how many items each one stands for, finite and not negative; nil: itself.
    package static func area(
        scores: [Double], labels: [Bool], weights: [Double]? = nil
    ) -> Double? {
        precondition(scores.count == labels.count, "each score needs a label")
        let weights = weights ?? [Double](repeating: 1, count: scores.count)
        precondition(weights.count == scores.count, "each score needs a weight")
        precondition(
            weights.allSatisfy { $0 >= 0 && $0.isFinite }, "weights are finite, and not negative")
        func total(_ indices: some Sequence<Int>, of label: Bool) -> Double {
            indices.reduce(0) { $0 + (labels[$1] == label ? weights[$1] : 0) }
        }
        let positives = total(labels.indices, of: true)
        let negatives = total(labels.indices, of: false)
        guard positives > 0, negatives > 0, !scores.contains(where: \.isNaN) else { return nil }
        let order = scores.indices.sorted { scores[$0] < scores[$1] }
        var wins = 0.0  // pairs in which the true one scores higher, ties as halves
        var negativesBelow = 0.0
        var start = 0
        while start < order.count {
            let tied = order[start...].prefix { scores[$0] == scores[order[start]] }
            let tiedNegatives = total(tied, of: false)
            wins += total(tied, of: true) * (negativesBelow + tiedNegatives / 2)
            negativesBelow += tiedNegatives
            start = tied.endIndex
        }
        return wins / (positives * negatives)
    }
}
