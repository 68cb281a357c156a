/// The Wilson score interval for a share of successes (docs/method.md, section 4).
///
/// Source: Wilson, "Probable inference, the law of succession, and statistical inference", 1927. Unlike
/// the normal approximation it is never empty or outside 0...1, also for no or only successes.
package enum WilsonInterval {
    /// The 0.975 quantile of the standard normal distribution, for 95 % confidence.
    package static let z95 = 1.959963984540054

    /// The interval for `successes` of `count` trials; the whole of 0...1 where there are none.
    ///
    /// `successes` may be a fraction (a sum of scores), but must be in 0...count.
    package static func around(successes: Double, of count: Int, z: Double = z95) -> Interval {
        guard count > 0 else { return Interval(low: 0, high: 1) }
        let n = Double(count)
        precondition((0...n).contains(successes), "\(successes) successes of \(count)")
        let share = successes / n
        let scale = 1 + z * z / n
        let centre = (share + z * z / (2 * n)) / scale
        let half = z / scale * (share * (1 - share) / n + z * z / (4 * n * n)).squareRoot()
        // The exact ends are 0 and 1 there; rounding must not move them.
        return Interval(
            low: successes == 0 ? 0 : max(0, centre - half),
            high: successes == n ? 1 : min(1, centre + half))
    }
}
