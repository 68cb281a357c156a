extension Table {
    /// A `table` environment for a document that loads `booktabs`.
    func latex(label: String) -> String { forReaders().booktabs(label: label) }

    private func booktabs(label: String) -> String {
        // A table without rows has no columns that are not empty, and LaTeX none without columns.
        guard !rows.isEmpty else {
            return ([title + ": no rows."] + notes).map { "\\par \(escapeLaTeX($0))\n" }.joined()
        }
        let alignment = columns.map { $0.isNumeric ? "r" : "l" }.joined()
        let line = { (texts: [String]) in "  " + texts.joined(separator: " & ") + " \\\\\n" }
        var out = """
            \\begin{table}
              \\caption{\(escapeLaTeX(title))}
              \\label{\(label)}
              \\centering
              \\begin{tabular}{\(alignment)}
              \\toprule

            """
        out += line(columns.map { escapeLaTeX($0.title ?? "") }) + "  \\midrule\n"
        for row in rows {
            out += line(
                row.map { entry in
                    let text = escapeLaTeX(entry.value.shown)
                    return entry.isEmphasised ? "\\textbf{\(text)}" : text
                })
        }
        out += "  \\bottomrule\n  \\end{tabular}\n"
        for note in notes { out += "  \\par\\smallskip\\footnotesize \(escapeLaTeX(note))\n" }
        return out + "\\end{table}\n"
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
