import Foundation

/// Files beside the tests: what other programs made of own-written texts.
enum Resource {
    /// The lines of a file of the folder.
    static func lines(_ name: String) throws -> [String] {
        let url = Bundle.module.bundleURL.appendingPathComponent("Resources/\(name)")
        let text = try String(contentsOf: url, encoding: .utf8)
        return text.split(separator: "\n").map(String.init)
    }

    /// The rows of a JSON Lines file of the folder.
    static func rows<Row: Decodable>(_ name: String) throws -> [Row] {
        try lines(name).map { try JSONDecoder().decode(Row.self, from: Data($0.utf8)) }
    }
}
