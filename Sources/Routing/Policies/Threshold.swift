/// Where a score is cut.
package enum Threshold: Hashable, Sendable {
    /// At a value.
    case value(Double)
    /// At the `k / (n + 1)` quantile of a calibration run's scores, `k` from 1 to `n`.
    ///
    /// So `n` quantiles cut the scores into `n + 1` parts of equal size.
    case quantile(Int, of: Int)

    /// The value, or `q3/10` for a quantile that is not known yet.
    package var text: String {
        switch self {
        case .value(let value): settingText(value)
        case .quantile(let k, let n): "q\(k)/\(n + 1)"
        }
    }

    /// A quantile in lowest terms: 1/2 and 2/4 are one threshold.
    var reduced: Threshold {
        guard case .quantile(let k, let n) = self else { return self }
        var (a, b) = (k, n + 1)
        while b != 0 { (a, b) = (b, a % b) }
        return .quantile(k / a, of: (n + 1) / a - 1)
    }
}

/// A number as setting texts write it: the shortest that reads back the same, `2` for 2.0.
package func settingText(_ value: Double) -> String {
    if value == value.rounded(), abs(value) < 1e15 { return String(Int(value)) }
    return "\(value)"
}
