import Foundation
import Platform

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
package enum InputError: Error, Equatable, CustomStringConvertible {
    case unreadable(path: String)
    case badLine(path: String, line: Int, expected: String)
    /// There is nothing to continue.
    case emptyPrompt

    /// What was found and what to do.
    package var description: String {
        switch self {
        case .unreadable(let path): "\(path) cannot be read"
        case .badLine(let path, let line, let expected):
            "\(path), line \(line): expected a JSON object with \(expected)"
        case .emptyPrompt: "the prompt is empty; give it some text"
        }
    }
}

/// The rows of a JSON Lines file; blank lines, of whitespace too, are skipped.
func jsonLines<Row: Decodable>(
    _ type: Row.Type, at path: String, expected: String
) throws -> [Row] {
    try numberedJSONLines(type, at: path, expected: expected).map(\.row)
}

/// The rows of a JSON Lines file with the numbers of their lines, from 1.
func numberedJSONLines<Row: Decodable>(
    _ type: Row.Type, at path: String, expected: String
) throws -> [(line: Int, row: Row)] {
    guard let data = FileManager.default.contents(atPath: path) else {
        throw InputError.unreadable(path: path)
    }
    let decoder = JSONDecoder()
    var rows: [(line: Int, row: Row)] = []
    let mark: [UInt8] = [0xEF, 0xBB, 0xBF]  // which some editors put before UTF-8
    let lines = data.dropFirst(data.starts(with: mark) ? mark.count : 0)
        .split(separator: 10, omittingEmptySubsequences: false)
    for (index, line) in lines.enumerated() {
        // What JSON takes for whitespace.
        if line.allSatisfy({ [9, 13, 32].contains($0) }) { continue }
        guard let row = try? decoder.decode(type, from: Data(line)) else {
            throw InputError.badLine(path: path, line: index + 1, expected: expected)
        }
        rows.append((index + 1, row))
    }
    return rows
}
