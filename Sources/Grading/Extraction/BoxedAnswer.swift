/// Finds the answer a model put into `\boxed{}`.
enum BoxedAnswer {
    /// The content of the last `\boxed{...}` (or `\fbox{...}`) that is not blank, trimmed; nil if there is
    /// none. O(length).
    ///
    /// A box without braces holds one number, letter, word or command with its arguments, as in
    /// `\boxed 2` and `\boxed\frac12`. Of boxes in each other the outermost counts, without the commands
    /// of the inner ones; one that never closes does not count. Escaped braces (`\{`) do not count. Boxes that
    /// only commas or "and" or "or" part are one answer: their contents, joined by commas.
    static func last(in output: String) -> String? {
        let contents = contents(in: output)
        return contents.isEmpty ? nil : contents.joined(separator: ", ")
    }

    /// The contents of the boxes that make up the last answer, each once.
    static func contents(in output: String) -> [String] {
        guard output.utf8.contains(backslash) else { return [] }
        let text = Array(output.unicodeScalars)
        var joined: [String] = []
        var next: Box?
        for box in boxes(in: text).reversed() {
            let content = unwrapped(text[box.content])
            if content.isEmpty { continue }
            if joined.count == maximumJoined { break }
            if let next, !BoxJoint.joins(text[box.end..<next.start]) { break }
            joined.append(content)
            next = box
        }
        var seen: Set<String> = []
        return joined.reversed().filter { seen.insert($0).inserted }
    }

    /// More boxes in a row are a model that repeats itself.
    private static let maximumJoined = 20
    private static let backslash = UInt8(ascii: "\\")

    /// A box from its backslash to after its end, and what is in it.
    private struct Box {
        let start: Int
        let content: Range<Int>
        let end: Int
    }

    /// The boxes that are in no other box, in order.
    private static func boxes(in text: [Unicode.Scalar]) -> [Box] {
        var open: [Int?] = []  // Where the box of a brace begins; nil for other braces.
        var contents: [Int] = []
        var boxes: [Box] = []
        var position = 0
        while position < text.count {
            switch text[position] {
            case "\\":
                guard let after = commandEnd(at: position, in: text) else {
                    position += escapedLength(at: position, in: text)
                    break
                }
                var start = after
                while start < text.count, text[start] == " " { start += 1 }
                if start < text.count, text[start] == "{" {
                    open.append(position)
                    contents.append(start + 1)
                    position = start
                } else if let end = BoxArgument(text: text).end(at: start) {
                    boxes.append(Box(start: position, content: start..<end, end: end))
                    position = end - 1
                } else {
                    position = after - 1
                }
            case "{":
                open.append(nil)
            case "}":
                if let box = open.popLast(), let start = box, let content = contents.popLast() {
                    while let inner = boxes.last, inner.start > start { boxes.removeLast() }
                    boxes.append(
                        Box(start: start, content: content..<position, end: position + 1))
                }
            default:
                break
            }
            position += 1
        }
        return boxes
    }

    /// A box's content without the commands of the boxes in it.
    private static func unwrapped(_ content: ArraySlice<Unicode.Scalar>) -> String {
        // What is left of `\boxed{\boxed{}}` is blank as well.
        guard content.contains(where: { !isBlank($0) }) else { return "" }
        var kept = String.UnicodeScalarView()
        let text = Array(content)
        var position = 0
        while position < text.count {
            if text[position] == "\\", let after = commandEnd(at: position, in: text) {
                position = after
            } else {
                kept.append(text[position])
                position += 1
            }
        }
        let written = String(kept).trimmed
        return written.unicodeScalars.allSatisfy(isBlank) ? "" : withoutOuterBraces(written)
    }

    private static func isBlank(_ scalar: Unicode.Scalar) -> Bool {
        scalar == "{" || scalar == "}" || scalar.properties.isWhitespace
    }

    /// `{2}` of `\boxed{\boxed{2}}` is 2.
    private static func withoutOuterBraces(_ content: String) -> String {
        guard content.first == "{", content.last == "}",
            !content.dropFirst().dropLast().contains(where: { "{}".contains($0) })
        else { return content }
        return String(content.dropFirst().dropLast()).trimmed
    }

    /// The index after a box command that begins at a backslash.
    static func commandEnd(at start: Int, in text: [Unicode.Scalar]) -> Int? {
        // Most backslashes begin something else.
        guard start + 1 < text.count, text[start + 1] == "b" || text[start + 1] == "f" else {
            return nil
        }
        for command in commands where text[start...].starts(with: command) {
            return start + command.count
        }
        return nil
    }

    /// How many scalars after a backslash are escaped by it: a brace, or a second backslash (a line
    /// break) unless that one begins a box, as it does in doubly escaped text.
    private static func escapedLength(at backslash: Int, in text: [Unicode.Scalar]) -> Int {
        guard backslash + 1 < text.count else { return 0 }
        switch text[backslash + 1] {
        case "{", "}": return 1
        case "\\": return commandEnd(at: backslash + 1, in: text) == nil ? 1 : 0
        default: return 0
        }
    }

    private static let commands = ["\\boxed", "\\fbox"].map { Array($0.unicodeScalars) }
}
