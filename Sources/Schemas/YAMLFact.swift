/// Why a text is not read as YAML, or a file not at all.
package enum YAMLFact: Fact {
    /// What the parser says; `opening` is what was begun and not ended.
    case notYAML(String, opening: Opening? = nil)
    /// The file cannot be read, for a reason in words.
    case unreadable(String)
    /// The same file stands under its other ending, too.
    case twoFiles(other: String)
    /// Longer than is read, in bytes.
    case tooLong(bytes: Int, most: Int)
    /// More values than are read.
    case tooManyValues(most: Int)
    /// More levels than are read.
    case tooDeep(most: Int)
    /// A key that its mapping has already; `first` is nil where that place is not known.
    case duplicateKey(String, first: Place? = nil)
    /// A key that is a list or a mapping.
    case keyIsNoWord
    /// A key that stands for a list or a mapping.
    case keyIsAlias(of: String)
    case mergeKey
    case tag(String)
    /// A text that begins as an alias does.
    case asterisk
    case unknownAnchor(String)
    case unreadableAlias
    /// Anchors and aliases where there may be none.
    case reference
    /// So many private-use characters that none is left to stand for an asterisk.
    case noMark

    /// A place within the same text.
    package struct Place: Hashable, Sendable {
        let line: Int
        let column: Int
    }

    /// What was begun, and where.
    package struct Opening: Hashable, Sendable {
        let text: String
        let place: Place
    }

    /// What was found and what was expected.
    package var message: String {
        switch self {
        case .notYAML(let problem, nil): "this is not YAML: \(problem)"
        case .notYAML(let problem, let opening?):
            "this is not YAML: \(problem) \(opening.text) that begins in "
                + Self.words(opening.place)
        case .unreadable(let reason): reason
        case .twoFiles(let other): "there is \(other) as well; remove one of them"
        case .tooLong(let bytes, let most):
            "the text has \(bytes) bytes; at most \(most) are read"
        case .tooManyValues(let most): "more than \(most) values, aliases counted in full"
        case .tooDeep(let most): "nested too deeply: at most \(most) levels are read"
        case .duplicateKey(let name, nil): "duplicate key \"\(name)\""
        case .duplicateKey(let name, let first?):
            "duplicate key \"\(name)\", first given in \(Self.words(first))"
        case .keyIsNoWord: "a key must be a single word"
        case .keyIsAlias(let found): "a key must be a single word, found an alias to \(found)"
        case .mergeKey: "merge keys (<<) are not read: write the keys themselves"
        case .tag(let tag):
            "tags such as \(tag) are not read: write the value without it, in quotes if it "
                + "is a text"
        case .asterisk: "\"*\" begins an alias; put a text that begins with it in quotes"
        case .unknownAnchor(let name):
            "an alias to the anchor \"\(name)\", which is not given before"
        case .unreadableAlias: "an alias that cannot be read"
        case .reference: "anchors and aliases are not read here"
        case .noMark: "an asterisk among so many private-use characters cannot be read"
        }
    }

    private static func words(_ place: Place) -> String {
        "line \(place.line), column \(place.column)"
    }
}
