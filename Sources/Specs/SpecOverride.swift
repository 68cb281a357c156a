import Schemas

/// One `key.key=value` of the command line.
struct SpecOverride {
    /// The most keys within each other, far above what a spec has: each is one more level of calls.
    private static let mostKeys = 40

    private let text: String
    private let keys: [(name: String, column: Int)]
    private let value: YAMLNode

    /// Reads `text`, such as `task.limit=20`; the value is YAML, whole and in one line.
    init(_ text: String) throws(Diagnostics) {
        self.text = text
        func place(_ column: Int) -> SourceLocation {
            SourceLocation(origin: .override, line: 1, column: column, text: text)
        }
        func wrong(_ fact: OverrideFact, _ column: Int) -> Diagnostics {
            Diagnostics([Diagnostic(fact, at: place(column))])
        }
        guard let equals = text.firstIndex(of: "="), equals > text.startIndex else {
            throw wrong(.noAssignment, 1)
        }
        guard !text.contains(where: \.isNewline) else {
            throw wrong(.severalLines, 1)
        }
        var keys: [(String, Int)] = []
        var column = 1
        for part in text[..<equals].split(separator: ".", omittingEmptySubsequences: false) {
            guard !part.isEmpty else { throw wrong(.emptyKey, column) }
            if part.contains(where: { "[]{}#'\"".contains($0) || $0.isWhitespace }) {
                throw wrong(.badKey, column)
            }
            keys.append((String(part), column))
            column += part.unicodeScalars.count + 1
        }
        guard keys.count <= Self.mostKeys else {
            // Its beginning is enough to know it by.
            let start = SourceLocation(
                origin: .override, line: 1, column: 1, text: "\(text.prefix(60))…")
            throw Diagnostics([
                Diagnostic(
                    OverrideFact.tooDeep(keys: keys.count, most: Self.mostKeys), at: start)
            ])
        }
        self.keys = keys
        if keys.first?.0 == "include" {
            throw wrong(.include, 1)
        }
        // An empty variable of a script must not remove a key.
        let written = text[text.index(after: equals)...]
        guard !written.allSatisfy(\.isWhitespace) else {
            throw wrong(.noText, column)
        }
        // Blanks for the keys keep the value's columns what they are in the whole text.
        let padded = String(repeating: " ", count: column - 1) + written
        do throws(Diagnostics) {
            let root = try Self.read(padded)
            // A sign of a comment that changes nothing when it is hidden is part of a text.
            if written.contains("#") {
                let hidden = try? Self.read(padded.replacing("#", with: Self.noComment))
                guard let hidden, hidden.sameWords(as: root, hiding: Self.noComment) else {
                    throw wrong(.comment, column)
                }
            }
            if root.content == .nothing { throw wrong(.noValue, column) }
            value = root.relocated { place($0.column) }
        } catch {
            throw Diagnostics(
                error.all.map { Diagnostic($0.fact, at: place($0.location.column)) })
        }
    }

    /// Stands for `#` where that would begin a comment; no text has it.
    private static let noComment = "\u{F8FF}"

    private static func read(_ text: String) throws(Diagnostics) -> YAMLNode {
        var limits = YAMLReader.Limits()
        limits.hasReferences = false
        let (root, duplicates) = try YAMLReader.read(text, origin: .override, limits: limits)
        guard duplicates.isEmpty else { throw Diagnostics(duplicates) }
        return root
    }

    /// The keys, for messages: `task.limit`.
    var path: [String] { keys.map(\.name) }
    /// Where the keys begin.
    var location: SourceLocation {
        SourceLocation(origin: .override, line: 1, column: 1, text: text)
    }

    /// `root` with the value set, or with the key removed if the value is null.
    func applied(to root: YAMLNode) throws(Diagnostics) -> YAMLNode {
        try set(in: root, depth: 0)
    }

    private func set(in node: YAMLNode, depth: Int) throws(Diagnostics) -> YAMLNode {
        guard keys.indices.contains(depth) else { return value }
        let key = keys[depth]
        let place = SourceLocation(origin: .override, line: 1, column: key.column, text: text)
        var entries: [YAMLNode.Entry]
        switch node.content {
        case .mapping(let present): entries = present
        case .nothing, .null: entries = []
        default:
            let parent = keys[..<depth].map(\.name).joined(separator: ".")
            throw Diagnostics([
                Diagnostic(
                    OverrideFact.noMapping(
                        parent: parent, found: node.summary, key: key.name), at: place)
            ])
        }
        let index = entries.firstIndex { $0.key == key.name }
        let old = index.map { entries[$0].value } ?? YAMLNode(.nothing, at: place)
        let new = YAMLNode.Entry(
            key: key.name, location: place, value: try set(in: old, depth: depth + 1))
        if let index, depth == keys.count - 1, value.content == .null {
            entries.remove(at: index)
        } else if index == nil, depth == keys.count - 1, value.content == .null,
            SpecSchema.spec.hasKey(path)
        {
            // It is not there, as was asked for.
        } else if let index {
            entries[index] = new
        } else {
            entries.append(new)
        }
        return YAMLNode(.mapping(entries), at: node.location)
    }
}

extension YAMLNode {
    /// Whether this has the values of `other` with `#` written as `mark`.
    fileprivate func sameWords(as other: YAMLNode, hiding mark: String) -> Bool {
        func shown(_ word: String) -> String { word.replacing(mark, with: "#") }
        switch (content, other.content) {
        case (.text(let word), .text(let original)): return shown(word) == original
        case (.list(let elements), .list(let others)):
            return elements.count == others.count
                && zip(elements, others).allSatisfy { $0.sameWords(as: $1, hiding: mark) }
        case (.mapping(let entries), .mapping(let others)):
            return entries.count == others.count
                && zip(entries, others).allSatisfy {
                    shown($0.key) == $1.key && $0.value.sameWords(as: $1.value, hiding: mark)
                }
        default: return content == other.content
        }
    }

    /// The same value elsewhere.
    fileprivate func relocated(_ move: (SourceLocation) -> SourceLocation) -> YAMLNode {
        let content: Content =
            switch content {
            case .list(let elements): .list(elements.map { $0.relocated(move) })
            case .mapping(let entries):
                .mapping(
                    entries.map {
                        Entry(
                            key: $0.key, location: move($0.location),
                            value: $0.value.relocated(move))
                    })
            default: content
            }
        return YAMLNode(content, at: move(location))
    }
}
