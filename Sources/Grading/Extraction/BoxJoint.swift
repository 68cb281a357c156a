/// Whether what stands between two boxes makes them one answer, as in `\boxed{2}$ and $\boxed{3}`.
enum BoxJoint {
    private static let maximumLength = 60

    /// Whether it is nothing but commas, "and" or "or", at least one of them, perhaps with a name for the
    /// second value (`, y =`).
    static func joins(_ gap: ArraySlice<Unicode.Scalar>) -> Bool {
        guard gap.count <= maximumLength else { return false }
        var words = String(String.UnicodeScalarView(gap))
        guard !words.contains("\n\n") else { return false }
        for dressing in dressings { words = words.replacing(dressing, with: " ") }
        var parts = words.replacing(",", with: " , ").replacing(";", with: " , ")
            .replacing("=", with: " = ").split(whereSeparator: \.isWhitespace)[...]
        let separators = parts.prefix { [",", "and", "or"].contains($0) }.count
        parts = parts.dropFirst(separators)
        guard separators > 0 else { return false }
        return parts.isEmpty
            || parts.count == 2 && parts.last == "=" && (parts.first?.count ?? 0) <= 8
    }

    private static let dressings = [
        "\\text", "\\mbox", "\\textrm", "\\qquad", "\\quad", "\\(", "\\)", "\\[", "\\]", "\\,",
        "\\;",
        "\\ ", "{", "}", "$", "~", "*", "&",
    ]
}
