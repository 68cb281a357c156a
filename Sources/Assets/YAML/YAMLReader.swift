import Yams

/// Reads one YAML document into a located tree.
///
/// Yams composes a tree but gives up at the first duplicate key, naming one place only. Here each
/// duplicate is hidden from it (`MaskedText`) until the text composes, so that duplicates are
/// reported together, and together with all else that is wrong.
public struct YAMLReader {
    /// Limits that keep a hostile text from exhausting memory or the stack.
    public struct Limits: Sendable {
        /// Longest text read, in UTF-8 bytes.
        public var bytes = 1 << 20
        /// Most nodes, aliases expanded ("billion laughs").
        public var nodes = 50_000
        /// Most anchors: a chain of them nests as deeply as it is long.
        public var anchors = 100
        /// Deepest nesting.
        public var depth = 40

        /// The defaults: far beyond what a person writes.
        public init() {}
    }

    private let origin: SourceLocation.Origin
    private let limits: Limits
    private var text: MaskedText
    private var nodes = 0
    private var duplicates: [Diagnostic] = []

    /// The tree of `text`, with a null root for an empty text, and the duplicate keys found.
    ///
    /// Of duplicate keys the first one's value is in the tree.
    ///
    /// - Throws: `Diagnostics` if the text is no YAML, is too large or nested too deeply.
    public static func read(
        _ text: String, origin: SourceLocation.Origin, limits: Limits = Limits()
    ) throws(Diagnostics) -> (root: YAMLNode, duplicates: [Diagnostic]) {
        var reader = YAMLReader(
            origin: origin, limits: limits,
            text: MaskedText(text.utf8.count > limits.bytes ? "" : text))
        guard text.utf8.count <= limits.bytes else {
            throw reader.failure(
                "the text has \(text.utf8.count) bytes; at most \(limits.bytes) are read",
                line: 1, column: 1)
        }
        guard let node = try reader.compose() else {
            return (YAMLNode(.null, at: reader.location(line: 1, column: 1)), [])
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
        if let line = text.firstLine(withMoreAnchorsThan: limits.anchors) {
            throw failure("more than \(limits.anchors) anchors", line: line, column: 1)
        }
        while true {
            do {
                return try Yams.compose(yaml: text.masked)
            } catch YamlError.duplicatedKeysInMapping(let keys, let context) {
                let mark = context.mark
                if !text.mask(line: mark.line, column: mark.column) {
                    throw failure(
                        "duplicate key \"\(keys.first ?? "")\"", line: mark.line,
                        column: mark.column)
                }
            } catch let error as YamlError {
                throw failure(error)
            } catch {
                throw failure("this is not YAML: \(error)", line: 1, column: 1)
            }
        }
    }

    private func failure(_ error: YamlError) -> Diagnostics {
        switch error {
        case .scanner(let context, let problem, let mark, _),
            .parser(let context, let problem, let mark, _):
            // What is not closed shows only where the next thing begins.
            var message = "this is not YAML: \(problem)"
            if let context, context.mark.line < mark.line || context.mark.column < mark.column {
                message +=
                    " \(context.text) that begins in line \(context.mark.line), column "
                    + "\(context.mark.column)"
            }
            return failure(message, line: mark.line, column: mark.column)
        case .composer(_, let problem, let mark, _):
            return failure("this is not YAML: \(problem)", line: mark.line, column: mark.column)
        case .reader(let problem, let offset, _, _):
            let place = text.place(ofByte: offset ?? 0)
            return failure("this is not YAML: \(problem)", line: place.line, column: place.column)
        default:
            return failure("this is not YAML: \(error)", line: 1, column: 1)
        }
    }

    // MARK: Converting

    private mutating func convert(_ node: Node, depth: Int) throws(Diagnostics) -> YAMLNode {
        let place = location(of: node)
        nodes += 1
        guard nodes <= limits.nodes else {
            throw Diagnostics([
                Diagnostic("more than \(limits.nodes) values, aliases counted in full", at: place)
            ])
        }
        guard depth <= limits.depth else {
            throw Diagnostics([
                Diagnostic("nested too deeply: at most \(limits.depth) levels are read", at: place)
            ])
        }
        switch node {
        case .scalar(let scalar):
            let value = text.unmask(scalar.string)
            return YAMLNode(scalar.style == .plain ? Self.typed(value) : .text(value), at: place)
        case .sequence(let sequence):
            var elements: [YAMLNode] = []
            for element in sequence { elements.append(try convert(element, depth: depth + 1)) }
            return YAMLNode(.list(elements), at: place)
        case .mapping(let mapping):
            var entries: [YAMLNode.Entry] = []
            for (key, value) in mapping {
                try append(key, value, to: &entries, depth: depth)
            }
            return YAMLNode(.mapping(entries), at: place)
        case .alias(let alias):
            throw Diagnostics([
                Diagnostic("an alias to an unknown anchor \"\(alias.anchor.rawValue)\"", at: place)
            ])
        }
    }

    private mutating func append(
        _ key: Node, _ value: Node, to entries: inout [YAMLNode.Entry], depth: Int
    ) throws(Diagnostics) {
        let place = location(of: key)
        guard case .scalar(let scalar) = key else {
            throw Diagnostics([Diagnostic("a key must be a single word", at: place)])
        }
        let name = text.unmask(scalar.string)
        let converted = try convert(value, depth: depth + 1)
        if let first = entries.first(where: { $0.key == name }) {
            duplicates.append(
                Diagnostic(
                    "duplicate key \"\(name)\", first given in line \(first.location.line), "
                        + "column \(first.location.column)", at: place))
        } else {
            entries.append(YAMLNode.Entry(key: name, location: place, value: converted))
        }
    }

    /// The type of a plain scalar.
    private static func typed(_ text: String) -> YAMLNode.Content {
        switch text {
        case "", "~", "null": return .null
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
        if let value = Double(text), value.isFinite { return .number(value) }
        return .text(text)
    }

    // MARK: Places

    private func location(of node: Node) -> SourceLocation {
        location(line: node.mark?.line ?? 1, column: node.mark?.column ?? 1)
    }

    private func location(line: Int, column: Int) -> SourceLocation {
        // What is missing at the end is missed in a line after the last.
        guard line <= text.lineCount else {
            let last = text.line(text.lineCount)
            return SourceLocation(
                origin: origin, line: text.lineCount, column: last.unicodeScalars.count + 1,
                text: last)
        }
        return SourceLocation(
            origin: origin, line: max(1, line), column: max(1, column), text: text.line(line))
    }

    private func failure(_ message: String, line: Int, column: Int) -> Diagnostics {
        Diagnostics([Diagnostic(message, at: location(line: line, column: column))])
    }
}
