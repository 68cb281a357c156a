import Foundation
import Testing

@testable import Reporting

/// The parts of the token page that are no Swift: whoever breaks one breaks every page.
struct TokenPageResourceTests {
    private static let node = ["/usr/bin/node", "/usr/local/bin/node"].first {
        FileManager.default.isExecutableFile(atPath: $0)
    }

    @Test(.enabled(if: node != nil, "node is not installed"))
    func theScriptParses() throws {
        let folder = try TemporaryFolder()
        let file = folder.file("token-page.js")
        try TokenPage.script
            .write(toFile: file, atomically: true, encoding: .utf8)
        let process = Process()
        process.executableURL = URL(fileURLWithPath: try #require(Self.node))
        process.arguments = ["--check", file]
        let errors = Pipe()
        process.standardError = errors
        process.standardOutput = FileHandle.nullDevice
        try process.run()
        let message = errors.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        #expect(process.terminationStatus == 0, "\(String(decoding: message, as: UTF8.self))")
    }

    @Test func bracketsAreBalanced() throws {
        #expect(unbalanced(TokenPage.script, comment: "//") == nil)
        #expect(unbalanced(WebPage.text(PackageResources.token_page_css), comment: nil) == nil)
    }

    @Test(
        arguments: [
            ("f(a[0])", nil), ("f(", "( is not closed"), ("f)", ") closes nothing"),
            ("{(})", "} closes ("), ("'(' + \"\\\"(\" // (\n", nil), ("`${f(1)} (`", nil),
        ] as [(String, String?)])
    func unbalancedTextIsSeen(text: String, problem: String?) {
        #expect(unbalanced(text, comment: "//") == problem)
    }

    /// The elements are filled by the script, which finds them by these names.
    @Test func everyElementThatTheScriptFindsIsThere() {
        let html = WebPage.text(PackageResources.token_page_html)
        let script = TokenPage.script
        let names = Set(script.matches(of: /find\("([a-z-]+)"\)/).map { String($0.output.1) })
        #expect(names.count > 5)
        // These two are the page's data.
        for name in names.subtracting(["data", "first"]) {
            #expect(html.contains("id=\"\(name)\""), "\(name)")
        }
    }

    /// What is wrong with the brackets outside of strings and comments; nil if nothing is.
    private func unbalanced(_ text: String, comment: String?) -> String? {
        let pairs: [Character: Character] = [")": "(", "]": "[", "}": "{"]
        var open: [Character] = []
        var quote: Character?
        var rest = text[...]
        while let next = rest.first {
            defer { rest = rest.dropFirst() }
            if let end = quote {
                if next == "\\" { rest = rest.dropFirst() }
                if next == end { quote = nil }
            } else if let comment, rest.hasPrefix(comment) {
                rest = rest.drop { $0 != "\n" }
            } else if "\"'`".contains(next) {
                quote = next
            } else if pairs.values.contains(next) {
                open.append(next)
            } else if let opening = pairs[next] {
                guard let last = open.popLast() else { return "\(next) closes nothing" }
                guard last == opening else { return "\(next) closes \(last)" }
            }
        }
        return open.last.map { "\($0) is not closed" }
    }
}
