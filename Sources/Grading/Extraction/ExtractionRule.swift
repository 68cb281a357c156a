/// One way to find the answer in a generated text; a task tries its rules in order.
///
/// Written in a spec as `boxed`, `marker:####`, `last-number`, `stated-letter`, `last-letter` or
/// `whole`.
package enum ExtractionRule: Equatable, Sendable {
    /// The last `\boxed{}` with balanced braces; it decides even if its content cannot be read.
    case boxed
    /// What follows the last occurrence of a marker on its line, such as `####`.
    case marker(String)
    /// The last number in the text, together with the expression it is part of.
    case lastNumber
    /// The option that the text concludes, as in "the answer is (B)"; the last such statement counts.
    case statedLetter
    /// A letter that is the answer by standing alone: the whole text, its first line or its last one.
    case lastLetter
    /// The whole text, trimmed.
    case whole

    /// Whether what the rule finds was marked as the answer, so that it counts even where the text was
    /// cut off after it.
    var marksItsAnswer: Bool {
        switch self {
        case .boxed, .marker, .statedLetter: true
        case .lastNumber, .lastLetter, .whole: false
        }
    }

    /// The name stored with a grade.
    package var name: String {
        switch self {
        case .boxed: "boxed"
        case .marker: "marker"
        case .lastNumber: "last-number"
        case .statedLetter: "stated-letter"
        case .lastLetter: "last-letter"
        case .whole: "whole"
        }
    }
}

extension ExtractionRule: RawRepresentable, Codable {
    /// The rule that a spec writes as `rawValue`; nil if there is no such rule.
    package init?(rawValue: String) {
        switch rawValue {
        case "boxed": self = .boxed
        case "last-number": self = .lastNumber
        case "stated-letter": self = .statedLetter
        case "last-letter": self = .lastLetter
        case "whole": self = .whole
        default:
            let prefix = "marker:"
            guard rawValue.hasPrefix(prefix), rawValue.count > prefix.count else { return nil }
            self = .marker(String(rawValue.dropFirst(prefix.count)))
        }
    }

    /// The rule as a spec writes it.
    package var rawValue: String {
        if case .marker(let text) = self { "marker:\(text)" } else { name }
    }
}
