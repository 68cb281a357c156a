import Assets
import Foundation
import Inference
import Routing
import TestSupport
import Testing

@testable import Specs

/// docs/promises.md beside README, the tests and the files with figures: a promise without evidence, and evidence of none, is found.
struct PromiseTests {
    private static let readme = try? MarkdownPage("README.md")
    private static let page = try? MarkdownPage("docs/promises.md")

    static let promises = page?.evidence(under: "README says") ?? []

    /// All tests, `Suite.test`, as the sources have them.
    private static let tests: Set<String> = {
        var found: Set<String> = []
        for path in MarkdownPage.files where path.hasPrefix("Tests/") && path.hasSuffix(".swift") {
            guard
                let text = try? String(contentsOfFile: checkoutRoot + "/" + path, encoding: .utf8)
            else { continue }
            var (suite, isTest) = ("", false)
            for line in text.split(separator: "\n") {
                // Comments name types, too.
                if let first = line.first, !first.isWhitespace, first != "/",
                    let name = line.firstMatch(of: /\b(?:struct|class|extension|enum) (\w+)/)
                {
                    suite = String(name.1)
                }
                if line.contains("@Test") { isTest = true }
                if isTest, let name = line.firstMatch(of: /\bfunc (\w+)/) {
                    found.insert("\(suite).\(name.1)")
                    isTest = false
                }
            }
        }
        return found
    }()

    @Test func everySentenceStillStands() throws {
        let text = try #require(Self.readme).paragraphs.joined(separator: " ")
        #expect(Self.promises.count > 40)
        for promise in Self.promises {
            #expect(text.contains(promise.sentence), "README does not say: \(promise.sentence)")
            #expect(
                !promise.tests.isEmpty || !promise.figures.isEmpty || !promise.commands.isEmpty,
                "nothing is behind: \(promise.sentence)")
        }
        let sentences = Self.promises.map(\.sentence)
        #expect(Set(sentences).count == sentences.count)
    }

    @Test func everyTestExists() {
        #expect(Self.tests.count > 1000)
        for name in Set(Self.promises.flatMap(\.tests)) {
            let isThere = Self.tests.contains(name)
            #expect(isThere, "no test \(name)")
        }
    }

    @Test func everyFigureStandsWhereItIsSaidTo() throws {
        #expect(Self.promises.flatMap(\.figures).count > 10)
        for promise in Self.promises { try promise.checkFigures() }
    }

    /// Each paragraph of README holds a promise, or is listed as one that holds none.
    @Test func noParagraphIsLeftOut() throws {
        let empty = try #require(Self.page).prose.drop { !$0.text.hasPrefix("## Paragraphs") }
            .filter { $0.text.hasPrefix("- ") }.map { String($0.text.dropFirst(2)) }
        let paragraphs = try #require(Self.readme).paragraphs
        #expect(paragraphs.count > 25)
        for paragraph in paragraphs {
            let isHeld = Self.promises.contains { paragraph.contains($0.sentence) }
            let isListed = empty.contains { paragraph.hasPrefix($0) }
            #expect(isHeld || isListed, "no promise, and not listed as one without: \(paragraph)")
        }
        for start in empty {
            #expect(paragraphs.contains { $0.hasPrefix(start) }, "no paragraph begins: \(start)")
        }
    }

    /// What README counts and lists is what the program has.
    @Test func sizesAndListsAreTheProgramsOwn() throws {
        let text = try #require(Self.readme).paragraphs.joined(separator: " ")
        func list(_ words: [String]) -> String {
            words.dropLast().joined(separator: ", ") + " or " + (words.last ?? "")
        }
        #expect(
            text.contains(
                "Weights may be \(list(TinyTensorType.allCases.map { $0.rawValue.uppercased() })).")
        )
        #expect(text.contains("the \(list(Architecture.allCases.map(\.rawValue))) architecture"))

        let between = KeepDefinition.all.map(\.name).filter {
            !["all", "strict", "judge"].contains($0)
        }
        #expect(between.count == 7 && text.contains("by seven rules"), "\(between)")

        let catalog = try AssetCatalog(directory: checkoutRoot + "/experiments")
        let names = try SpecNames(catalog: catalog, routers: nil, fileExists: { _ in false })
        let spec = try SweepSpec.load(
            path: "\(checkoutRoot)/experiments/gsm8k.yaml", overrides: [], known: names)
        #expect(spec.task.rows == .first(30) && spec.settings.count == 10)
        let bytes = try [spec.models.slm, spec.models.llm].reduce(0) {
            try $0 + catalog.model(named: $1).file.bytes
        }
        let size = String(format: "%.1f GB", Double(bytes) / 1e9)
        #expect(text.contains("fetch \(size) of models"), "\(size)")

        // Of the inputs in README's example.
        let router = try FileManager.default.attributesOfItem(
            atPath: "\(checkoutRoot)/experiments/routers/gsm8k-citer.router")
        let length = try #require(router[.size] as? Int)
        #expect((1000..<5000).contains(length), "\(length) bytes are not a few kilobytes")
    }
}
