/// Finds the number that an answer without a box ends with.
///
/// Only a number that stands alone is one: what touches a root, a power, π, an operator or a tuple is part
/// of an expression, and a part of an expression is no answer. Mathematics between dollars is read whole.
enum UnboxedNumber {
    /// The last number or numeric expression of an output as it is written; nil if there is none, or if
    /// the last one is part of something else. O(length).
    static func last(in output: String) -> String? {
        let text = Array(output.unicodeScalars)
        var end = text.count
        for math in MathSegments.ranges(in: text).reversed() {
            if let found = inProse(text[math.upperBound..<end]) { return found.alone }
            let content = text[math]
            if isExpression(content), !isUnitsPower(math, in: text) {
                return content.count <= chunk
                    ? number(of: String(String.UnicodeScalarView(content))) : nil
            }
            end = math.lowerBound
        }
        return inProse(text[..<end])?.alone
    }

    // MARK: Mathematics

    /// Whether mathematics is more than the name of something.
    private static func isExpression(_ content: ArraySlice<Unicode.Scalar>) -> Bool {
        content.indices.contains { index in
            let scalar = content[index]
            if scalar == "\\" {
                return expressions.contains { content[(index + 1)...].starts(with: $0) }
            }
            return NumberScanner.decimalDigit(scalar) != nil
                || "^√π∞½".unicodeScalars.contains(scalar)
        }
    }

    /// Whether mathematics only raises or names the unit of the number before it: `25 cm$^2$`,
    /// `$25$ $\text{cm}^2$`.
    private static func isUnitsPower(_ math: Range<Int>, in text: [Unicode.Scalar]) -> Bool {
        // Nothing longer is a unit.
        guard math.count <= mostOfUnit else { return false }
        var content = String(String.UnicodeScalarView(text[math])).trimmed
        guard let caret = content.lastIndex(of: "^"),
            ["2", "3", "{2}", "{3}"].contains(content[content.index(after: caret)...])
        else { return false }
        content = LaTeXText.plain(String(content[..<caret])).trimmed
        var rest = text[..<math.lowerBound].suffix(mostOfUnit)
        while let mark = rest.last, "$\\([".unicodeScalars.contains(mark) { rest.removeLast() }
        if content.isEmpty {
            if rest.last == "." { rest.removeLast() }
            let letters = rest.reversed().prefix { $0.properties.isAlphabetic }
            content = String(String.UnicodeScalarView(letters.reversed()))
            rest.removeLast(letters.count)
        }
        while rest.last == " " { rest.removeLast() }
        // A number, in prose or in mathematics of its own.
        guard let last = rest.last,
            NumberScanner.decimalDigit(last) != nil || last == "$" || last == ")"
        else { return false }
        return lengths.contains(content)
    }

    private static let mostOfUnit = 40
    /// Units that are raised to areas and volumes.
    private static let lengths: Set<String> = [
        "m", "cm", "mm", "km", "dm", "ft", "in", "yd", "mi", "inch", "inches", "foot", "feet",
        "yard", "yards", "mile", "miles", "meter", "meters", "metre", "metres", "centimeters",
        "centimetres", "unit", "units",
    ]

    private static let expressions = ["pi", "sqrt", "frac", "dfrac", "tfrac", "infty"]
        .map { Array($0.unicodeScalars) }

    /// The number that a formula states: itself, or what its last relation gives.
    private static func number(of content: String) -> String? {
        if let sign = lastEquals(in: content), let found = standalone(String(content[sign...])) {
            return found
        }
        return standalone(content)
    }

    private static func standalone(_ written: String) -> String? {
        let bare = written.replacing(/\\end\{[a-z*]*\}/, with: "").trimmed
        return MathAnswer.isNumber(bare) ? bare : nil
    }

    private static func lastEquals(in content: String) -> String.Index? {
        let marks = ["=", "\\approx", "≈"]
        return marks.compactMap { content.ranges(of: $0).last?.upperBound }.max()
    }

    // MARK: Prose

    private struct LastNumber {
        /// Nil if it is part of an expression.
        let alone: String?
    }

    /// Prose is read from its end in pieces of about this many scalars.
    private static let chunk = 2000
    private static let overlap = 200

    /// The last number of prose; nil if there is none.
    private static func inProse(_ prose: ArraySlice<Unicode.Scalar>) -> LastNumber? {
        var end = prose.endIndex
        while end > prose.startIndex {
            let start = max(prose.startIndex, end - chunk)
            if let found = inPiece(prose[start..<end]) { return found }
            end = start == prose.startIndex ? start : start + overlap
        }
        return nil
    }

    private static func inPiece(_ piece: ArraySlice<Unicode.Scalar>) -> LastNumber? {
        guard piece.contains(where: { NumberScanner.decimalDigit($0) != nil }) else { return nil }
        let plain = LaTeXText.plain(String(String.UnicodeScalarView(piece)))
        let text = MarkdownEmphasis.removed(from: Array(plain.unicodeScalars))
        // So many digits are a model that repeats itself, and what stood before them is not its answer.
        if longestRun(of: text) > maximumDigits { return LastNumber(alone: nil) }
        let found = NumberScanner(text: text, convention: .english).numbers()
        guard let range = found.last?.range else { return nil }
        let neighbours = Neighbours(text: text, range: range)
        let number = String(String.UnicodeScalarView(text[range]))
        return LastNumber(alone: neighbours.touch ? nil : number)
    }

    private static let maximumDigits = 1000

    private static func longestRun(of text: [Unicode.Scalar]) -> Int {
        var (longest, run) = (0, 0)
        for scalar in text {
            run = ("0"..."9").contains(scalar) ? run + 1 : 0
            longest = max(longest, run)
        }
        return longest
    }

    /// What stands around a number.
    private struct Neighbours {
        let text: [Unicode.Scalar]
        let range: Range<Int>

        var touch: Bool { touchesAfter || touchesBefore || isInTuple }

        private var touchesAfter: Bool {
            let next = scalar(range.upperBound)
            let apart = next == " " ? scalar(range.upperBound + 1) : next
            if let apart, Self.operators.contains(apart) || apart == "\\" || apart == "+" {
                return true
            }
            guard let next else { return false }
            if next == "}" || next == "(" || next == "_" { return true }
            // A variable: one letter that is no unit.
            return Self.isLetter(next)
                && !(scalar(range.upperBound + 1).map(Self.isLetter) ?? false)
                && !MathVocabulary.letterUnits.contains(Character(next))
        }

        private var touchesBefore: Bool {
            let before = scalar(range.lowerBound - 1)
            let isApart = before == " "
            guard let sign = isApart ? scalar(range.lowerBound - 2) : before else { return false }
            if Self.operators.contains(sign) || sign == "+" || before == "{" || before == "_" {
                return true
            }
            let operand = scalar(range.lowerBound - (isApart ? 3 : 2))
            let spaced = operand == " " ? scalar(range.lowerBound - (isApart ? 4 : 3)) : operand
            if ["-", "−", "–"].contains(sign) {
                return spaced.map { Self.isDigit($0) || $0 == ")" } ?? false
            }
            return before == ":" && operand.map(Self.isDigit) ?? false
        }

        /// Whether it is an element of a bracket with several numbers.
        private var isInTuple: Bool {
            let isElement: (Unicode.Scalar) -> Bool = {
                Self.isDigit($0) || " ,.-/".unicodeScalars.contains($0)
            }
            let before = text[..<range.lowerBound].suffix(60).reversed().prefix(while: isElement)
            let after = text[range.upperBound...].prefix(60).prefix(while: isElement)
            guard before.contains(",") || after.contains(",") else { return false }
            let open = scalar(range.lowerBound - before.count - 1)
            let close = scalar(range.upperBound + after.count)
            return [open, close].contains { $0.map("()[]{}".unicodeScalars.contains) ?? false }
        }

        private func scalar(_ index: Int) -> Unicode.Scalar? {
            text.indices.contains(index) ? text[index] : nil
        }

        private static func isDigit(_ scalar: Unicode.Scalar) -> Bool {
            ("0"..."9").contains(scalar)
        }

        private static func isLetter(_ scalar: Unicode.Scalar) -> Bool {
            scalar.value < 0x250 && scalar.properties.isAlphabetic
        }

        private static let operators: Set<Unicode.Scalar> = [
            "^", "π", "√", "*", "×", "÷", "·", "/", "±", "!", "∞", "²", "³",
        ]
    }
}
