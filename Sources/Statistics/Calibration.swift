/// How well probabilities match what happened, bin by bin (docs/method.md, R7).
///
/// Bins have equal width over 0...1; each holds its lower edge, the last also 1.
package struct Calibration: Equatable, Sendable {
    /// One bin: what was predicted and what came true in it.
    package struct Bin: Equatable, Sendable {
        /// The lower edge.
        package let low: Double
        /// The upper edge.
        package let high: Double
        /// The predictions that fall into the bin.
        package let count: Int
        /// What they stand for together: their count, where each stands for itself.
        package let weight: Double
        /// The mean predicted probability; nil for a bin that stands for nothing.
        package let meanPrediction: Double?
        /// The share of true outcomes; nil for a bin that stands for nothing.
        package let shareTrue: Double?
    }

    /// All bins in ascending order, empty ones included.
    package let bins: [Bin]

    /// Bins `probabilities` (each in 0...1, not NaN) with what happened.
    /// - Parameter weights: how many predictions each one stands for, finite and not negative; nil: itself.
    package init(
        probabilities: [Double], outcomes: [Bool], weights: [Double]? = nil, bins count: Int = 10
    ) {
        precondition(probabilities.count == outcomes.count, "each probability needs an outcome")
        precondition(count > 0, "at least one bin is needed")
        precondition(probabilities.allSatisfy((0...1).contains), "probabilities are in 0...1")
        let weights = weights ?? [Double](repeating: 1, count: probabilities.count)
        precondition(weights.count == outcomes.count, "each probability needs a weight")
        precondition(
            weights.allSatisfy { $0 >= 0 && $0.isFinite }, "weights are finite, and not negative")
        var members = [[Int]](repeating: [], count: count)
        for (index, probability) in probabilities.enumerated() {
            members[min(Int(probability * Double(count)), count - 1)].append(index)
        }
        bins = members.enumerated().map { bin, indices in
            let weight = indices.reduce(0) { $0 + weights[$1] }
            func mean(_ value: (Int) -> Double) -> Double? {
                weight > 0 ? indices.reduce(0) { $0 + weights[$1] * value($1) } / weight : nil
            }
            return Bin(
                low: Double(bin) / Double(count), high: Double(bin + 1) / Double(count),
                count: indices.count, weight: weight,
                meanPrediction: mean { probabilities[$0] },
                shareTrue: mean { outcomes[$0] ? 1 : 0 })
        }
    }

    /// The expected calibration error: the mean distance of prediction and outcome over the bins,
    /// weighted by what is in them (Naeini et al. 2015); nil where that is nothing.
    package var expectedError: Double? {
        let total = bins.reduce(0) { $0 + $1.weight }
        guard total > 0 else { return nil }
        return bins.reduce(0) { sum, bin in
            guard let predicted = bin.meanPrediction, let share = bin.shareTrue else { return sum }
            return sum + abs(predicted - share) * bin.weight / total
        }
    }
}
