/// Something that a policy is set to: its name, the values it takes, and what it means.
package struct PolicyParameter: Sendable {
    /// What its values are.
    package enum Values: Sendable {
        /// Finite numbers; the ends of the range belong to it.
        case number(ClosedRange<Double>)
        /// Whole numbers.
        case integer(ClosedRange<Int>)
        /// Where the score is cut: numbers, or quantiles of the scores of a calibration run.
        case threshold(ClosedRange<Double>)
        /// A trained router's name.
        case router
    }

    /// The key in a spec, and the name in a setting's text and in the cell's key.
    package let name: String
    /// What it may be.
    package let values: Values
    /// One sentence for a person, without a full stop.
    package let documentation: String

    static func number(
        _ name: String, _ range: ClosedRange<Double>, _ documentation: String
    ) -> PolicyParameter {
        PolicyParameter(name: name, values: .number(range), documentation: documentation)
    }

    static func threshold(
        _ documentation: String, _ range: ClosedRange<Double> = 0...1
    ) -> PolicyParameter {
        PolicyParameter(name: "threshold", values: .threshold(range), documentation: documentation)
    }

    static let router = PolicyParameter(
        name: "router", values: .router, documentation: "A trained router's name")
}
