/// A confidence interval, both ends included.
package struct Interval: Equatable, Sendable {
    /// The lower end.
    package let low: Double
    /// The upper end.
    package let high: Double

    /// An interval from its ends.
    package init(low: Double, high: Double) {
        self.low = low
        self.high = high
    }

    /// Whether a value lies in the interval.
    package func contains(_ value: Double) -> Bool {
        low <= value && value <= high
    }
}
