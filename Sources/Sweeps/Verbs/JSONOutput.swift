import Foundation

/// Writes one value as a line of JSON to standard output; keys are sorted, floats are the shortest text that reads back the same.
func printJSON(_ value: some Encodable) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    let data = try encoder.encode(value)
    FileHandle.standardOutput.write(data + Data("\n".utf8))
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
