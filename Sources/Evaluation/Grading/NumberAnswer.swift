/// Reads the number out of an answer such as `\$18 \text{ per day}` or `x = 18`.
enum NumberAnswer {
    /// The one number that an answer states, exactly; nil if it states none, several, or an expression.
    ///
    /// Of an equation the right side counts. Words and units beside the number are ignored: a unit
    /// cannot be wrong where the question asks for a number.
    static func value(of answer: String, convention: NumberConvention) -> ExactNumber? {
        let unstyled = LaTeXText.plain(answer).replacing("**", with: "")
            .replacing("\\approx", with: "≈")
        var text = Array(unstyled.unicodeScalars)
        if let equals = text.lastIndex(where: { $0 == "=" || $0 == "≈" }) {
            text.removeFirst(equals + 1)
        }
        text = withoutUnitPowers(text)
        guard !mentionsOperation(text) else { return nil }
        let found = NumberScanner(text: text, convention: convention).numbers()
        guard let number = found.first, found.allSatisfy({ $0.value == number.value }) else {
            return nil
        }
        return number.value
    }

    /// Drops the exponent of `cm^2` or `cm^{2}`, which is part of a unit.
    private static func withoutUnitPowers(_ text: [Unicode.Scalar]) -> [Unicode.Scalar] {
        var kept: [Unicode.Scalar] = []
        var position = 0
        while position < text.count {
            if text[position] == "^", kept.last?.properties.isAlphabetic == true {
                position += 1
                while position < text.count, "{}0123456789".unicodeScalars.contains(text[position])
                {
                    position += 1
                }
            } else {
                kept.append(text[position])
                position += 1
            }
        }
        return kept
    }

    /// Whether something would have to be computed: a power, a product, a root, a named function.
    private static func mentionsOperation(_ text: [Unicode.Scalar]) -> Bool {
        for (position, scalar) in text.enumerated() {
            if ["^", "*", "×", "÷", "√", "π", "!", "±"].contains(scalar) { return true }
            guard scalar == "\\" else { continue }
            let rest = text[position...]
            let known = ["\\frac{", "\\dfrac{", "\\tfrac{", "\\$"]
            if !known.contains(where: { rest.starts(with: $0.unicodeScalars) }) { return true }
        }
        return false
    }
}
