/// A confidence interval, both ends included.
public struct Interval: Equatable, Sendable {
    /// The lower end.
    public let low: Double
    /// The upper end.
    public let high: Double

    /// An interval from its ends.
    public init(low: Double, high: Double) {
        self.low = low
        self.high = high
    }

    /// Whether a value lies in the interval.
    public func contains(_ value: Double) -> Bool {
        low <= value && value <= high
    }
}
