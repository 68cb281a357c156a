import Foundation

/// The room that a table has in a document.
struct LaTeXWidth: Equatable, Sendable {
    /// In points.
    let points: Double
    /// The size of letters, as LaTeX names it, and the mean width of a sign in it, in points. Computer Modern's digits have half a quad.
    let size: String
    let sign: Double
    /// Between two columns.
    let gap: Double
    /// The widest that a column of texts is set before its texts are broken.
    let text: Double

    /// The text of an article on letter paper at 10 points.
    static let page = LaTeXWidth(points: 340, size: "footnotesize", sign: 4.4, gap: 8, text: 92)
    /// One of its two columns.
    static let column = LaTeXWidth(points: 226, size: "scriptsize", sign: 3.9, gap: 4, text: 60)
}

extension TableSelection.Style {
    var width: LaTeXWidth {
        switch self {
        case .full: .page
        case .paper: .column
        }
    }
}

extension Table {
    /// A `table` environment for a document that loads `booktabs` and `array`; `table*` where a column of a paper is too narrow. Where all columns do not fit side by side, its
    /// texts are broken, and its figures go on in further parts below, each behind the same texts.
    func latex(label: String, width: LaTeXWidth = .page) -> String {
        let table = forReaders()
        return width == .column && !table.fits(width)
            ? table.booktabs(label: label, .page, environment: "table*")
            : table.booktabs(label: label, width)
    }

    private func booktabs(
        label: String, _ room: LaTeXWidth, environment: String = "table"
    ) -> String {
        // A table without rows has no columns that are not empty, and LaTeX none without columns.
        guard !rows.isEmpty else {
            return ([title + ": no rows."] + notes).map { "\\par \(escapeLaTeX($0))\n" }.joined()
        }
        let parts = parts(in: room).map { tabular($0, room) }
        var out = """
            \\begin{\(environment)}
              \\caption{\(escapeLaTeX(title))}
              \\label{\(label)}
              \\centering\\\(room.size)\\setlength{\\tabcolsep}{\(fixed(room.gap / 2, 1))pt}

            """
        out += parts.joined(separator: "  \\par\\medskip\n")
        // Long words of notes, such as names of settings, may stand with loose words before them.
        for note in notes {
            out += "  \\par\\smallskip\\footnotesize\\sloppy \(breakable(escapeLaTeX(note)))\n"
        }
        return out + "\\end{\(environment)}\n"
    }

    /// The columns of each part, by their places: the texts in front are in all of them.
    private func parts(in room: LaTeXWidth) -> [[Int]] {
        let texts = Array(columns.indices.prefix { !columns[$0].isNumeric })
        let start = texts.reduce(0) { $0 + width(of: $1, room) + room.gap }
        var parts: [[Int]] = []
        var used = Double.infinity
        for place in columns.indices.dropFirst(texts.count) {
            let needed = width(of: place, room) + room.gap
            if used + needed > room.points {
                parts.append(texts)
                used = start
            }
            parts[parts.count - 1].append(place)
            used += needed
        }
        return parts.isEmpty ? [texts] : parts
    }

    /// Letters are wider than digits.
    private static let letter = 1.25

    /// Whether the texts and any one of the figures fit side by side.
    private func fits(_ room: LaTeXWidth) -> Bool {
        let widths = columns.indices.map { width(of: $0, room) + room.gap }
        let texts = columns.prefix { !$0.isNumeric }.count
        return widths[..<texts].reduce(0, +) + (widths[texts...].max() ?? 0) <= room.points
    }

    /// In points, without the gaps beside it.
    private func width(of column: Int, _ room: LaTeXWidth) -> Double {
        let words = heading(of: column) + rows.map { $0[column].value.shown }
        let widest = Double(words.map { displayWidth($0) }.max() ?? 0) * room.sign
        guard !columns[column].isNumeric else { return widest }
        // Texts leave a good third to the figures, but no word is broken within.
        let texts = columns.prefix { !$0.isNumeric }.count
        let share = 0.62 * room.points / Double(max(texts, 1)) - room.gap
        let longest =
            words.flatMap { $0.split { " ,=:/-".contains($0) } }
            .map { displayWidth(String($0)) + 1 }.max() ?? 0
        return max(
            min(Self.letter * widest, room.text, share),
            Self.letter * Double(longest) * room.sign)
    }

    /// A heading in lines no wider than what stands below, where its words allow that.
    private func heading(of column: Int) -> [String] {
        let words = (columns[column].title ?? "").split(separator: " ").map(String.init)
        let below = rows.map { displayWidth($0[column].value.shown) }.max() ?? 0
        let most = max(below, words.map { displayWidth($0) }.max() ?? 0)
        return words.reduce(into: [String]()) { lines, word in
            if let last = lines.last, displayWidth(last) + 1 + displayWidth(word) <= most {
                lines[lines.count - 1] = last + " " + word
            } else {
                lines.append(word)
            }
        }
    }

    private func tabular(_ places: [Int], _ room: LaTeXWidth) -> String {
        let alignment = places.map { place in
            columns[place].isNumeric
                ? "r"
                : ">{\\raggedright\\arraybackslash}p{\(fixed(width(of: place, room), 1))pt}"
        }.joined()
        let line = { (texts: [String]) in "  " + texts.joined(separator: " & ") + " \\\\\n" }
        let headings = places.map { place in
            let lines = heading(of: place).map(escapeLaTeX)
            return lines.count > 1 && columns[place].isNumeric
                ? "\\shortstack[r]{\(lines.joined(separator: " \\\\ "))}"
                : lines.joined(separator: " ")
        }
        let body = rows.map { row in
            line(
                places.map { place in
                    let entry = row[place]
                    let text = escapeLaTeX(entry.value.shown)
                    let set = columns[place].isNumeric ? text : breakable(text)
                    return entry.isEmphasised ? "\\textbf{\(set)}" : set
                })
        }
        return "  \\begin{tabular}{@{}\(alignment)@{}}\n  \\toprule\n" + line(headings)
            + "  \\midrule\n" + body.joined() + "  \\bottomrule\n  \\end{tabular}\n"
    }
}

/// Settings, which are words without blanks, may be broken behind their signs.
private func breakable(_ text: String) -> String {
    text.reduce(into: "") { out, sign in
        out.append(sign)
        if ",=:/".contains(sign) { out += "\\allowbreak{}" }
    }
}

/// `text` as LaTeX prints it; letters outside Latin-1, for which fonts may lack glyphs, by number.
func escapeLaTeX(_ text: String) -> String {
    text.unicodeScalars.reduce(into: "") { out, scalar in
        switch scalar {
        case "\\": out += "\\textbackslash{}"
        case "{", "}", "$", "&", "#", "_", "%": out += "\\" + String(scalar)
        case "^": out += "\\textasciicircum{}"
        case "~": out += "\\textasciitilde{}"
        case "<": out += "\\textless{}"
        case ">": out += "\\textgreater{}"
        case "|": out += "\\textbar{}"
        // `\\textquotedbl` is missing from the oldest font encoding, which is still the default.
        case "\"": out += "{\\char34}"
        case "–": out += "--"
        case "†": out += "$\\dagger$"
        case "×": out += "$\\times$"
        case "−": out += "$-$"
        // As text, brackets after a line's `\\` would be its optional argument.
        case "[", "]": out += "{\(scalar)}"
        case " "..."~", "\u{C0}"..."\u{D6}", "\u{D8}"..."\u{F6}", "\u{F8}"..."\u{FF}":
            out.unicodeScalars.append(scalar)
        case "\n", "\t": out += " "
        default: out += "\\texttt{U+\(String(scalar.value, radix: 16, uppercase: true))}"
        }
    }
}
