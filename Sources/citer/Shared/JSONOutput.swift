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
