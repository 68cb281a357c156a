/// A value of a YAML text with its place: what the readers of specs and catalogues work on.
package struct YAMLNode: Equatable, Sendable {
    /// What a node holds.
    ///
    /// Plain scalars are typed as in YAML 1.2's core schema, decimal numbers only: `yes` and `010`
    /// are text, so nothing turns into another value than the one its writer sees.
    package indirect enum Content: Equatable, Sendable {
        /// Nothing was written: `key:` alone, an empty text.
        case nothing
        /// `null` or `~`.
        case null
        case flag(Bool)
        case integer(Int)
        case number(Double)
        case text(String)
        case list([YAMLNode])
        case mapping([Entry])
    }

    /// One `key: value` pair; the order of the text is kept.
    package struct Entry: Equatable, Sendable {
        package let key: String
        package let location: SourceLocation
        package var value: YAMLNode

        package init(key: String, location: SourceLocation, value: YAMLNode) {
            self.key = key
            self.location = location
            self.value = value
        }
    }

    package var content: Content
    package let location: SourceLocation

    package init(_ content: Content, at location: SourceLocation) {
        self.content = content
        self.location = location
    }

    /// The pairs of a mapping; empty for anything else.
    package var entries: [Entry] {
        if case .mapping(let entries) = content { entries } else { [] }
    }

    /// The elements of a list; empty for anything else.
    package var elements: [YAMLNode] {
        if case .list(let elements) = content { elements } else { [] }
    }

    package var text: String? {
        if case .text(let text) = content { text } else { nil }
    }

    package var integer: Int? {
        if case .integer(let value) = content { value } else { nil }
    }

    package var number: Double? {
        switch content {
        case .integer(let value): Double(value)
        case .number(let value): value
        default: nil
        }
    }

    package var flag: Bool? {
        if case .flag(let value) = content { value } else { nil }
    }

    /// The value of a mapping's key; nil if it is not there, or if this is no mapping. O(keys).
    package subscript(key: String) -> YAMLNode? {
        entries.first { $0.key == key }?.value
    }

    /// Whether no value was written, or a null one.
    package var isNull: Bool { content == .nothing || content == .null }

    /// What was found, in words for a message: `the text "abc"`, `a list`.
    package var summary: String {
        switch content {
        case .nothing: "nothing"
        case .null: "null"
        case .flag(let value): "\(value)"
        case .integer(let value): "\(value)"
        case .number(let value): "\(value)"
        case .text(let value):
            "the text \"\(value.count > 60 ? value.prefix(60) + "…" : value)\""
        case .list(let elements): elements.isEmpty ? "an empty list" : "a list"
        case .mapping(let entries): entries.isEmpty ? "an empty mapping" : "a mapping"
        }
    }
}
