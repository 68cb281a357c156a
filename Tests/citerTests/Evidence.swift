import Foundation
import TestSupport
import Testing

/// A row of a page's table of what stands behind its sentences, or another page's.
struct Evidence: CustomTestStringConvertible, Sendable {
    /// In plain words.
    let sentence: String
    /// Names of tests, `Suite.test`.
    let tests: [String]
    /// Files, and what stands in them.
    let figures: [(path: String, text: String)]
    let commands: [String]
    var testDescription: String { sentence }

    func checkFigures() throws {
        for (path, text) in figures {
            let content = try String(contentsOfFile: checkoutRoot + "/" + path, encoding: .utf8)
            #expect(content.contains(text), "\(path) does not say: \(text)")
        }
    }
}

extension MarkdownPage {
    /// The rows of all tables of two columns whose first has this head.
    func evidence(under head: String) -> [Evidence] {
        var isInside = false
        return prose.compactMap { _, line in
            // A bar within a cell has a backslash before it.
            let cells = line.replacing("\\|", with: "\u{1}").split(
                separator: "|", omittingEmptySubsequences: false
            )
            .map { $0.replacing("\u{1}", with: "|").trimmingCharacters(in: .whitespaces) }
            guard cells.count == 4 else {
                isInside = false
                return nil
            }
            if cells[1] == head { isInside = true }
            guard isInside, cells[1] != head, !cells[1].hasPrefix(":") else { return nil }
            let figures = cells[2].matches(of: /`([^`]+)`: "((?:[^"`]|`[^`]*`)*)"/)
            let names = cells[2].replacing(/: "(?:[^"`]|`[^`]*`)*"/, with: ":").matches(
                of: /`([^`]+)`(:?)/
            ).filter { $0.2.isEmpty }.map { String($0.1) }
            return Evidence(
                sentence: MarkdownPage.plain(cells[1]),
                tests: names.filter { $0.wholeMatch(of: /[A-Z]\w+\.\w+/) != nil },
                figures: figures.map { (String($0.1), String($0.2)) },
                commands: names.filter { $0.wholeMatch(of: /[A-Z]\w+\.\w+/) == nil })
        }
    }
}
