import Platform

/// One thing that is wrong with a text, and so a fact: no text is worded where it is found.
///
/// Each room has its facts in an enumeration that words them all.
package protocol Fact: Hashable, Sendable {
    /// What was found and what was expected.
    var message: String { get }
}

/// One thing wrong with a text: where, what, and what would be right.
package struct Diagnostic: Equatable, CustomStringConvertible, Sendable {
    /// Where it is.
    package let location: SourceLocation
    /// What is wrong.
    package let fact: any Fact
    /// What its writer probably meant.
    package let suggestion: String?

    /// A finding at `location`.
    package init(_ fact: any Fact, at location: SourceLocation, suggestion: String? = nil) {
        self.fact = fact
        self.location = location
        self.suggestion = suggestion
    }

    /// What was found and what was expected.
    package var message: String { fact.message }

    /// Whether both say the same of the same place.
    package static func == (left: Diagnostic, right: Diagnostic) -> Bool {
        AnyHashable(left.fact) == AnyHashable(right.fact) && left.location == right.location
            && left.suggestion == right.suggestion
    }

    /// The finding, its line with a caret, and the suggestion, on up to four lines.
    package var description: String {
        var lines = ["\(location.label): \(message)"]
        let excerpt = location.excerpt
        if !excerpt.isEmpty { lines.append(excerpt) }
        if let suggestion { lines.append("    did you mean \"\(suggestion)\"?") }
        return lines.joined(separator: "\n")
    }
}

/// Everything wrong with a text, in the order of the text.
package struct Diagnostics: ReportableError, Equatable {
    /// The findings; at least one.
    package let all: [Diagnostic]

    package init(_ all: [Diagnostic]) {
        self.all = all
    }

    /// Whether what was given is at fault, rather than the work.
    package var isBadInput: Bool { true }

    /// Every finding, one after the other, and how many there are when they are several.
    package var description: String {
        let body = all.map(\.description).joined(separator: "\n")
        return all.count > 1 ? "\(body)\n\(all.count) errors" : body
    }
}
