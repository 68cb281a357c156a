/// Turns the LaTeX that models put around plain numbers and words into plain text.
enum LaTeXText {
    /// `\$1{,}000\,\text{ dollars}` becomes `$1,000 dollars`: escapes, thin spaces, math delimiters, text
    /// and style commands go; everything else stays. O(length).
    static func plain(_ latex: String) -> String {
        // Most texts hold no LaTeX at all.
        guard latex.utf8.contains(where: { $0 == 0x5C || $0 == 0x7E || $0 == 0x7B }) else {
            return latex
        }
        let text = Array(latex.unicodeScalars)
        // Appending several scalars to a string copies all of it, an array's end only.
        var output: [Unicode.Scalar] = []
        var position = 0
        var openBraces: [Bool] = []  // true for those of a style command, which go
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
        return String(String.UnicodeScalarView(output))
    }

    /// Reads the command at a backslash and returns the position after it.
    private static func readCommand(
        at backslash: Int, of text: [Unicode.Scalar], into output: inout [Unicode.Scalar],
        _ openBraces: inout [Bool]
    ) -> Int {
        var end = backslash + 1
        while end < text.count, isLetter(text[end]) { end += 1 }
        let letters = text[(backslash + 1)..<end]
        if letters.isEmpty, end < text.count {
            let symbol = text[end]
            end += 1
            switch symbol {
            case "$", "%", "#", "&", "_": output.append(symbol)
            case ",", "!", ";", ":", " ", "\n": appendSpace(to: &output, before: end, of: text)
            case "(", ")", "[", "]": break
            default:
                output.append("\\")
                output.append(symbol)
            }
            return end
        }
        // No command has a longer name; a longer run of letters is copied as it is.
        let name = letters.count > 20 ? "" : String(String.UnicodeScalarView(letters))
        if styleCommands.contains(name), let brace = openBrace(at: end, in: text) {
            openBraces.append(true)
            end = brace + 1
        } else if colourCommands.contains(name), let close = group(at: end, in: text) {
            // `\color{red}{18}` and `\color{red} 18`, the colour's name within 40 scalars.
            end = close
            if let brace = openBrace(at: end, in: text) {
                openBraces.append(true)
                end = brace + 1
            }
        } else if spacingCommands.contains(name) {
            output.append(" ")
        } else if !invisibleCommands.contains(name) {
            output.append(contentsOf: text[backslash..<end])
        }
        return end
    }

    private static func isLetter(_ scalar: Unicode.Scalar) -> Bool {
        ("a"..."z").contains(scalar) || ("A"..."Z").contains(scalar)
    }

    private static func openBrace(at start: Int, in text: [Unicode.Scalar]) -> Int? {
        let brace = start < text.count && text[start] == " " ? start + 1 : start
        return brace < text.count && text[brace] == "{" ? brace : nil
    }

    /// The end of a short braced word.
    private static func group(at start: Int, in text: [Unicode.Scalar]) -> Int? {
        guard let brace = openBrace(at: start, in: text) else { return nil }
        return text[brace...].prefix(40).firstIndex(of: "}").map { $0 + 1 }
    }

    /// A thin space inside a number groups its digits; elsewhere it is a space.
    private static func appendSpace(
        to output: inout [Unicode.Scalar], before next: Int, of text: [Unicode.Scalar]
    ) {
        let isInsideNumber =
            output.last.map(isNumeric) == true && next < text.count && isNumeric(text[next])
        if !isInsideNumber { output.append(" ") }
    }

    private static func isNumeric(_ scalar: Unicode.Scalar) -> Bool {
        scalar == "," || NumberScanner.decimalDigit(scalar) != nil
    }

    private static let groupedComma = Array("{,}".unicodeScalars)
    private static let spacingCommands: Set<String> = ["quad", "qquad"]
    private static let invisibleCommands: Set<String> = [
        "left", "right", "displaystyle", "big", "Big", "bigl", "bigr", "Bigl", "Bigr", "bf", "it",
        "rm", "large", "Large", "huge", "Huge",
    ]
    private static let styleCommands: Set<String> = [
        "text", "textbf", "textit", "textrm", "textsf", "texttt", "textnormal", "emph",
        "mathrm", "mathbf", "mathit", "mathsf", "mathtt", "mathnormal", "boldsymbol", "bm",
        "mbox", "hbox", "operatorname", "underline", "ensuremath",
    ]
    private static let colourCommands: Set<String> = ["color", "textcolor", "colorbox"]
}
