import Foundation
import TestSupport
import Testing

/// What one room offers to others is explained where it is declared.
struct DocCommentTests {
    /// Functions, types and subscripts that other modules see have a comment; a property's or an initialiser's name and types often say enough.
    @Test func whatIsOfferedIsExplained() throws {
        var (count, bare) = (0, [String]())
        for path in MarkdownPage.files where path.hasPrefix("Sources/") && path.hasSuffix(".swift")
        {
            let text = try String(contentsOfFile: checkoutRoot + "/" + path, encoding: .utf8)
            let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
            for (index, line) in lines.enumerated() where Self.isOffered(line) {
                count += 1
                // Attributes may stand between.
                let before = lines[..<index].last { !Self.startsWith("@", $0) }
                if !(before.map { Self.startsWith("///", $0) } ?? false) {
                    bare.append("\(path):\(index + 1): \(line.drop { $0 == " " })")
                }
            }
        }
        #expect(count > 700)
        #expect(bare.isEmpty, "no comment: \(bare.joined(separator: "\n"))")
    }

    private static let kinds: Set<Substring> = [
        "func", "struct", "enum", "class", "actor", "protocol", "subscript", "typealias",
    ]

    /// Whether a line declares something of these kinds for other modules.
    static func isOffered(_ line: Substring) -> Bool {
        guard
            startsWith("package ", line) || startsWith("public ", line)
                || (startsWith("@", line) && line.contains(" package "))
        else { return false }
        let head = line.prefix { $0 != "(" && $0 != "{" && $0 != "=" && $0 != ":" && $0 != "<" }
        let words = head.split(separator: " ")
        return !words.contains("import") && words.contains(where: kinds.contains)
    }

    private static func startsWith(_ start: String, _ line: Substring) -> Bool {
        line.drop { $0 == " " }.hasPrefix(start)
    }

    @Test func theSearchFindsDeclarations() {
        for line in [
            "package func a() {", "    package static func < (a: A, b: B)",
            "package final class A {",
            "    package subscript(index: Int)", "@discardableResult package func b()",
        ] { #expect(Self.isOffered(Substring(line)), "\(line)") }
        for line in [
            "package let a: Int", "package import Foundation", "func a()", "package init() {}",
            "// package func a()",
        ] { #expect(!Self.isOffered(Substring(line)), "\(line)") }
    }
}
