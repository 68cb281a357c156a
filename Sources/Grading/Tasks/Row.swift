import Foundation

/// A value in a row of data, whatever the file's layout.
enum RowValue: Equatable {
    case text(String)
    case integer(Int)
    /// A number that is not an `Int`, as it is written.
    case number(String)
    case truth(Bool)
    case null
    case list([RowValue])
    case object([String: RowValue])

    /// The text of a single value; nil for null, lists and objects.
    var text: String? {
        switch self {
        case .text(let text): text
        case .integer(let number): String(number)
        case .number(let written): written
        case .truth(let truth): String(truth)
        case .null, .list, .object: nil
        }
    }

    /// What an error message calls it.
    var kind: String {
        switch self {
        case .text(let text): text.trimmed.isEmpty ? "an empty text" : "a text"
        case .integer, .number: text.map { "'\($0)'" } ?? "a number"
        case .truth(let truth): "the truth value \(truth)"
        case .null: "null"
        case .list: "a list"
        case .object: "an object"
        }
    }
}

/// One row of data and the line it stands on, counted from 1.
struct Row {
    let line: Int
    let values: [String: RowValue]

    /// The value of the first alternative of `name` (`a.b|c`) that the row has; nil if it has none.
    func value(_ name: String) -> RowValue? {
        for alternative in name.split(separator: "|") {
            if let found = value(at: alternative.split(separator: ".").map(String.init)) {
                return found
            }
        }
        return nil
    }

    private func value(at path: [String]) -> RowValue? {
        // A key that itself contains points is found first.
        if let direct = values[path.joined(separator: ".")] { return direct }
        var found = RowValue.object(values)
        for key in path {
            guard case .object(let members) = found, let next = members[key] else { return nil }
            found = next
        }
        return found
    }

    /// The rows of a file; blank lines are skipped.
    static func all(
        in data: Data, layout: TaskDefinition.Layout
    ) throws(BenchmarkError) -> [Row] {
        guard let text = String(data: data, encoding: .utf8) else { throw .notText }
        // Only line feeds end a line: other separators may stand inside a JSON text.
        let lines = text.utf8.split(separator: 10, omittingEmptySubsequences: false)
        var rows: [Row] = []
        for (index, bytes) in lines.enumerated() {
            var line = Substring(bytes)
            if index == 0, line.unicodeScalars.first == "\u{FEFF}" {
                line = Substring(line.unicodeScalars.dropFirst())
            }
            if line.unicodeScalars.last == "\r" { line = Substring(line.unicodeScalars.dropLast()) }
            if line.allSatisfy(\.isWhitespace) { continue }
            rows.append(try row(String(line), number: index + 1, layout: layout))
        }
        if rows.isEmpty { throw .noRows }
        return rows
    }

    private static func row(
        _ line: String, number: Int, layout: TaskDefinition.Layout
    ) throws(BenchmarkError) -> Row {
        switch layout {
        case .jsonLines:
            guard case .object(let values)? = JSONReader.value(of: line.utf8) else {
                throw .notAnObject(line: number)
            }
            return Row(line: number, values: values)
        case .tabSeparated:
            let columns = line.unicodeScalars
                .split(separator: "\t", omittingEmptySubsequences: false)
                .enumerated()
                .map { (String($0.offset), RowValue.text(String($0.element))) }
            return Row(line: number, values: Dictionary(uniqueKeysWithValues: columns))
        }
    }
}
