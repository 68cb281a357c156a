import Testing

@testable import Schemas

struct YAMLReaderTests {
    func read(_ text: String) throws -> (root: YAMLNode, duplicates: [Diagnostic]) {
        try YAMLReader.read(text, origin: .file("f"))
    }

    func message(_ text: String) -> String? {
        do {
            return try read(text).duplicates.map(\.description).joined(separator: "\n")
        } catch {
            return "\(error)"
        }
    }

    // YAML 1.2's core schema, decimal numbers only.
    @Test(arguments: [
        ("12", YAMLNode.Content.integer(12)), ("-3", .integer(-3)), ("+3", .integer(3)),
        ("0", .integer(0)), ("0.5", .number(0.5)), (".5", .number(0.5)), ("1e3", .number(1000)),
        ("-1.5E-2", .number(-0.015)), ("99999999999999999999", .number(1e20)),
        (".inf", .number(.infinity)), ("-.inf", .number(-.infinity)),
        ("010", .text("010")), ("0x10", .text("0x10")), ("1_000", .text("1_000")),
        ("12:30", .text("12:30")), ("1e999", .text("1e999")), ("1.2.3", .text("1.2.3")),
        ("-", .text("-")), (".", .text(".")), ("--1", .text("--1")), ("e5", .text("e5")),
        ("yes", .text("yes")), ("No", .text("No")), ("True", .text("True")),
        ("true", .flag(true)), ("false", .flag(false)), ("null", .null), ("~", .null),
        ("\"12\"", .text("12")), ("'true'", .text("true")), ("\"\"", .text("")),
        ("nan", .text("nan")), ("inf", .text("inf")), ("٣", .text("٣")),
    ])
    func scalars(text: String, expected: YAMLNode.Content) throws {
        #expect(try read("[\(text)]").root.elements.first?.content == expected)
    }

    @Test func notANumber() throws {
        let number = try read("a: .nan").root["a"]?.number
        #expect(number?.isNaN == true)
    }

    @Test func places() throws {
        let root = try read("a:\n  ünï: { b: 1 }\r\n  c: [2,\r\n    3]\n").root
        let b = root["a"]?["ünï"]?["b"]
        #expect(b?.location.line == 2 && b?.location.column == 13)
        #expect(b?.location.text == "  ünï: { b: 1 }")
        let three = root["a"]?["c"]?.elements.last
        #expect(three?.location.line == 4 && three?.location.column == 5)
        #expect(three?.location.text == "    3]")
    }

    @Test func emptyTexts() throws {
        for text in ["", "\n\n", "# nothing\n", "\u{FEFF}"] {
            #expect(try read(text).root.content == .nothing)
        }
        #expect(try read("\u{FEFF}a: 1").root["a"]?.location.column == 4)
    }

    @Test func allDuplicatesAreFoundAtTheirPlaces() throws {
        let (root, duplicates) = try read(
            """
            a: 1
            b: { x: 1, y: 2, x: 3 }
            a: 2
            "b": 3
            c: [{ k: 1, k: 2 }]
            a: 4
            """)
        #expect(
            duplicates.map(\.description) == [
                """
                f:2:18: duplicate key "x", first given in line 2, column 6
                    b: { x: 1, y: 2, x: 3 }
                                     ^
                """,
                """
                f:3:1: duplicate key "a", first given in line 1, column 1
                    a: 2
                    ^
                """,
                """
                f:4:1: duplicate key "b", first given in line 2, column 1
                    "b": 3
                    ^
                """,
                """
                f:5:13: duplicate key "k", first given in line 5, column 7
                    c: [{ k: 1, k: 2 }]
                                ^
                """,
                """
                f:6:1: duplicate key "a", first given in line 1, column 1
                    a: 4
                    ^
                """,
            ])
        #expect(root["a"]?.integer == 1)
        #expect(root["b"]?["x"]?.integer == 1)
        #expect(root.entries.map(\.key) == ["a", "b", "c"])
    }

    @Test(arguments: [
        (
            "a: [1, 2\nb: 3",
            "f:2:2: this is not YAML: did not find expected ',' or ']' while parsing a flow sequence "
                + "that begins in line 1, column 4\n    b: 3\n     ^"
        ),
        (
            "a: b: c",
            "f:1:5: this is not YAML: mapping values are not allowed in this context\n"
                + "    a: b: c\n        ^"
        ),
        (
            "\ta: 1",
            "f:1:1: this is not YAML: found character that cannot start any token\n"
                + "    \ta: 1\n    ^"
        ),
        (
            "a: *b",
            "f:1:4: an alias to the anchor \"b\", which is not given before\n    a: *b\n       ^"
        ),
        ("a: 1\n---\nb: 2", "f:2:1: this is not YAML: but found another document\n    ---\n    ^"),
        (
            "a: 1\nb: \u{7}",
            "f:2:4: this is not YAML: control characters are not allowed\n"
                + "    b: \u{7}\n       ^"
        ),
        ("? [a]\n: 1", "f:1:3: a key must be a single word\n    ? [a]\n      ^"),
        ("\"\": 1\n\"\": 2", "f:1:1: duplicate key \"\"\n    \"\": 1\n    ^"),
    ])
    func brokenTexts(text: String, expected: String) {
        #expect(message(text) == expected)
    }

    @Test func aliasesAreExpanded() throws {
        let root = try read("a: &x [1, 2]\nb: *x").root
        #expect(root["b"]?.elements.map(\.integer) == [1, 2])
    }

    @Test func hostileTextsAreRefused() throws {
        // Ten levels of ten aliases each: 10^10 values.
        var laughs = "a0: &a0 [x]\n"
        for level in 1...10 {
            let alias = String(repeating: "*a\(level - 1),", count: 10)
            laughs += "a\(level): &a\(level) [\(alias)]\n"
        }
        #expect(message(laughs)?.contains("more than 50000 values") == true)

        var chain = "a0: &a0 [x]\n"
        for level in 1...5000 { chain += "a\(level): &a\(level) [*a\(level - 1)]\n" }
        #expect(message(chain)?.contains("f:40:12: nested too deeply: at most 40") == true)

        for opening in ["[", "{a: ", "- ", "? "] {
            let nested = String(repeating: opening, count: 60_000)
            let found = message(nested) ?? ""
            #expect(found.contains("this is not YAML") || found.contains("nested too deeply"))
        }
        let deep = String(repeating: "[", count: 60) + String(repeating: "]", count: 60)
        #expect(message(deep)?.contains("f:1:42: nested too deeply: at most 40") == true)

        let long = "a: " + String(repeating: "x", count: 1 << 18)
        #expect(message(long) == "f:1:1: the text has 262147 bytes; at most 262144 are read")
    }

    @Test func manyDuplicatesEnd() {
        let text = (0..<600).map { "k\($0): 1\nk\($0): 2\n" }.joined()
        #expect(message(text)?.contains("duplicate key") == true)
    }
}
