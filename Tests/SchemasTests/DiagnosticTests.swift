import Testing

@testable import Schemas

/// What is wrong is a fact, whatever words it has.
struct DiagnosticTests {
    private let schema = Schema.mapping([
        SchemaKey("name", .text(kind: "a name"), required: true, ""),
        SchemaKey("count", .integer(1...9), ""),
    ])

    private func problems(_ text: String) throws -> [Diagnostic] {
        let (root, duplicates) = try YAMLReader.read(text, origin: .file("a.yaml"))
        return duplicates + schema.problems(in: root, path: "a")
    }

    @Test func factsAreNamed() throws {
        #expect(
            try problems("nam: b\ncount: 10\ncount: 2\n").map { AnyHashable($0.fact) } == [
                YAMLFact.duplicateKey("count", first: YAMLFact.Place(line: 2, column: 1)),
                SchemaFact.missingKey("name", in: "a", expected: "a name"),
                SchemaFact.unknownKey("nam", in: "a", expected: ["name", "count"]),
                SchemaFact.mismatch(
                    path: "a.count", expected: "a whole number from 1 to 9", found: "10"),
            ] as [AnyHashable])
    }

    @Test func factsAreWorded() throws {
        #expect(
            try problems("nam: b\n").map(\.message) == [
                "missing key \"name\" in a: a name",
                "unknown key \"nam\" in a; expected name or count",
            ])
        #expect(
            SchemaFact.missingKey("name", in: "", expected: "a name").message
                == "missing key \"name\": a name")
    }

    @Test func equalFactsAtEqualPlacesAreEqual() {
        let place = SourceLocation.top(of: "a.yaml")
        let one = Diagnostic(YAMLFact.mergeKey, at: place)
        #expect(one == Diagnostic(YAMLFact.mergeKey, at: place))
        #expect(one != Diagnostic(YAMLFact.reference, at: place))
        #expect(one != Diagnostic(YAMLFact.mergeKey, at: .top(of: "b.yaml")))
        #expect(one != Diagnostic(YAMLFact.mergeKey, at: place, suggestion: "a"))
    }

    /// Equal words of two kinds are two facts.
    @Test func wordsAreNoFact() {
        let words = YAMLFact.twoFiles(other: "a").message
        let place = SourceLocation.top(of: "a.yaml")
        #expect(
            Diagnostic(YAMLFact.unreadable(words), at: place)
                != Diagnostic(YAMLFact.twoFiles(other: "a"), at: place))
    }
}
