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
        /// The mean predicted probability; nil for an empty bin.
        package let meanPrediction: Double?
        /// The share of true outcomes; nil for an empty bin.
        package let shareTrue: Double?
    }

    /// All bins in ascending order, empty ones included.
    package let bins: [Bin]

    /// Bins `probabilities` (each in 0...1, not NaN) with what happened.
    package init(probabilities: [Double], outcomes: [Bool], bins count: Int = 10) {
        precondition(probabilities.count == outcomes.count, "each probability needs an outcome")
        precondition(count > 0, "at least one bin is needed")
        precondition(probabilities.allSatisfy((0...1).contains), "probabilities are in 0...1")
        var members = [[Int]](repeating: [], count: count)
        for (index, probability) in probabilities.enumerated() {
            members[min(Int(probability * Double(count)), count - 1)].append(index)
        }
        bins = members.enumerated().map { bin, indices in
            let size = Double(indices.count)
            return Bin(
                low: Double(bin) / Double(count), high: Double(bin + 1) / Double(count),
                count: indices.count,
                meanPrediction: indices.isEmpty
                    ? nil : indices.reduce(0) { $0 + probabilities[$1] } / size,
                shareTrue: indices.isEmpty
                    ? nil : Double(indices.count { outcomes[$0] }) / size)
        }
    }

    /// The expected calibration error: the mean distance of prediction and outcome over the bins,
    /// weighted by their counts (Naeini et al. 2015); nil for no predictions.
    package var expectedError: Double? {
        let total = bins.reduce(0) { $0 + $1.count }
        guard total > 0 else { return nil }
        return bins.reduce(0) { sum, bin in
            guard let predicted = bin.meanPrediction, let share = bin.shareTrue else { return sum }
            return sum + abs(predicted - share) * Double(bin.count) / Double(total)
        }
    }
}
