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
            case "!" where isInsideNumber(output, before: end, of: text): break
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

    /// A space inside a number groups its digits by threes (`1\,200`), or goes on with its decimals;
    /// elsewhere it is a space: `2\ 1/2` is no 21/2, `1,\ 200` are two numbers.
    private static func appendSpace(
        to output: inout [Unicode.Scalar], before next: Int, of text: [Unicode.Scalar]
    ) {
        if !groups(output, before: next, of: text) { output.append(" ") }
    }

    private static func groups(
        _ output: [Unicode.Scalar], before next: Int, of text: [Unicode.Scalar]
    ) -> Bool {
        guard let last = output.last, isDigit(last), next < text.count, isDigit(text[next]) else {
            return false
        }
        let group = text[next...].prefix(4).prefix(while: isDigit)
        let after = group.endIndex < text.count ? text[group.endIndex] : " "
        guard after != "/", group.count <= 3 else { return false }
        return group.count == 3 || continuesDecimals(output)
            || group.count == 2 && isPair(endingAt: group.endIndex, in: text)
    }

    /// Whether the digits written last are decimals in groups of three, as in `3.141\,59`.
    private static func continuesDecimals(_ output: [Unicode.Scalar]) -> Bool {
        let decimals = output.suffix(40).reversed().prefix(while: isDigit).count
        return decimals > 0 && decimals.isMultiple(of: 3) && output.dropLast(decimals).last == "."
    }

    /// Whether a pair of digits is one of `1\,00\,000`: pairs, then three digits.
    private static func isPair(endingAt end: Int, in text: [Unicode.Scalar]) -> Bool {
        var position = end
        for _ in 0..<5 {
            guard position + 1 < text.count, text[position] == "\\", text[position + 1] == ","
            else { return false }
            let group = text[(position + 2)...].prefix(4).prefix(while: isDigit)
            if group.count == 3 { return true }
            guard group.count == 2 else { return false }
            position = group.endIndex
        }
        return false
    }

    private static func isDigit(_ scalar: Unicode.Scalar) -> Bool {
        NumberScanner.decimalDigit(scalar) != nil
    }

    /// Whether a negative space stands inside a number: `1,\!200`.
    private static func isInsideNumber(
        _ output: [Unicode.Scalar], before next: Int, of text: [Unicode.Scalar]
    ) -> Bool {
        output.last.map(isNumeric) == true && next < text.count && isNumeric(text[next])
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
