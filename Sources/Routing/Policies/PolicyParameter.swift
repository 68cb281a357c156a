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
        /// A keep rule with its value.
        case keep
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

    /// What stays of the tokens that L has read.
    package static let keep = PolicyParameter(
        name: "keep", values: .keep,
        documentation: "What stays of the small model's tokens after the large one's pass")

    /// Whether it is one of the keys of `drafts`.
    package var isOfDrafts: Bool { Self.drafts.contains { $0.name == name } }

    /// What the large model finds less likely never stays (PAD, 2511.00351).
    package static let floor = PolicyParameter.number(
        "floor", 0...1, "Tokens that the large model finds less probable never stay")

    /// A most length of stretches.
    static let most = PolicyParameter(
        name: "most", values: .integer(1...64),
        documentation: "The large model reads after so many tokens of the small one at the latest")

    /// Where drafts come from (docs/method.md, 2.11).
    package static let drafts: [PolicyParameter] = [
        most,
        PolicyParameter(
            name: "ngram", values: .integer(1...16),
            documentation:
                "Drafts from the text itself: what followed the longest suffix of at most so many tokens "
                + "that occurred before"),
        rows,
    ]

    /// A trimmed output matrix of S.
    package static let rows = PolicyParameter(
        name: "rows", values: .integer(512...1_000_000),
        documentation:
            "The small model chooses among so many tokens, the most frequent ones of the training split: its output matrix is trimmed to them"
    )
}
