import Platform

extension Table {
    /// A Markdown table whose columns are padded, so that it also reads well in a terminal.
    func markdown() -> String { forReaders().paddedMarkdown() }

    private func paddedMarkdown() -> String {
        // A table without rows has no columns that are not empty.
        guard !rows.isEmpty else {
            return "## \(escapeMarkdown(title))\n"
                + (notes.isEmpty ? ["No rows."] : notes).map { "\n\(escapeMarkdown($0))\n" }
                .joined()
        }
        let header = columns.map { $0.title ?? "" }
        let body = rows.map { row in
            row.map { entry in
                let text = escapeMarkdown(entry.value)
                return entry.isEmphasised ? "**\(text)**" : text
            }
        }
        let widths = columns.indices.map { column in
            max(3, ([header] + body).map { displayWidth($0[column]) }.max() ?? 0)
        }
        let pad = { (text: String, column: Int) in
            let space = String(repeating: " ", count: widths[column] - displayWidth(text))
            return columns[column].isNumeric ? space + text : text + space
        }
        let line = { (texts: [String]) in
            "| " + texts.enumerated().map { pad($1, $0) }.joined(separator: " | ") + " |\n"
        }
        let rule = columns.indices.map { column in
            let dashes = String(repeating: "-", count: widths[column] - 1)
            return columns[column].isNumeric ? dashes + ":" : ":" + dashes
        }
        var out = "## \(escapeMarkdown(title))\n\n" + line(header)
        out += "| " + rule.joined(separator: " | ") + " |\n"
        for row in body { out += line(row) }
        for note in notes { out += "\n\(escapeMarkdown(note))\n" }
        return out
    }
}

private func escapeMarkdown(_ value: Entry.Value) -> String {
    switch value {
    case .text(let text): escapeMarkdown(text)
    default: value.shown
    }
}

/// `text` so that Markdown shows it as it is, on one line.
func escapeMarkdown(_ text: String) -> String {
    var out = ""
    for character in visible(text) {
        switch character {
        case "\\", "|", "*", "`", "[", "]", "<", "&": out += "\\" + String(character)
        case _ where character.isNewline || character == "\t": out += " "
        default: out.append(character)
        }
    }
    return out
}

/// `text` as a paragraph of Markdown that begins with no mark of a heading, a list or a quotation.
func paragraphMarkdown(_ text: String) -> String {
    let escaped = escapeMarkdown(text)
    return escaped.first.map { "#>-+=~".contains($0) } == true ? "\\" + escaped : escaped
}

/// Columns of a terminal that `text` takes: two for East Asian and emoji characters.
func displayWidth(_ text: String) -> Int {
    text.reduce(0) { width, character in
        let scalar = character.unicodeScalars.first?.value ?? 0
        let isWide =
            (0x1100...0x115F).contains(scalar) || (0x2E80...0xA4CF).contains(scalar)
            || (0xAC00...0xD7A3).contains(scalar) || (0xF900...0xFAFF).contains(scalar)
            || (0xFE30...0xFE6F).contains(scalar) || (0xFF00...0xFF60).contains(scalar)
            || (0x1F300...0x1FAFF).contains(scalar) || (0x20000...0x3FFFD).contains(scalar)
        return width + (isWide ? 2 : 1)
    }
}
