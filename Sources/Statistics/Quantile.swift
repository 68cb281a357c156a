/// Quantiles by linear interpolation between order statistics.
///
/// The definition is Hyndman and Fan's type 7 (1996), the default of NumPy and R: for sorted
/// x_0...x_(n-1) the quantile at p is x at position p (n - 1), interpolated between neighbours.
package enum Quantile {
    /// The quantile at `probability` (0...1) of ascending values; nil for no values. O(1).
    package static func value(ofSorted values: [Double], at probability: Double) -> Double? {
        precondition((0...1).contains(probability), "a probability is in 0...1")
        guard let last = values.indices.last else { return nil }
        let position = probability * Double(last)
        let below = Int(position)
        let above = min(below + 1, last)
        let part = position - Double(below)
        // Equal neighbours must give their own value, also where both are infinite.
        if part == 0 || values[below] == values[above] { return values[below] }
        return values[below] + part * (values[above] - values[below])
    }
}
