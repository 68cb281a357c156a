/// How a value of a text breaks its schema. `path` names the value, such as `task.limit`; empty for the whole text.
package enum SchemaFact: Fact {
    /// A mapping lacks a key that must be there.
    case missingKey(String, in: String, expected: String)
    /// A mapping has a key that none of its kind has.
    case unknownKey(String, in: String, expected: [String])
    /// A mapping has a key that is known and does not belong there.
    case refusedKey(String, in: String, because: String)
    /// A free key is the empty text; `kind` says what it names.
    case emptyKey(kind: String)
    /// A word that is none of a kind's.
    case unknownVariant(String, kind: String, expected: [String])
    /// A word without the settings that must follow it; `outline` is how they are written.
    case needsSettings(String, kind: String, outline: String)
    /// A word with settings that may not follow it.
    case takesNoSettings(String, kind: String, found: String)
    /// Several words where one is chosen.
    case severalVariants(path: String, kind: String, found: [String])
    /// A value of another form or range.
    case mismatch(path: String, expected: String, found: String)

    /// What was found and what was expected.
    package var message: String {
        switch self {
        case .missingKey(let key, let path, let expected):
            "missing key \"\(key)\"\(Self.place(path)): \(expected)"
        case .unknownKey(let key, let path, let expected):
            "unknown key \"\(key)\"\(Self.place(path)); expected \(Schema.enumeration(expected))"
        case .refusedKey(let key, let path, let reason):
            "\"\(key)\" does not belong\(Self.place(path)): \(reason)"
        case .emptyKey(let kind): "\(kind) may not be empty"
        case .unknownVariant(let name, let kind, let expected):
            "unknown \(kind) \"\(name)\"; expected \(Schema.enumeration(expected))"
        case .needsSettings(let name, let kind, let outline):
            "\(kind) \"\(name)\" needs its settings: \(name): \(outline)"
        case .takesNoSettings(let name, let kind, let found):
            "\(kind) \"\(name)\" takes no settings, found \(found)"
        case .severalVariants(let path, let kind, let found):
            "\(path) must name one \(kind), found \(found.count): "
                + Schema.enumeration(found, last: "and")
                + "; indent the settings of a \(kind) below its name, or give each "
                + "\(kind) its own \"-\""
        case .mismatch(let path, let expected, let found):
            "\(path.isEmpty ? "the text" : path) must be \(expected), found \(found)"
        }
    }

    private static func place(_ path: String) -> String { path.isEmpty ? "" : " in \(path)" }
}
