import Foundation

/// One axis of a figure: its range and the numbers along it.
struct FigureAxis: Equatable, Sendable {
    let title: String
    let low: Double
    let high: Double
    /// The places that are numbered, and what stands there.
    let ticks: [Tick]

    struct Tick: Equatable, Sendable {
        let value: Double
        let text: String
    }

    /// An axis over all of `values`, with some room at both ends unless `bounds` say where it ends.
    ///
    /// - Parameters:
    ///   - bounds: fixed ends.
    ///   - limits: what the room at the ends must not pass, such as 0 for costs.
    ///   - least: the axis is at least so long, so that small differences do not look large.
    ///   - count: at most so many numbers.
    ///   - isWhole: whether only whole numbers mean something.
    init(
        _ title: String, values: [Double], bounds: ClosedRange<Double>? = nil,
        limits: ClosedRange<Double> = -Double.infinity...Double.infinity, least: Double = 0,
        count: Int = 6, isWhole: Bool = false
    ) {
        self.title = title
        var (low, high) = (values.min() ?? 0, values.max() ?? 1)
        if let bounds {
            (low, high) = (bounds.lowerBound, bounds.upperBound)
        } else {
            let isWide = high - low > 1e-6 * max(abs(low), abs(high))
            let usual = isWide ? 0.06 * (high - low) : max(abs(high) * 0.1, 1)
            let room = max(usual, (least - (high - low)) / 2)
            (low, high) = (
                max(low - room, min(limits.lowerBound, low)),
                min(high + room, max(limits.upperBound, high))
            )
        }
        self.low = low
        self.high = high
        ticks = Self.ticks(from: low, to: high, count: count, isWhole: isWhole)
    }

    /// Multiples of 1, 2 or 5 times a power of ten.
    private static func ticks(
        from low: Double, to high: Double, count: Int, isWhole: Bool
    ) -> [Tick] {
        var power = Int(log10((high - low) / Double(count)).rounded(.down))
        if isWhole { power = max(0, power) }
        while true {
            for factor in [1.0, 2, 5] {
                let step = factor * pow(10, Double(power))
                let first = Int((low / step - 1e-9).rounded(.up))
                let last = Int((high / step + 1e-9).rounded(.down))
                if last - first < count {
                    return stride(from: first, through: last, by: 1).map { number in
                        let value = Double(number) * step
                        return Tick(value: value, text: fixed(value, max(0, -power)))
                    }
                }
            }
            power += 1
        }
    }

    /// Where a value lies, from 0 to 1.
    func share(of value: Double) -> Double { (value - low) / (high - low) }

    /// Whether it is on the axis.
    func holds(_ value: Double) -> Bool { low - 1e-9 <= value && value <= high + 1e-9 }
}
