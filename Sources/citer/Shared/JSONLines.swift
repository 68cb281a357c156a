import Foundation
import Platform

/// What is wrong with an input file.
enum InputError: ReportableError, Equatable {
    case noText(path: String)
    case noStandardInput
    case noRows(path: String)
    case badLine(path: String, line: Int, expected: String)
    /// A row that is read and can't be worked with.
    case badRow(path: String, line: Int, reason: String)

    /// Whether what was given is at fault, rather than the work.
    var isBadInput: Bool { true }

    /// What was found and what to do.
    var description: String {
        switch self {
        case .noText(let path):
            "\(path) cannot be read as UTF-8 text; save it as UTF-8, or move it away"
        case .noStandardInput:
            "standard input cannot be read; pipe rows into it, or name their file with --input"
        case .noRows(let path): "\(path) has no rows; give it a JSON object on each line"
        case .badRow(let path, let line, let reason): "\(path), line \(line): \(reason)"
        case .badLine(let path, let line, let expected):
            "\(path), line \(line): expected a JSON object with \(expected)"
        }
    }
}

/// The rows of a JSON Lines file; blank lines, of whitespace too, are skipped.
func jsonLines<Row: Decodable>(
    _ type: Row.Type, at path: String, expected: String
) throws -> [Row] {
    try numberedJSONLines(type, at: path, expected: expected).map(\.row)
}

/// The rows of a JSON Lines file with the numbers of their lines, from 1; there is at least one.
func numberedJSONLines<Row: Decodable>(
    _ type: Row.Type, at path: String, expected: String
) throws -> [(line: Int, row: Row)] {
    let data = try contents(ofFile: path)
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
    guard !rows.isEmpty else { throw InputError.noRows(path: path) }
    return rows
}
