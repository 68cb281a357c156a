/// Finds the last number of a running text, together with what it is a part of.
///
/// The last number of `so it is 9 + 9` is no 9: numbers that signs of arithmetic join are one
/// expression, to be evaluated or refused as a whole, and so is a number inside a root or fraction.
struct LastNumber {
    /// What stands last: an expression, and its number where it can be read.
    let text: String
    let value: ExactNumber?

    /// The last number of a text; nil if there is none. O(length).
    init?(in output: String, convention: NumberConvention) {
        let text = Array(LaTeXText.plain(output).unicodeScalars)
        let (found, refused) = NumberScanner(text: text, convention: convention).scan()
        if let refused, refused.lowerBound >= found.last?.range.upperBound ?? 0 {
            self.text = Self.text(of: text[refused])
            value = nil
            return
        }
        guard let last = found.last else { return nil }
        var start = last.range.lowerBound
        var remaining = found.dropLast()
        var isWhole =
            !Self.isInsideCommand(start, in: text) && !Self.endsPair(last.range, in: text)
        while let before = Self.operandEnd(before: start, in: text) {
            guard let operand = remaining.popLast(), operand.range.upperBound == before else {
                // An operator with something before it that is no number.
                isWhole = isWhole && !Self.isOperand(endingAt: before, in: text, before: start)
                break
            }
            start = operand.range.lowerBound
        }
        if start == last.range.lowerBound {
            isWhole = isWhole && !Self.goesOn(after: last.range.upperBound, in: text)
            self.text = Self.text(of: text[last.range])
            value = isWhole ? last.value : nil
        } else {
            self.text = Self.text(of: text[start..<last.range.upperBound])
            value =
                isWhole && !Self.goesOn(after: last.range.upperBound, in: text)
                    && !Self.isVariable(at: last.range.upperBound, in: text)
                ? NumberAnswer.value(of: self.text, convention: convention) : nil
        }
    }

    private static func text(of scalars: ArraySlice<Unicode.Scalar>) -> String {
        String(String.UnicodeScalarView(scalars))
    }

    /// The end of what an operator before `start` is applied to; nil where no operator stands there.
    private static func operandEnd(before start: Int, in text: [Unicode.Scalar]) -> Int? {
        let position = skippingSpaces(before: start, in: text)
        guard position > 0 else { return nil }
        // A sign that belongs to the number subtracts from a number right before it.
        if start < text.count, NumberScanner.signs.contains(text[start]), text[start] != "\u{2013}",
            NumberScanner.decimalDigit(text[position - 1]) != nil
        {
            return position
        }
        var operatorStart = position - 1
        if !operators.contains(text[operatorStart]) {
            guard let command = commandStart(endingAt: position, in: text) else { return nil }
            operatorStart = command
        }
        let end = skippingSpaces(before: operatorStart, in: text)
        guard end > 0, !text[end - 1].properties.isWhitespace else { return nil }
        return end
    }

    /// Whether something that could be computed with ends at a position: a bracket, a variable, or any
    /// word before a sign of multiplication that stands apart from the number after it.
    private static func isOperand(
        endingAt end: Int, in text: [Unicode.Scalar], before start: Int
    ) -> Bool {
        let last = text[end - 1]
        if NumberScanner.decimalDigit(last) != nil || ")}]π".unicodeScalars.contains(last) {
            return true
        }
        guard last.properties.isAlphabetic else { return false }
        let isVariable = end < 2 || !text[end - 2].properties.isAlphabetic
        let isProduct = text[end..<start].contains { "*×·÷".unicodeScalars.contains($0) }
        return isVariable || isProduct && text[start - 1] == " "
    }

    private static func skippingSpaces(before start: Int, in text: [Unicode.Scalar]) -> Int {
        var position = start
        while position > max(0, start - 4), text[position - 1] == " " { position -= 1 }
        return position
    }

    private static func commandStart(endingAt end: Int, in text: [Unicode.Scalar]) -> Int? {
        ["\\times", "\\cdot", "\\div", "\\pm"].lazy.map { Array($0.unicodeScalars) }
            .first { end >= $0.count && text[(end - $0.count)..<end].elementsEqual($0) }
            .map { end - $0.count }
    }

    /// Whether a number is the argument of a command, as in `\sqrt{2}`; an unfinished box is not meant.
    private static func isInsideCommand(_ start: Int, in text: [Unicode.Scalar]) -> Bool {
        var position = skippingSpaces(before: start, in: text)
        guard position > 0 else { return false }
        if text[position - 1] == "√" { return true }
        let isBraced = text[position - 1] == "{"
        if isBraced { position -= 1 }
        if isBraced, position > 0, "}]".unicodeScalars.contains(text[position - 1]) { return true }
        var letters = position
        while letters > max(0, position - 20), text[letters - 1].isASCII,
            text[letters - 1].properties.isAlphabetic
        {
            letters -= 1
        }
        let name = String(String.UnicodeScalarView(text[letters..<position]))
        guard letters > 0, text[letters - 1] == "\\" else { return false }
        return ["sqrt", "log", "ln", "sin", "cos", "tan", "frac", "dfrac", "tfrac", "binom"]
            .contains(name)
    }

    /// Whether one letter stands right after a number: `20 + 5d`.
    private static func isVariable(at position: Int, in text: [Unicode.Scalar]) -> Bool {
        guard position < text.count, NumberScanner.isLatinLetter(text[position]) else {
            return false
        }
        return position + 1 == text.count || !text[position + 1].properties.isAlphabetic
    }

    /// Whether a number is the end of a time, a ratio or a range: `7:30`, `3:2`, `18%-20%`.
    private static func endsPair(_ range: Range<Int>, in text: [Unicode.Scalar]) -> Bool {
        let start = range.lowerBound
        guard start >= 2 else { return false }
        let (before, mark) = (text[start - 2], text[start - 1])
        if mark == ":" { return NumberScanner.decimalDigit(before) != nil }
        return NumberScanner.minusSigns.contains(mark) && before == "%"
            && range.upperBound < text.count && text[range.upperBound] == "%"
    }

    /// Whether an expression goes on after a number: `2\pi`, `3\sqrt{2}`, `5π`, `2(3 + x)`.
    private static func goesOn(after end: Int, in text: [Unicode.Scalar]) -> Bool {
        var position = end
        while position < min(text.count, end + 4), text[position] == " " { position += 1 }
        let rest = text[position...].prefix(12)
        if rest.first == "π" || rest.first == "√" { return true }
        return [
            "\\pi", "\\sqrt", "\\frac", "\\dfrac", "\\times", "\\cdot", "\\div", "\\pm", "\\theta",
        ].contains { rest.starts(with: $0.unicodeScalars) }
    }

    private static let operators: Set<Unicode.Scalar> = [
        "+", "-", "\u{2212}", "*", "×", "·", "÷", "/",
    ]
}
