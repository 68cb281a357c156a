/// The mean over the steps of one answer of what the small model saw: what a cascade's router looks at (docs/method.md, 2.4).
///
/// Sums are formed in the steps' order, in single precision, so equal steps give equal means.
package struct SignalsMean: Sendable {
    private var count = 0
    private var sums = [Float](repeating: 0, count: 3)
    private var hidden: [Float] = []

    /// No steps yet.
    package init() {}

    /// Adds a step; all steps' hidden states must have one width.
    package mutating func add(_ signals: Signals) {
        if count == 0 { hidden = [Float](repeating: 0, count: signals.hidden.count) }
        count += 1
        // An impossible token's log-probability would make the mean useless.
        sums[0] += max(signals.logProbability, Self.leastLogProbability)
        sums[1] += max(signals.secondLogProbability, Self.leastLogProbability)
        sums[2] += signals.entropy
        for (index, value) in signals.hidden.enumerated() { hidden[index] += value }
    }

    /// The steps' mean, its position the number of steps.
    package func signals(of question: String) -> Signals {
        let scale = 1 / Float(max(count, 1))
        return Signals(
            question: question, position: count, logProbability: sums[0] * scale,
            secondLogProbability: sums[1] * scale, entropy: sums[2] * scale,
            hidden: hidden.map { $0 * scale })
    }

    /// What stands for the logarithm of nothing.
    static let leastLogProbability: Float = -30
}
