import Schemas

/// Writes a spec's tree as YAML that is read as the same tree: one text for what several files and the command line said.
struct SpecText {
    private(set) var text = ""

    /// The text of a whole spec, a mapping.
    init(_ root: YAMLNode) {
        for line in Self.lines(root) { text += line + "\n" }
    }

    /// A value's lines, not indented; one line for what needs no more.
    private static func lines(_ node: YAMLNode) -> [String] {
        switch node.content {
        case .nothing: [""]
        case .null: ["null"]
        case .flag(let value): ["\(value)"]
        case .integer(let value): ["\(value)"]
        case .number(let value): [number(value)]
        case .text(let value): [word(value)]
        case .list(let elements): list(elements)
        case .mapping(let entries): mapping(entries)
        }
    }

    private static func list(_ elements: [YAMLNode]) -> [String] {
        guard elements.contains(where: \.needsLine) else {
            return ["[" + elements.map { lines($0).joined() }.joined(separator: ", ") + "]"]
        }
        return elements.flatMap { element in
            lines(element).enumerated().map { ($0.offset == 0 ? "- " : "  ") + $0.element }
        }
    }

    private static func mapping(_ entries: [YAMLNode.Entry]) -> [String] {
        guard !entries.isEmpty else { return ["{}"] }
        return entries.flatMap { entry -> [String] in
            let (key, value) = (word(entry.key), lines(entry.value))
            guard !entry.value.isBlock else { return ["\(key):"] + value.map { "  " + $0 } }
            return [value[0].isEmpty ? "\(key):" : "\(key): \(value[0])"]
        }
    }

    private static func number(_ value: Double) -> String {
        if value.isNaN { return ".nan" }
        if value.isInfinite { return value < 0 ? "-.inf" : ".inf" }
        // The shortest text that is this number.
        return "\(value)"
    }

    /// Plain where nothing else could be read from it, else in double quotes.
    private static func word(_ text: String) -> String {
        let isPlain = text.unicodeScalars.allSatisfy { scalar in
            scalar.isLetterOrDigit || "_-./".unicodeScalars.contains(scalar)
        }
        let start = text.unicodeScalars.first
        if isPlain, let start, start.isLetter, !["null", "true", "false"].contains(text) {
            return text
        }
        var quoted = "\""
        for scalar in text.unicodeScalars { quoted += escaped(scalar) }
        return quoted + "\""
    }

    private static func escaped(_ scalar: Unicode.Scalar) -> String {
        switch scalar {
        case "\"": return "\\\""
        case "\\": return "\\\\"
        case "\n": return "\\n"
        case "\t": return "\\t"
        case " "..."~": return String(scalar)
        default: break
        }
        switch scalar.properties.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter,
            .nonspacingMark, .spacingMark, .decimalNumber, .otherNumber, .dashPunctuation,
            .openPunctuation, .closePunctuation, .initialPunctuation, .finalPunctuation,
            .otherPunctuation, .mathSymbol, .currencySymbol, .otherSymbol:
            return String(scalar)
        default:
            let digits = String(scalar.value, radix: 16)
            let width = scalar.value > 0xFFFF ? 8 : 4
            let zeros = String(repeating: "0", count: width - digits.count)
            return (width == 8 ? "\\U" : "\\u") + zeros + digits
        }
    }
}

extension YAMLNode {
    /// Whether an element of a list is written in a line of its own.
    fileprivate var needsLine: Bool {
        switch content {
        case .nothing, .list, .mapping: true
        default: false
        }
    }

    /// Whether it takes lines of its own.
    fileprivate var isBlock: Bool {
        switch content {
        case .mapping(let entries): !entries.isEmpty
        case .list(let elements): elements.contains(where: \.needsLine)
        default: false
        }
    }

    /// A mapping without one of its keys.
    func without(_ key: String) -> YAMLNode {
        guard case .mapping(let entries) = content else { return self }
        return YAMLNode(.mapping(entries.filter { $0.key != key }), at: location)
    }
}

extension Unicode.Scalar {
    fileprivate var isLetter: Bool { ("a"..."z").contains(self) || ("A"..."Z").contains(self) }

    fileprivate var isLetterOrDigit: Bool { isLetter || ("0"..."9").contains(self) }
}
