/// What a value of a YAML text may be. Validation, suggestions and JSON Schemas all come from it.
public indirect enum Schema: Sendable {
    /// Any text but the empty one; `kind` names it in messages: "a model's name or path".
    case text(kind: String)
    /// One of some words.
    case choice([String])
    /// A whole number in a range.
    case integer(ClosedRange<Int>)
    /// A finite number in a range.
    case number(NumberRange)
    /// `true` or `false`.
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
    public func hasKey(_ path: [String]) -> Bool {
        guard let name = path.first else { return true }
        guard case .mapping(let keys) = self, let key = keys.first(where: { $0.name == name })
        else { return false }
        return key.schema.hasKey(Array(path.dropFirst()))
    }
}

/// A range of numbers; the ends belong to it unless they are infinite.
public struct NumberRange: Equatable, Sendable {
    /// The least value, or minus infinity.
    public let low: Double
    /// The greatest value, or infinity.
    public let high: Double

    /// `low` to `high`.
    public init(_ low: Double = -.infinity, _ high: Double = .infinity) {
        self.low = low
        self.high = high
    }

    func contains(_ value: Double) -> Bool { value.isFinite && value >= low && value <= high }
}

/// A key of a mapping: name, type, whether it must be there, and what it means.
public struct SchemaKey: Sendable {
    /// The key.
    public let name: String
    /// What it may be set to.
    public let schema: Schema
    /// Whether a mapping without it is wrong.
    public let isRequired: Bool
    /// One sentence for a person, without a full stop.
    public let documentation: String

    /// An optional key unless `required`.
    public init(
        _ name: String, _ schema: Schema, required: Bool = false, _ documentation: String
    ) {
        self.name = name
        self.schema = schema
        self.isRequired = required
        self.documentation = documentation
    }
}

/// A word that may stand alone (no `details`), or must or may be followed by its details.
public struct SchemaVariant: Sendable {
    /// The word.
    public let name: String
    /// What follows it; nil if nothing may.
    public let details: Schema?
    /// One sentence for a person, without a full stop.
    public let documentation: String

    /// A variant; its details must be given if there are any.
    public init(_ name: String, _ details: Schema? = nil, _ documentation: String) {
        self.name = name
        self.details = details
        self.documentation = documentation
    }
}
