/// Takes Markdown's stars and underscores out of prose, so that `**5**` is a 5 and no product.
enum MarkdownEmphasis {
    /// The text without the marks that open and close an emphasis on one line, and without the star of
    /// a list's item. Marks that have no partner stay: they may multiply. O(length).
    static func removed(from text: [Unicode.Scalar]) -> [Unicode.Scalar] {
        guard text.contains(where: isMark) else { return text }
        var gone: Set<Int> = []
        // The marks that wait for their partners, each a scalar's place.
        var open: [Int] = []
        var position = 0
        var isLineStart = true
        // The dash of a list's item, which is no sign of what is emphasised after it.
        var bullet: Int?
        while position < text.count {
            let scalar = text[position]
            if scalar == "\n" {
                open.removeAll(keepingCapacity: true)
                isLineStart = true
                bullet = nil
                position += 1
                continue
            }
            if isLineStart, scalar == "-", position + 1 < text.count, text[position + 1] == " " {
                bullet = position
                position += 1
                continue
            }
            guard isMark(scalar) else {
                if scalar != " " { isLineStart = false }
                position += 1
                continue
            }
            let end = text[position...].firstIndex { $0 != scalar } ?? text.count
            let run = position..<end
            let before = position > 0 ? text[position - 1] : "\n"
            let after = end < text.count ? text[end] : "\n"
            if isLineStart, scalar == "*", run.count == 1, after == " " {
                gone.insert(position)
            } else if isSpace(after), isSpace(before) {
                // Stars apart from both sides open and close nothing.
            } else if !isSpace(before), !isOperand(after) {
                // After a colon or full stop nothing is multiplied.
                if !isOperand(before), !isMark(before) { gone.formUnion(run) }
                for place in run {
                    guard let last = open.last, text[last] == scalar else { break }
                    gone.insert(open.removeLast())
                    gone.insert(place)
                }
                // `**Answer:** **5**` closes before it opens.
            } else if !isOperand(before), !isSpace(after) {
                open.append(contentsOf: run)
                if let bullet, isLineStart { gone.insert(bullet) }
            }
            isLineStart = false
            position = end
        }
        return text.indices.filter { !gone.contains($0) }.map { text[$0] }
    }

    private static func isMark(_ scalar: Unicode.Scalar) -> Bool { scalar == "*" || scalar == "_" }

    private static func isSpace(_ scalar: Unicode.Scalar) -> Bool {
        scalar.properties.isWhitespace
    }

    /// Whether something that could be multiplied, or a name, begins or ends with a scalar.
    private static func isOperand(_ scalar: Unicode.Scalar) -> Bool {
        scalar.properties.isAlphabetic || NumberScanner.decimalDigit(scalar) != nil
            || "()[]{}\\".unicodeScalars.contains(scalar)
    }
}
