import Foundation
import TestSupport
import Testing

/// The README's table beside the results that it cites.
struct FrontPageTests {
    @Test func itsNumbersAreTheResults() throws {
        func lines(_ path: String) throws -> [String] {
            try String(contentsOfFile: "\(checkoutRoot)/\(path)", encoding: .utf8)
                .components(separatedBy: "\n")
        }
        // The page's table has the settings' figures as readers see them.
        func columns(_ line: String) -> [String] {
            line.split(separator: "|").map {
                $0.trimmingCharacters(in: .whitespaces).replacing("**", with: "")
            }
        }
        let page = try lines("results/acceleration/README.md")
        let head = try #require(page.first { $0.hasPrefix("| Policy") }.map(columns))
        let cells = page.drop { !$0.hasPrefix("| Policy") }.dropFirst(2).prefix {
            $0.hasPrefix("|")
        }
        .map { Dictionary(zip(head, columns($0))) { first, _ in first } }
        let rows = try lines("README.md").filter { $0.hasPrefix("| ") && $0.contains("`") }
            .map(columns)
        #expect(rows.count == 5)
        for row in rows {
            let words = row[1].split(separator: "`").map { $0.trimmingCharacters(in: .whitespaces) }
                .filter { !$0.isEmpty }
            let cell = try #require(
                cells.first { cell in
                    cell["Policy"] == words[0]
                        && cell["Target"] == (words.count > 1 ? words[1] : "–")
                }, "\(row[1])")
            for (name, place) in [
                ("Accuracy [95 %]", 2), ("Alone", 3), ("Bytes", 4), ("Passes", 5), ("Own", 6),
            ] {
                #expect(cell[name] == row[place], "\(row[1]): \(name)")
            }
        }
    }
}
