extension Table {
    /// RFC 4180 with a header line and full precision; an empty field is a missing value.
    func csv() -> String {
        var out = csvLine(columns.flatMap(\.keys))
        for row in rows {
            let values = zip(row.entries, columns).flatMap { $0.values(count: $1.keys.count) }
            out += csvLine(values.map(csvText))
        }
        return out
    }
}

/// A value as a field of CSV.
func csvText(_ value: JSONValue) -> String {
    switch value {
    case .null: ""
    case .string(let text): text
    default: value.text()
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
