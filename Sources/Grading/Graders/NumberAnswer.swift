/// Reads the number out of an answer such as `\$18 \text{ per day}` or `x = 18`.
enum NumberAnswer {
    /// The one number that an answer states, exactly; nil if it states none, several, or an expression
    /// that is not read (`NumberParser`).
    ///
    /// Of an equation the right side counts, or the left where the right has no number. Words and
    /// units beside the number are ignored: a unit cannot be wrong where the question asks for a
    /// number.
    static func value(of answer: String, convention: NumberConvention) -> ExactNumber? {
        let unstyled = LaTeXText.plain(answer).replacing("**", with: "")
            .replacing("\\approx", with: "≈").replacing("\\simeq", with: "≈")
        var text = Array(unstyled.unicodeScalars)[...]
        // `*18*` is an emphasis; a star between numbers is a product.
        while let last = text.last, last == "*" || last.properties.isWhitespace {
            text.removeLast()
        }
        while let first = text.first, first == "*" || first.properties.isWhitespace {
            text.removeFirst()
        }
        var sides = text.split(omittingEmptySubsequences: false) {
            "=≈＝".unicodeScalars.contains($0)
        }
        // The sides of a relation are not equal.
        guard
            sides.dropLast().allSatisfy({
                $0.last.map { !"!<>≠".unicodeScalars.contains($0) } ?? true
            })
        else { return nil }
        while sides.count > 1, let side = sides.last, !side.contains(where: isDigit) {
            sides.removeLast()
        }
        guard let side = sides.last else { return nil }
        return NumberParser.value(of: NumberTokens(Array(side), convention: convention).all())
    }

    private static func isDigit(_ scalar: Unicode.Scalar) -> Bool {
        scalar.properties.numericType != nil
    }
}
