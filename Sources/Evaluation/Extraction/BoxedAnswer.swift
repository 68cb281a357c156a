/// Finds the answer a model put into `\boxed{}`.
enum BoxedAnswer {
    /// The content of the last `\boxed{...}` (or `\fbox{...}`) whose braces balance and which is not
    /// blank, trimmed; nil if there is none. Escaped braces (`\{`) do not count. O(length).
    static func last(in output: String) -> String? {
        let text = Array(output.unicodeScalars)
        var open: [(brace: Int, isBox: Bool)] = []
        var last: Range<Int>?
        var position = 0
        while position < text.count {
            switch text[position] {
            case "\\":
                if let brace = boxBrace(at: position, in: text) {
                    open.append((brace, true))
                    position = brace
                } else {
                    position += escapedLength(at: position, in: text)
                }
            case "{":
                open.append((position, false))
            case "}":
                if let (brace, isBox) = open.popLast(), isBox, brace >= last?.lowerBound ?? 0,
                    !text[(brace + 1)..<position].allSatisfy(\.properties.isWhitespace)
                {
                    last = brace + 1..<position
                }
            default:
                break
            }
            position += 1
        }
        return last.map { String(String.UnicodeScalarView(text[$0])).trimmed }
    }

    /// The index of the opening brace of a box that begins at a backslash.
    private static func boxBrace(at start: Int, in text: [Unicode.Scalar]) -> Int? {
        for command in boxCommands where text[start...].starts(with: command) {
            var brace = start + command.count
            while brace < text.count, text[brace] == " " { brace += 1 }
            return brace < text.count && text[brace] == "{" ? brace : nil
        }
        return nil
    }

    /// How many scalars after a backslash are escaped by it: a brace, or a second backslash (a line
    /// break) unless that one begins a box, as it does in doubly escaped text.
    private static func escapedLength(at backslash: Int, in text: [Unicode.Scalar]) -> Int {
        guard backslash + 1 < text.count else { return 0 }
        switch text[backslash + 1] {
        case "{", "}": return 1
        case "\\": return boxBrace(at: backslash + 1, in: text) == nil ? 1 : 0
        default: return 0
        }
    }

    private static let boxCommands = ["\\boxed", "\\fbox"].map { Array($0.unicodeScalars) }
}
