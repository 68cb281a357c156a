import Statistics

// Numbers as sentences write them.

/// A share of one, in percent.
func percentText(_ share: Double) -> String { fixed(100 * share, 1) + " %" }

/// A difference of accuracies in hundredths, with its interval.
func pointsText(_ estimate: Bootstrap.Estimate) -> String {
    intervalText(estimate, scale: 100, decimals: 1) + " points"
}

/// A figure times `scale`, with its interval.
func intervalText(_ estimate: Bootstrap.Estimate, scale: Double = 1, decimals: Int) -> String {
    let (low, high) = (estimate.interval.low, estimate.interval.high)
    return "\(fixed(scale * estimate.value, decimals)) "
        + "[\(fixed(scale * low, decimals)), \(fixed(scale * high, decimals))]"
}
