extension Table {
    /// RFC 4180 with a header line and full precision; an empty field is a missing value.
    func csv() -> String {
        var out = csvLine(columns.flatMap(\.keys))
        for row in rows {
            let values = zip(row, columns).flatMap { $0.value.json(count: $1.keys.count) }
            out += csvLine(values.map(csvText))
        }
        return out
    }
}

/// A value as a field of CSV; a text never begins as a spreadsheet's formula does.
func csvText(_ value: JSONValue) -> String {
    switch value {
    case .null: ""
    case .string(let text): csvPlain(text)
    // CSV has no word for what is no number; an empty field is a missing value.
    case .number(let value) where !value.isFinite: ""
    default: value.text()
    }
}

/// A text that a spreadsheet takes for text: what would be a formula gets an apostrophe before it, and so does what already begins with such
/// apostrophes, so that taking one away gives the text back.
func csvPlain(_ text: String) -> String {
    guard let first = text.unicodeScalars.first(where: { $0 != "'" }) else { return text }
    switch first {
    case "=", "+", "-", "@", "\t", "\r", "\u{FF1D}", "\u{FF0B}", "\u{FF0D}", "\u{FF20}":
        return "'" + text
    default: return text
    }
}

/// One line of CSV, quoted where needed.
func csvLine(_ fields: [String]) -> String {
    fields.map(csvField).joined(separator: ",") + "\r\n"
}

private func csvField(_ text: String) -> String {
    // By scalars: `\r\n` is one character and would hide from a search for either.
    guard text.unicodeScalars.contains(where: { ",\"\r\n".unicodeScalars.contains($0) }) else {
        return text
    }
    return "\"" + text.replacing("\"", with: "\"\"") + "\""
}
