/// Turns the LaTeX that models put around plain numbers and words into plain text.
enum LaTeXText {
    /// `\$1{,}000\,\text{ dollars}` becomes `$1,000 dollars`: escapes, thin spaces, math delimiters and
    /// text commands go; everything else stays. O(length).
    static func plain(_ latex: String) -> String {
        let text = Array(latex.unicodeScalars)
        var output = String.UnicodeScalarView()
        var position = 0
        var openBraces: [Bool] = []  // true for those of a text command, which go
        while position < text.count {
            switch text[position] {
            case "\\":
                position = readCommand(at: position, of: text, into: &output, &openBraces)
            case "~":
                position += 1
                appendSpace(to: &output, before: position, of: text)
            case "{" where text[position...].starts(with: groupedComma):
                output.append(",")
                position += groupedComma.count
            case "{":
                openBraces.append(false)
                output.append("{")
                position += 1
            case "}" where openBraces.popLast() == true:
                position += 1
            case let scalar:
                output.append(scalar)
                position += 1
            }
        }
        return String(output)
    }

    /// Reads the command at a backslash and returns the position after it.
    private static func readCommand(
        at backslash: Int, of text: [Unicode.Scalar], into output: inout String.UnicodeScalarView,
        _ openBraces: inout [Bool]
    ) -> Int {
        let letters = text[(backslash + 1)...].prefix { $0.isASCII && $0.properties.isAlphabetic }
        let name = String(String.UnicodeScalarView(letters))
        var end = letters.endIndex
        if letters.isEmpty, end < text.count {
            let symbol = text[end]
            end += 1
            if escaped.contains(symbol) {
                output.append(symbol)
            } else if spacingSymbols.contains(symbol) {
                appendSpace(to: &output, before: end, of: text)
            } else if !mathDelimiters.contains(symbol) {
                output.append(contentsOf: text[backslash..<end])
            }
        } else if textCommands.contains(name), end < text.count, text[end] == "{" {
            openBraces.append(true)
            end += 1
        } else if spacingCommands.contains(name) {
            output.append(" ")
        } else if !invisibleCommands.contains(name) {
            output.append(contentsOf: text[backslash..<end])
        }
        return end
    }

    /// A thin space inside a number groups its digits; elsewhere it is a space.
    private static func appendSpace(
        to output: inout String.UnicodeScalarView, before next: Int, of text: [Unicode.Scalar]
    ) {
        let isInsideNumber =
            output.last.map(isNumeric) == true && next < text.count && isNumeric(text[next])
        if !isInsideNumber { output.append(" ") }
    }

    private static func isNumeric(_ scalar: Unicode.Scalar) -> Bool {
        scalar == "," || NumberScanner.decimalDigit(scalar) != nil
    }

    private static let groupedComma = Array("{,}".unicodeScalars)
    private static let escaped: Set<Unicode.Scalar> = ["$", "%", "#", "&", "_"]
    private static let spacingSymbols: Set<Unicode.Scalar> = [",", "!", ";", ":", " ", "\n"]
    private static let mathDelimiters: Set<Unicode.Scalar> = ["(", ")", "[", "]"]
    private static let spacingCommands: Set<String> = ["quad", "qquad"]
    private static let invisibleCommands: Set<String> = ["left", "right", "displaystyle"]
    private static let textCommands: Set<String> = [
        "text", "textbf", "textit", "textrm", "mathrm", "mathbf", "mbox", "operatorname",
    ]
}
