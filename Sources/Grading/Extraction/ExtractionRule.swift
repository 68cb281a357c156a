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
    /// The rules that are written as their name alone.
    private static let plain: [ExtractionRule] = [
        .boxed, .lastNumber, .statedLetter, .lastLetter, .whole,
    ]
    /// What stands before a marker.
    private static let markerPrefix = "marker:"

    /// What a spec may write.
    package static let forms = plain.map(\.name) + [markerPrefix + "TEXT"]

    /// The rule that a spec writes as `rawValue`; nil if there is no such rule.
    package init?(rawValue: String) {
        if let rule = Self.plain.first(where: { $0.name == rawValue }) {
            self = rule
        } else if rawValue.hasPrefix(Self.markerPrefix),
            rawValue.count > Self.markerPrefix.count
        {
            self = .marker(String(rawValue.dropFirst(Self.markerPrefix.count)))
        } else {
            return nil
        }
    }

    /// The rule as a spec writes it.
    package var rawValue: String {
        if case .marker(let text) = self { Self.markerPrefix + text } else { name }
    }
}
