import Schemas
import SweepSupport
import Testing

@testable import Specs

/// One text of a spec says what its file, what it includes and the command line said together.
struct SpecTextTests {
    @Test func aSpecByItselfKeepsItsText() throws {
        let text = "# why\n" + SpecFixture.good
        #expect(try SpecFixture.parse(text).text == text)
    }

    @Test(arguments: [
        [], ["task.limit=3"], ["task.limit=null"], ["question=\"\\u0007 #1: é 'x' \\\" {\""],
        ["policies=[slm, llm]"],
        ["policies=[llm, slm, {random: {ratio: [1e-7, 0.30000000000000004]}}]"],
        ["question=true story", "run={fuse: false, batch: 1}"], ["question='true'"],
        ["question='5'"], ["calibration={split: train}"],
    ])
    func isReadAsTheSameSpec(overrides: [String]) throws {
        let files = [
            "base.yaml": SpecFixture.good,
            "more.yaml": "include: base.yaml\ntask: { limit: 4 }\nquestion: \"a\\tb\"\n",
        ]
        for text in [SpecFixture.good, "include: more.yaml\ngeneration: { max_tokens: 9 }\n"] {
            let spec = try SpecFixture.parse(text, set: overrides, files: files)
            // No file is needed for it, and no override.
            let again = try SpecFixture.parse(spec.text)
            #expect(Self.content(again) == Self.content(spec), "\(spec.text)")
            #expect(again.text == spec.text)
        }
    }

    /// What may stand in a tree at all.
    @Test func everyValueIsReadBack() throws {
        let text = """
            a: {b: [1, -2.5, .inf, -.inf, 1e300, true, null, "null", "1", "", " x ", "- y", "k: v"]}
            "odd key:": [[1, [2]], {c: d, e: {}}, [], ~]
            nothing:
            list: [a, {x: }, "\\u2028\\ufeff\\U0001F600*&!%@`"]
            é: ü
            """
        let root = try YAMLReader.read(text, origin: .file("a")).root
        let again = try YAMLReader.read(SpecText(root).text, origin: .file("a")).root
        #expect(Self.plain(again) == Self.plain(root), "\(SpecText(root).text)")
    }

    private static func content(_ spec: SweepSpec) -> SweepSpec {
        var spec = spec
        spec.text = ""
        spec.remarks = []
        return spec
    }

    /// A tree without its places.
    private static func plain(_ node: YAMLNode) -> String {
        switch node.content {
        case .list(let elements): "[\(elements.map(plain).joined(separator: ","))]"
        case .mapping(let entries):
            "{\(entries.map { "\($0.key.debugDescription):\(plain($0.value))" }.joined(separator: ","))}"
        default: "\(node.content)"
        }
    }
}
