import Yams

/// Reads one YAML document into a located tree.
///
/// Yams composes a tree but gives up at the first duplicate key, naming one place only. Here each
/// duplicate is hidden from it (`MaskedText`) until the text composes, so that duplicates are
/// reported together, and together with all else that is wrong. Aliases are hidden from it as well:
/// it compares keys with all that stands in them, and an alias of aliases in a key would take it
/// minutes. They are looked up here, where each counts as much as what it stands for.
package struct YAMLReader {
    /// Limits that keep a hostile text from exhausting time, memory or the stack.
    package struct Limits: Sendable {
        /// Longest text read, in UTF-8 bytes.
        package var bytes = 1 << 18
        /// The most nodes, aliases expanded ("billion laughs").
        package var nodes = 50_000
        /// Deepest nesting, aliases expanded.
        package var depth = 40
        /// The most bytes composed to find all duplicate keys; beyond that the next one is reported alone.
        package var composed = 1 << 18
        /// Whether there may be anchors and aliases.
        package var hasReferences = true

        /// The defaults: far beyond what a person writes.
        package init() {}
    }

    /// What an anchor stands for.
    private struct Anchored {
        let value: YAMLNode
        /// Its nodes, aliases expanded.
        let nodes: Int
        /// Levels below it.
        let height: Int
    }

    private let origin: SourceLocation.Origin
    private let limits: Limits
    private var text: MaskedText
    /// Kept while its nodes are read: they hold their anchors weakly.
    private var parser: Yams.Parser?
    private var anchors: [String: Anchored] = [:]
    private var nodes = 0
    private var deepest = 0
    private var duplicates: [Diagnostic] = []
    /// The line that was shown last: a long one may hold many nodes.
    private var shown: (number: Int, text: String) = (0, "")

    /// The tree of `text`, with a root of nothing for an empty text, and the duplicate keys found.
    ///
    /// Of duplicate keys the first one's value is in the tree.
    ///
    /// - Throws: `Diagnostics` if the text is no YAML, is too large or nested too deeply.
    package static func read(
        _ text: String, origin: SourceLocation.Origin, limits: Limits = Limits()
    ) throws(Diagnostics) -> (root: YAMLNode, duplicates: [Diagnostic]) {
        var reader = YAMLReader(
            origin: origin, limits: limits,
            text: MaskedText(text.utf8.count > limits.bytes ? "" : text))
        guard text.utf8.count <= limits.bytes else {
            throw reader.failure(
                .tooLong(bytes: text.utf8.count, most: limits.bytes),
                line: 1, column: 1)
        }
        guard let node = try reader.compose() else {
            return (YAMLNode(.nothing, at: reader.location(line: 1, column: 1)), [])
        }
        let root = try reader.convert(node, depth: 0)
        return (root, reader.duplicates)
    }

    private init(origin: SourceLocation.Origin, limits: Limits, text: MaskedText) {
        self.origin = origin
        self.limits = limits
        self.text = text
    }

    // MARK: Composing

    private mutating func compose() throws(Diagnostics) -> Node? {
        if let place = text.unhidden {
            throw failure(.noMark, line: place.line, column: place.column)
        }
        var composed = 0
        while true {
            let masked = text.masked
            composed += masked.utf8.count
            do {
                // Without rules for types `1` and `"1"` are one key, as they are here.
                let parser = try Yams.Parser(yaml: masked, resolver: .basic, encoding: .utf8)
                self.parser = parser
                return try parser.singleRoot()
            } catch YamlError.duplicatedKeysInMapping(let keys, let context) {
                let mark = context.mark
                if composed > limits.composed
                    || !text.mask(line: mark.line, column: mark.column)
                {
                    throw failure(
                        .duplicateKey(text.unmask(keys.first ?? "")), line: mark.line,
                        column: mark.column)
                }
            } catch let error as YamlError {
                throw failure(error)
            } catch {
                throw failure(.notYAML("\(error)"), line: 1, column: 1)
            }
        }
    }

    private mutating func failure(_ error: YamlError) -> Diagnostics {
        switch error {
        case .scanner(let context, let problem, let mark, _),
            .parser(let context, let problem, let mark, _):
            // What is not closed shows only where the next thing begins.
            var opening: YAMLFact.Opening?
            if let context, context.mark.line < mark.line || context.mark.column < mark.column {
                opening = YAMLFact.Opening(
                    text: context.text,
                    place: YAMLFact.Place(line: context.mark.line, column: context.mark.column))
            }
            return failure(
                .notYAML(problem, opening: opening), line: mark.line, column: mark.column)
        case .composer(_, let problem, let mark, _):
            return failure(.notYAML(problem), line: mark.line, column: mark.column)
        case .reader(let problem, let offset, _, _):
            let place = text.place(ofByte: offset ?? 0)
            return failure(.notYAML(problem), line: place.line, column: place.column)
        default:
            return failure(.notYAML("\(error)"), line: 1, column: 1)
        }
    }

    // MARK: Converting

    /// The tree of a node at `depth`; remembered if it has an anchor.
    private mutating func convert(_ node: Node, depth: Int) throws(Diagnostics) -> YAMLNode {
        let place = location(of: node)
        let name = try anchor(of: node, at: place)
        let (nodesBefore, deepestBefore) = (nodes, deepest)
        deepest = depth
        try count(1, depth: depth, at: place)
        let value = YAMLNode(try content(of: node, depth: depth, at: place), at: place)
        if let name {
            anchors[name] = Anchored(
                value: value, nodes: nodes - nodesBefore, height: deepest - depth)
        }
        deepest = max(deepest, deepestBefore)
        return value
    }

    private mutating func content(
        of node: Node, depth: Int, at place: SourceLocation
    ) throws(Diagnostics) -> YAMLNode.Content {
        switch node {
        case .scalar(let scalar):
            if let target = try target(of: scalar, at: place) {
                try count(target.nodes - 1, depth: depth + target.height, at: place)
                return target.value.content
            }
            let word = text.unmask(scalar.string)
            return scalar.style == .plain ? Self.typed(word) : .text(word)
        case .sequence(let sequence):
            var elements: [YAMLNode] = []
            for element in sequence { elements.append(try convert(element, depth: depth + 1)) }
            return .list(elements)
        case .mapping(let mapping):
            return .mapping(try entries(of: mapping, depth: depth))
        case .alias:
            throw Diagnostics([Diagnostic(YAMLFact.unreadableAlias, at: place)])
        }
    }

    private mutating func count(
        _ more: Int, depth: Int, at place: SourceLocation
    ) throws(Diagnostics) {
        nodes += more
        deepest = max(deepest, depth)
        guard nodes <= limits.nodes else {
            throw Diagnostics([Diagnostic(YAMLFact.tooManyValues(most: limits.nodes), at: place)])
        }
        guard depth <= limits.depth else {
            throw Diagnostics([Diagnostic(YAMLFact.tooDeep(most: limits.depth), at: place)])
        }
    }

    private mutating func entries(
        of mapping: Node.Mapping, depth: Int
    ) throws(Diagnostics) -> [YAMLNode.Entry] {
        var entries: [YAMLNode.Entry] = []
        var firsts: [String: Int] = [:]
        for (key, value) in mapping {
            let place = location(of: key)
            let name = try word(of: key, at: place)
            let converted = try convert(value, depth: depth + 1)
            if let first = firsts[name].map({ entries[$0].location }) {
                duplicates.append(
                    Diagnostic(
                        YAMLFact.duplicateKey(
                            name, first: YAMLFact.Place(line: first.line, column: first.column)),
                        at: place))
            } else {
                firsts[name] = entries.count
                entries.append(YAMLNode.Entry(key: name, location: place, value: converted))
            }
        }
        return entries
    }

    private mutating func word(
        of key: Node, at place: SourceLocation
    ) throws(Diagnostics) -> String {
        guard case .scalar(let scalar) = key else {
            throw Diagnostics([Diagnostic(YAMLFact.keyIsNoWord, at: place)])
        }
        let anchor = try anchor(of: key, at: place)
        if let target = try target(of: scalar, at: place) {
            guard case .text(let word) = target.value.content else {
                throw Diagnostics([
                    Diagnostic(YAMLFact.keyIsAlias(of: target.value.summary), at: place)
                ])
            }
            return word
        }
        let word = text.unmask(scalar.string)
        if word == "<<", scalar.style == .plain {
            throw Diagnostics([Diagnostic(YAMLFact.mergeKey, at: place)])
        }
        if let anchor {
            anchors[anchor] = Anchored(value: YAMLNode(.text(word), at: place), nodes: 1, height: 0)
        }
        return word
    }

    // MARK: Anchors, aliases, tags

    /// The name of a node's anchor; tags are refused, for what they say of a value is not looked at.
    private func anchor(of node: Node, at place: SourceLocation) throws(Diagnostics) -> String? {
        let properties = text.properties(line: place.line, column: place.column)
        if let tag = properties.tag {
            throw Diagnostics([Diagnostic(YAMLFact.tag(tag), at: place)])
        }
        guard properties.hasAnchor else { return nil }
        try checkReferences(at: place)
        return node.anchor?.rawValue
    }

    /// What a scalar stands for if it is an alias.
    private func target(
        of scalar: Node.Scalar, at place: SourceLocation
    ) throws(Diagnostics) -> Anchored? {
        guard scalar.style == .plain, let name = text.alias(scalar.string) else { return nil }
        try checkReferences(at: place)
        let isName = !name.isEmpty && name.unicodeScalars.allSatisfy(MaskedText.isOfAnchor)
        guard isName, scalar.anchor == nil else {
            throw Diagnostics([Diagnostic(YAMLFact.asterisk, at: place)])
        }
        guard let target = anchors[name] else {
            throw Diagnostics([Diagnostic(YAMLFact.unknownAnchor(name), at: place)])
        }
        return target
    }

    private func checkReferences(at place: SourceLocation) throws(Diagnostics) {
        guard limits.hasReferences else {
            throw Diagnostics([Diagnostic(YAMLFact.reference, at: place)])
        }
    }

    /// The type of a plain scalar.
    private static func typed(_ text: String) -> YAMLNode.Content {
        switch text {
        case "": return .nothing
        case "~", "null": return .null
        case "true": return .flag(true)
        case "false": return .flag(false)
        case ".inf", "+.inf": return .number(.infinity)
        case "-.inf": return .number(-.infinity)
        case ".nan": return .number(.nan)
        default: break
        }
        let digits = text.drop { $0 == "-" || $0 == "+" }
        // `010` is eight in YAML 1.1 and ten in 1.2: nobody's number here.
        let ambiguous = digits.count > 1 && digits.first == "0" && digits.dropFirst().first != "."
        guard let first = digits.first, text.count - digits.count <= 1, !ambiguous,
            first.isASCII, first.isNumber || first == ".",
            text.allSatisfy({ "0123456789.eE+-".contains($0) })
        else { return .text(text) }
        if let value = Int(text) { return .integer(value) }
        guard let value = Double(text), value.isFinite else { return .text(text) }
        // Too small a number must not become 0 without a word.
        let significand = text.prefix { $0 != "e" && $0 != "E" }
        let isTiny = value == 0 && significand.contains { ("1"..."9").contains($0) }
        return isTiny ? .text(text) : .number(value)
    }

    // MARK: Places

    private mutating func location(of node: Node) -> SourceLocation {
        location(line: node.mark?.line ?? 1, column: node.mark?.column ?? 1)
    }

    private mutating func location(line: Int, column: Int) -> SourceLocation {
        // What is missing at the end is missed in a line after the last.
        guard line <= text.lineCount else {
            let last = text.line(text.lineCount)
            return SourceLocation(
                origin: origin, line: text.lineCount, column: last.unicodeScalars.count + 1,
                text: last)
        }
        return SourceLocation(
            origin: origin, line: max(1, line), column: max(1, column), text: shownLine(line))
    }

    private mutating func shownLine(_ number: Int) -> String {
        if shown.number != number { shown = (number, text.line(number)) }
        return shown.text
    }

    private mutating func failure(_ fact: YAMLFact, line: Int, column: Int) -> Diagnostics {
        Diagnostics([Diagnostic(fact, at: location(line: line, column: column))])
    }
}
