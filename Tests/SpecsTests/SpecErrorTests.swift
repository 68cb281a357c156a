import SweepSupport
import Testing

/// Wrong specs and the whole text of what is said of them.
struct SpecErrorTests {
    struct Case: CustomTestStringConvertible, Sendable {
        let what: String
        let text: String
        var set: [String] = []
        let expected: String
        var testDescription: String { what }
    }

    @Test(arguments: cases)
    func message(_ wrong: Case) {
        let found = SpecFixture.errors(wrong.text, set: wrong.set)
        #expect(found == wrong.expected, "\n\(found)\n")
    }

    static let cases = specCases + policyCases + overrideCases

    // MARK: Includes

    @Test func errorsOfAnIncludedFileAreLocatedThere() {
        let files = [
            "lib/base.yaml": SpecFixture.with("generation:", "generation: { max_tokens: 0 }")
        ]
        #expect(
            SpecFixture.errors("include: lib/base.yaml\ntask: { limt: 1 }\n", files: files) == """
                s.yaml:2:9: unknown key "limt" in task; expected name, of, split, limit, seed or \
                language
                    task: { limt: 1 }
                            ^
                    did you mean "limit"?
                lib/base.yaml:5:27: generation.max_tokens must be a whole number from 1 to \
                131072, found 0
                    generation: { max_tokens: 0 }
                                              ^
                2 errors
                """)
    }

    @Test func aCircleOfIncludesIsNamed() {
        let files = ["a.yaml": "include: b.yaml", "b.yaml": "include: s.yaml"]
        #expect(
            SpecFixture.errors("include: a.yaml", files: files) == """
                b.yaml:1:10: a circle: s.yaml includes a.yaml includes b.yaml includes s.yaml
                    include: s.yaml
                             ^
                """)
    }

    @Test func aMissingIncludeIsNamed() {
        #expect(
            SpecFixture.errors("include: none.yaml\ntask: { limt: 1 }") == """
                s.yaml:1:10: cannot include none.yaml: no such file
                    include: none.yaml
                             ^
                s.yaml:2:9: unknown key "limt" in task; expected name, of, split, limit, seed or \
                language
                    task: { limt: 1 }
                            ^
                    did you mean "limit"?
                2 errors
                """)
    }

    /// It would take the place of those before it, and of nothing else a spec is made.
    @Test(arguments: [
        ("[slm, llm]", "a list"), ("[]", "an empty list"), ("5", "5"), ("null", "null"),
        ("true", "true"), ("~", "null"), ("- a\n- b\n", "a list"),
        ("root:x:0\nbin:x:1\n", "the text \"root:x:0 bin:x:1\""),
    ])
    func anIncludedFileIsAMapping(text: String, found: String) {
        let files = ["base.yaml": SpecFixture.good, "sub/odd.yaml": text]
        let wrong =
            "cannot include sub/odd.yaml: expected a mapping of a spec's keys, found \(found)"
        for (list, column) in [
            ("[base.yaml, sub/odd.yaml]", 22), ("[sub/odd.yaml, base.yaml]", 11),
            ("sub/odd.yaml", 10),
        ] {
            let errors = SpecFixture.errors("include: \(list)\nquestion: q\n", files: files)
            #expect(errors.hasPrefix("s.yaml:1:\(column): \(wrong)\n"), "\(errors)")
            #expect(!errors.contains("missing key") && !errors.contains("errors"), "\(errors)")
        }
    }

    /// A folder is named, not an empty text.
    @Test(arguments: [(".", "."), ("./.", "."), ("sub/..", "."), ("/", "/")])
    func aFolderOfAnIncludeHasAName(path: String, name: String) {
        #expect(
            SpecFixture.errors("include: \(path)\n").hasPrefix(
                "s.yaml:1:10: cannot include \(name): no such file\n"))
    }

    @Test func includesThatMultiplyEnd() {
        var files: [String: String] = [:]
        for level in 0..<30 {
            let next = "l\(level + 1).yaml"
            files["l\(level).yaml"] = "include: [\(next), \(next)]"
        }
        files["l30.yaml"] = "experiment: e"
        let errors = SpecFixture.errors("include: l0.yaml", files: files)
        #expect(errors.contains("more than 64 files are included"))
    }
}
