import Platform

/// A JSON value whose objects keep their order, so that equal reports are equal bytes.
enum JSONValue: Equatable, Sendable {
    case null
    case bool(Bool)
    case integer(Int)
    case number(Double)
    case string(String)
    case array([JSONValue])
    /// Many integers or nulls, held and written compactly.
    case integers([Int?])
    case object([(key: String, value: JSONValue)])

    /// A string or null.
    static func text(_ text: String?) -> JSONValue { text.map { .string($0) } ?? .null }

    static func == (left: JSONValue, right: JSONValue) -> Bool { left.text() == right.text() }

    /// JSON text; with `indent`, objects and arrays of them are spread over lines.
    ///
    /// Also safe inside an HTML `script` element and on a terminal: `<`, `>`, `&` and all that steers one is escaped.
    func text(indent: Bool = false) -> String {
        var out = ""
        write(to: &out, indent: indent, depth: 0)
        return out
    }

    private func write(to out: inout String, indent: Bool, depth: Int) {
        switch self {
        case .null: out += "null"
        case .bool(let value): out += value ? "true" : "false"
        case .integer(let value): out += String(value)
        // JSON has no word for infinity or for what is not a number.
        case .number(let value): out += value.isFinite ? numberText(value) : "null"
        case .string(let value): jsonQuote(value, to: &out)
        case .integers(let values):
            out += "["
            for (index, value) in values.enumerated() {
                if index > 0 { out += "," }
                out += value.map { String($0) } ?? "null"
            }
            out += "]"
        case .array(let values):
            let spread = indent && values.contains(where: \.isContainer)
            bracket("[", "]", values.count, &out, spread, depth) { index, out in
                values[index].write(to: &out, indent: indent, depth: depth + 1)
            }
        case .object(let members):
            let spread = indent && (depth < 2 || members.contains(where: \.value.isContainer))
            bracket("{", "}", members.count, &out, spread, depth) { index, out in
                jsonQuote(members[index].key, to: &out)
                out += indent ? ": " : ":"
                members[index].value.write(to: &out, indent: indent, depth: depth + 1)
            }
        }
    }

    private var isContainer: Bool {
        switch self {
        case .array, .integers, .object: true
        default: false
        }
    }

    private func bracket(
        _ open: String, _ close: String, _ count: Int, _ out: inout String, _ spread: Bool,
        _ depth: Int, _ element: (Int, inout String) -> Void
    ) {
        out += open
        for index in 0..<count {
            if index > 0 { out += spread ? "," : ", " }
            if spread { out += "\n" + String(repeating: "  ", count: depth + 1) }
            element(index, &out)
        }
        if spread, count > 0 { out += "\n" + String(repeating: "  ", count: depth) }
        out += close
    }
}

/// Appends a JSON string literal.
func jsonQuote(_ text: String, to out: inout String) {
    out += "\""
    for scalar in text.unicodeScalars {
        switch scalar {
        case "\"": out += "\\\""
        case "\\": out += "\\\\"
        case "\n": out += "\\n"
        case "\r": out += "\\r"
        case "\t": out += "\\t"
        case _ where "<>&".unicodeScalars.contains(scalar) || steers(scalar):
            let digits = String(scalar.value, radix: 16)
            out += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
        default: out.unicodeScalars.append(scalar)
        }
    }
    out += "\""
}
