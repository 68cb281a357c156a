/// A text some of whose characters are hidden behind private-use ones, one for one, so that lines
/// and columns stay what they were.
struct MaskedText {
    private var scalars: [Unicode.Scalar]
    /// Where each line begins in `scalars`.
    private let starts: [Int]
    private let original: [Unicode.Scalar]
    private var hidden: [Unicode.Scalar: Unicode.Scalar] = [:]
    /// Private-use characters the text itself does not contain.
    private var masks: [Unicode.Scalar]
    /// What every asterisk is hidden behind; nil without asterisks.
    private var asterisk: Unicode.Scalar?

    init(_ text: String) {
        var scalars = Array(text.unicodeScalars)
        // A byte-order mark has no column.
        if scalars.first == "\u{FEFF}" { scalars.removeFirst() }
        var starts = [0]
        for (index, scalar) in scalars.enumerated() where Self.isBreak(scalar) {
            let pair = scalar == "\r" && index + 1 < scalars.count && scalars[index + 1] == "\n"
            if !pair { starts.append(index + 1) }
        }
        let used = Set(scalars)
        self.original = scalars
        self.starts = starts
        masks = (0xE000..<0xE040).compactMap { Unicode.Scalar($0) }.filter { !used.contains($0) }
        if used.contains("*"), let mask = masks.popLast() {
            asterisk = mask
            hidden[mask] = "*"
            for index in scalars.indices where scalars[index] == "*" { scalars[index] = mask }
        }
        self.scalars = scalars
    }

    /// Where the first asterisk is that could not be hidden.
    var unhidden: (line: Int, column: Int)? {
        guard let index = scalars.firstIndex(of: "*") else { return nil }
        let line = starts.lastIndex { $0 <= index } ?? 0
        return (line + 1, index - starts[line] + 1)
    }

    /// The text with what is hidden.
    var masked: String { String(String.UnicodeScalarView(scalars)) }

    /// Hides the first character of the key at a place (from 1); false if that cannot be done.
    mutating func mask(line: Int, column: Int) -> Bool {
        guard starts.indices.contains(line - 1) else { return false }
        var index = starts[line - 1] + column - 1
        if scalars.indices.contains(index), scalars[index] == "\"" || scalars[index] == "'" {
            index += 1
        }
        // Anything but a word's first letter may be syntax, which must not be hidden.
        guard scalars.indices.contains(index), let mask = masks.popLast(),
            scalars[index].properties.isAlphabetic || scalars[index].properties.numericType != nil
        else { return false }
        hidden[mask] = scalars[index]
        scalars[index] = mask
        return true
    }

    /// `word` with what was hidden in it shown again.
    func unmask(_ word: String) -> String {
        guard !hidden.isEmpty else { return word }
        return String(String.UnicodeScalarView(word.unicodeScalars.map { hidden[$0] ?? $0 }))
    }

    /// Lines, counting an empty one after a final line break.
    var lineCount: Int { starts.count }

    /// A line of the original text (from 1) without its end; empty past the last.
    func line(_ number: Int) -> String {
        guard starts.indices.contains(number - 1) else { return "" }
        let line = original[starts[number - 1]...].prefix { !Self.isBreak($0) }
        return String(String.UnicodeScalarView(line))
    }

    /// The line and column (from 1) of a byte of the UTF-8 text.
    func place(ofByte offset: Int) -> (line: Int, column: Int) {
        var bytes = 0
        var (line, column) = (1, 1)
        for (index, scalar) in original.enumerated() {
            bytes += UTF8.width(scalar)
            if bytes > offset { break }
            if line < starts.count, starts[line] == index + 1 {
                (line, column) = (line + 1, 1)
            } else {
                column += 1
            }
        }
        return (line, column)
    }

    /// The name after the asterisk if a plain scalar of the masked text is an alias.
    ///
    /// No other plain scalar begins with an asterisk.
    func alias(_ word: String) -> String? {
        guard let asterisk, word.unicodeScalars.first == asterisk else { return nil }
        return unmask(String(word.unicodeScalars.dropFirst()))
    }

    /// What stands before a node that begins at a place (from 1): an anchor, a tag.
    func properties(line: Int, column: Int) -> (hasAnchor: Bool, tag: String?) {
        guard starts.indices.contains(line - 1) else { return (false, nil) }
        var rest = original[min(starts[line - 1] + column - 1, original.count)...]
        var hasAnchor = false
        if rest.first == "&" {
            hasAnchor = true
            rest = rest.dropFirst().drop { Self.isOfAnchor($0) }
            rest = rest.drop { $0.properties.isWhitespace }
        }
        guard rest.first == "!" else { return (hasAnchor, nil) }
        let tag = rest.prefix(40).prefix { !$0.properties.isWhitespace && $0 != "," }
        return (hasAnchor, String(String.UnicodeScalarView(tag)))
    }

    /// What names of anchors are made of.
    static func isOfAnchor(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "a"..."z", "A"..."Z", "0"..."9", "_", "-": true
        default: false
        }
    }

    private static func isBreak(_ scalar: Unicode.Scalar) -> Bool {
        // The line breaks of YAML 1.1, which libyaml counts.
        switch scalar {
        case "\n", "\r", "\u{85}", "\u{2028}", "\u{2029}": true
        default: false
        }
    }
}
