/// Quantiles by linear interpolation between order statistics.
///
/// The definition is Hyndman and Fan's type 7 (1996), the default of NumPy and R: for sorted
/// x_0...x_(n-1) the quantile at p is x at position p (n - 1), interpolated between neighbours.
package enum Quantile {
    /// The quantile at `probability` (0...1) of values in any order; nil for no values or a NaN.
    /// O(n log n).
    package static func value(of values: [Double], at probability: Double) -> Double? {
        guard !values.contains(where: \.isNaN) else { return nil }
        return value(ofSorted: values.sorted(), at: probability)
    }

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

    /// Thresholds that cut the values into `count` + 1 equal shares: the quantiles at i / (count + 1).
    ///
    /// Ascending, each once; fewer than `count` where values repeat, none for no values or a NaN.
    /// Take the values from training questions, never from the test split (docs/method.md, section 4).
    package static func thresholds(of values: [Double], count: Int) -> [Double] {
        guard count > 0, !values.contains(where: \.isNaN) else { return [] }
        let sorted = values.sorted()
        let cuts = (1...count).compactMap {
            value(ofSorted: sorted, at: Double($0) / Double(count + 1))
        }
        return cuts.enumerated().filter { $0 == 0 || cuts[$0 - 1] != $1 }.map(\.element)
    }
}
