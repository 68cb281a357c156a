/// Finds the mathematics in a text: what stands between `$`, `$$`, `\(` and `\)`, or `\[` and `\]`.
///
/// A dollar before a number is money unless another one closes it: an opening dollar has no space after
/// it, a closing one none before it and no digit after it.
struct MathSegments {
    private let text: [Unicode.Scalar]
    private var open: (mark: Mark, start: Int)?
    private var found: [Range<Int>] = []

    private enum Mark { case dollar, dollars, parenthesis, bracket }

    /// The contents' ranges, in order. O(length).
    static func ranges(in text: [Unicode.Scalar]) -> [Range<Int>] {
        var segments = MathSegments(text: text)
        segments.read()
        return segments.found
    }

    private init(text: [Unicode.Scalar]) {
        self.text = text
    }

    private mutating func read() {
        var position = 0
        while position < text.count {
            switch text[position] {
            case "\\":
                readEscape(at: position)
                position += 2
            case "$" where scalar(position + 1) == "$":
                if !close(.dollars, at: position) { begin(.dollars, at: position + 2) }
                position += 2
            case "$":
                readDollar(at: position)
                position += 1
            case "\n" where scalar(position + 1) == "\n" && open?.mark == .dollar:
                open = nil
                position += 1
            default:
                position += 1
            }
        }
    }

    private mutating func readEscape(at position: Int) {
        switch scalar(position + 1) {
        case "(": begin(.parenthesis, at: position + 2)
        case "[": begin(.bracket, at: position + 2)
        case ")": _ = close(.parenthesis, at: position)
        case "]": _ = close(.bracket, at: position)
        default: break
        }
    }

    private mutating func readDollar(at position: Int) {
        if isText(position - 1), !isDigit(position + 1), close(.dollar, at: position) { return }
        if open == nil || open?.mark == .dollar, isText(position + 1) {
            begin(.dollar, at: position + 1)
        }
    }

    private mutating func begin(_ mark: Mark, at start: Int) {
        open = (mark, start)
    }

    private mutating func close(_ mark: Mark, at end: Int) -> Bool {
        guard let opened = open, opened.mark == mark else { return false }
        found.append(opened.start..<end)
        open = nil
        return true
    }

    private func scalar(_ index: Int) -> Unicode.Scalar? {
        index >= 0 && index < text.count ? text[index] : nil
    }

    private func isText(_ index: Int) -> Bool {
        scalar(index).map { !$0.properties.isWhitespace } ?? false
    }

    private func isDigit(_ index: Int) -> Bool {
        scalar(index).map { ("0"..."9").contains($0) } ?? false
    }
}
