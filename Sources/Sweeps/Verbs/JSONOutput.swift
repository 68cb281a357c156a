import Foundation
import Output

/// Writes one value as a line of JSON to standard output.
func printJSON(_ value: some Encodable) throws {
    try StandardOutput.write(jsonLine(value) + "\n")
}

/// One value as JSON on one line: keys are sorted, floats are the shortest text that reads back the same, and a number that JSON has no word
/// for (infinite, or none at all) is `null`.
func jsonLine(_ value: some Encodable) throws -> String {
    // The encoder can write such a number as a text alone, so it writes one that no value holds.
    let mark = "null-\(UUID().uuidString)"
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    encoder.nonConformingFloatEncodingStrategy = .convertToString(
        positiveInfinity: mark, negativeInfinity: mark, nan: mark)
    let text = String(decoding: try encoder.encode(value), as: UTF8.self)
    return visibleJSON(text.replacing("\"\(mark)\"", with: "null"))
}

/// What is wrong with an input file.
public enum InputError: Error, Equatable, CustomStringConvertible {
    case unreadable(path: String)
    case badLine(path: String, line: Int, expected: String)

    /// What was found and what to do.
    public var description: String {
        switch self {
        case .unreadable(let path): "\(path) cannot be read"
        case .badLine(let path, let line, let expected):
            "\(path), line \(line): expected a JSON object with \(expected)"
        }
    }
}

/// The rows of a JSON Lines file; blank lines are skipped.
func jsonLines<Row: Decodable>(
    _ type: Row.Type, at path: String, expected: String
) throws -> [Row] {
    guard let data = FileManager.default.contents(atPath: path) else {
        throw InputError.unreadable(path: path)
    }
    let decoder = JSONDecoder()
    var rows: [Row] = []
    for (index, line) in data.split(separator: 10, omittingEmptySubsequences: false).enumerated()
    where !line.isEmpty {
        guard let row = try? decoder.decode(type, from: Data(line)) else {
            throw InputError.badLine(path: path, line: index + 1, expected: expected)
        }
        rows.append(row)
    }
    return rows
}
