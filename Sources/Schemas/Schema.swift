/// What a value of a YAML text may be. Validation, suggestions and JSON Schemas all come from it.
package indirect enum Schema: Sendable {
    /// Any text but the empty one; `kind` names it in messages: "a model's name or path".
    case text(kind: String)
    case choice([String])
    case integer(ClosedRange<Int>)
    case number(NumberRange)
    case flag
    /// A list of at least `least` elements.
    case list(of: Schema, least: Int)
    /// One value, or a list of them that spans a grid.
    case axis(of: Schema)
    /// A mapping of fixed keys.
    case mapping([SchemaKey])
    /// A mapping of free keys to values of one kind; `kind` names a key in messages.
    case dictionary(of: Schema, kind: String)
    /// A word, or a mapping of one word to its details; see `SchemaVariant`.
    case variant([SchemaVariant], kind: String)
    /// The first alternative that fits the value's form.
    case either(Schema, Schema)
}

extension Schema {
    /// Whether a mapping of this kind may have the key that `path` leads to.
    package func hasKey(_ path: [String]) -> Bool {
        guard let name = path.first else { return true }
        guard case .mapping(let keys) = self, let key = keys.first(where: { $0.name == name })
        else { return false }
        return key.schema.hasKey(Array(path.dropFirst()))
    }
}

/// A range of numbers; the ends belong to it unless they are infinite.
package struct NumberRange: Equatable, Sendable {
    /// The least, or -infinity.
    package let low: Double
    /// The greatest, or infinity.
    package let high: Double

    package init(_ low: Double = -.infinity, _ high: Double = .infinity) {
        self.low = low
        self.high = high
    }

    func contains(_ value: Double) -> Bool { value.isFinite && value >= low && value <= high }
}

/// A key of a mapping: name, type, whether it must be there, and what it means.
package struct SchemaKey: Sendable {
    package let name: String
    package let schema: Schema
    package let isRequired: Bool
    /// Why it may not be there, for a key that someone might expect; nil for one that may.
    package let refusal: String?
    /// One sentence for a person, without a full stop.
    package let documentation: String

    package init(
        _ name: String, _ schema: Schema, required: Bool = false, _ documentation: String
    ) {
        self.name = name
        self.schema = schema
        self.isRequired = required
        self.documentation = documentation
        refusal = nil
    }

    /// A key that may not be there, whatever its value, and why.
    package init(_ name: String, refused reason: String) {
        self.name = name
        schema = .flag
        isRequired = false
        documentation = ""
        refusal = reason
    }
}

/// A word that may stand alone (no `details`), or must or may be followed by its details.
package struct SchemaVariant: Sendable {
    package let name: String
    /// What follows it; nil if nothing may.
    package let details: Schema?
    /// Of a word that stands alone: keys that someone might expect after it, each with a refusal.
    package let refused: [SchemaKey]
    /// One sentence for a person, without a full stop.
    package let documentation: String

    package init(
        _ name: String, _ details: Schema? = nil, refusing refused: [SchemaKey] = [],
        _ documentation: String
    ) {
        self.name = name
        self.details = details
        self.refused = refused
        self.documentation = documentation
    }
}
