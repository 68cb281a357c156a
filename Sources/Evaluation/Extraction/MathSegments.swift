/// Finds the mathematics in a text: what stands between `$`, `$$`, `\(` and `\)`, or `\[` and `\]`.
enum MathSegments {
    /// The contents' ranges, in order. A dollar before a number is money unless another one closes it: an
    /// opening dollar has no space after it, a closing one none before it and no digit after it. O(length).
    static func ranges(in text: [Unicode.Scalar]) -> [Range<Int>] {
        var found: [Range<Int>] = []
        var open: (mark: String, start: Int)?
        var position = 0
        let scalar = { (index: Int) in text.indices.contains(index) ? text[index] : nil }
        while position < text.count {
            switch text[position] {
            case "\\":
                switch scalar(position + 1) {
                case "(": open = ("(", position + 2)
                case "[": open = ("[", position + 2)
                case ")" where open?.mark == "(", "]" where open?.mark == "[":
                    if let open { found.append(open.start..<position) }
                    open = nil
                default: break
                }
                position += 2
            case "$" where scalar(position + 1) == "$":
                if let opened = open, opened.mark == "$$" {
                    found.append(opened.start..<position)
                    open = nil
                } else {
                    open = ("$$", position + 2)
                }
                position += 2
            case "$":
                if let opened = open, opened.mark == "$", isText(scalar(position - 1)),
                    !isDigit(scalar(position + 1))
                {
                    found.append(opened.start..<position)
                    open = nil
                } else if open == nil || open?.mark == "$", isText(scalar(position + 1)) {
                    open = ("$", position + 1)
                }
                position += 1
            case "\n" where scalar(position + 1) == "\n" && open?.mark == "$":
                open = nil
                position += 1
            default:
                position += 1
            }
        }
        return found
    }

    private static func isText(_ scalar: Unicode.Scalar?) -> Bool {
        scalar.map { !$0.properties.isWhitespace } ?? false
    }

    private static func isDigit(_ scalar: Unicode.Scalar?) -> Bool {
        scalar.map { ("0"..."9").contains($0) } ?? false
    }
}
