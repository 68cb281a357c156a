/// One thing wrong with a text: where, what, and what would be right.
package struct Diagnostic: Error, Equatable, CustomStringConvertible, Sendable {
    package let location: SourceLocation
    /// What was found and what was expected.
    package let message: String
    /// What its writer probably meant.
    package let suggestion: String?

    package init(_ message: String, at location: SourceLocation, suggestion: String? = nil) {
        self.message = message
        self.location = location
        self.suggestion = suggestion
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
package struct Diagnostics: Error, Equatable, CustomStringConvertible, Sendable {
    /// The findings; at least one.
    package let all: [Diagnostic]

    package init(_ all: [Diagnostic]) {
        self.all = all
    }

    /// Every finding, one after the other, and how many there are when they are several.
    package var description: String {
        let body = all.map(\.description).joined(separator: "\n")
        return all.count > 1 ? "\(body)\n\(all.count) errors" : body
    }
}
