import Assets

/// One `key.key=value` of the command line.
struct SpecOverride {
    private let text: String
    private let keys: [(name: String, column: Int)]
    private let value: YAMLNode

    /// Reads `text`, such as `task.limit=20`; the value is YAML.
    init(_ text: String) throws(Diagnostics) {
        self.text = text
        func place(_ column: Int) -> SourceLocation {
            SourceLocation(origin: .override, line: 1, column: column, text: text)
        }
        guard let equals = text.firstIndex(of: "="), equals > text.startIndex else {
            throw Diagnostics([
                Diagnostic("expected key=value, such as task.limit=20", at: place(1))
            ])
        }
        guard !text.contains(where: \.isNewline) else {
            throw Diagnostics([Diagnostic("the value must stand in one line", at: place(1))])
        }
        var keys: [(String, Int)] = []
        var column = 1
        for part in text[..<equals].split(separator: ".", omittingEmptySubsequences: false) {
            guard !part.isEmpty else {
                throw Diagnostics([Diagnostic("a key is empty", at: place(column))])
            }
            keys.append((String(part), column))
            column += part.unicodeScalars.count + 1
        }
        self.keys = keys
        // An empty variable of a script must not remove a key.
        let written = text[text.index(after: equals)...]
        guard !written.allSatisfy(\.isWhitespace) else {
            throw Diagnostics([
                Diagnostic(
                    "the value is missing; null removes a key", at: place(column))
            ])
        }
        // Blanks for the keys keep the value's columns what they are in the whole text.
        let padded = String(repeating: " ", count: column - 1) + written
        do throws(Diagnostics) {
            let (root, duplicates) = try YAMLReader.read(padded, origin: .override)
            guard duplicates.isEmpty else { throw Diagnostics(duplicates) }
            value = root.relocated { place($0.column) }
        } catch {
            throw Diagnostics(
                error.all.map { Diagnostic($0.message, at: place($0.location.column)) })
        }
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
        case .null: entries = []
        default:
            let parent = keys[..<depth].map(\.name).joined(separator: ".")
            throw Diagnostics([
                Diagnostic(
                    "\(parent) is \(node.summary) and has no key \"\(key.name)\"; replace it "
                        + "whole: \(parent)=…", at: place)
            ])
        }
        let index = entries.firstIndex { $0.key == key.name }
        let old = index.map { entries[$0].value } ?? YAMLNode(.null, at: place)
        let new = YAMLNode.Entry(
            key: key.name, location: place, value: try set(in: old, depth: depth + 1))
        if let index, depth == keys.count - 1, value.content == .null {
            entries.remove(at: index)
        } else if let index {
            entries[index] = new
        } else {
            entries.append(new)
        }
        return YAMLNode(.mapping(entries), at: node.location)
    }
}

extension YAMLNode {
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
