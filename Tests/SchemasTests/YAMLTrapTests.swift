import Testing

@testable import Schemas

/// Texts that other readers of YAML fall for: each gives the value its writer sees, or an error with
/// its place, at once.
struct YAMLTrapTests {
    /// The tree, or what is said of the text.
    func read(_ text: String) -> Result<YAMLNode, Diagnostics> {
        do throws(Diagnostics) {
            let (root, duplicates) = try YAMLReader.read(text, origin: .file("f"))
            return duplicates.isEmpty ? .success(root) : .failure(Diagnostics(duplicates))
        } catch {
            return .failure(error)
        }
    }

    func message(_ text: String) -> String {
        switch read(text) {
        case .success(let root): "read as \(root.content)"
        case .failure(let problems): problems.description
        }
    }

    /// Ten levels of ten aliases, and where the last level is used.
    static func laughs(_ use: String) -> String {
        var text = "a: &a [lol,lol,lol,lol,lol,lol,lol,lol,lol,lol]\n"
        for (level, last) in zip("bcdefghi", "abcdefgh") {
            let aliases = Array(repeating: "*\(last)", count: 10).joined(separator: ",")
            text += "\(level): &\(level) [\(aliases)]\n"
        }
        return text + use
    }

    @Test(arguments: [
        "? *i\n: 1\n", "? [*h, *h]\n: 1\n", "? { x: *i }\n: 1\n", "*i : 1\n", "x: { *i : 1 }\n",
        "x: [ *i : 1 ]\n", "? ? *i\n  : 1\n: 1\n", "x: *i\n", "x: { <<: *i }\n", "x: [*i, *i]\n",
    ])
    func anAliasBombIsRefusedAtOnce(use: String) {
        let clock = ContinuousClock()
        let time = clock.measure {
            let found = message(Self.laughs(use))
            #expect(found.hasPrefix("f:"), "\(found)")
            #expect(
                found.contains("more than 50000 values") || found.contains("a single word"),
                "\(found)")
        }
        #expect(time < .seconds(1))
    }

    /// As a mapping key alone, without a use of the anchors that costs anything.
    @Test func anAliasBombOfMappingsIsRefusedAtOnce() {
        var text = "a: &a { k0: 1, k1: 2 }\n"
        for (level, last) in zip("bcdefghijklmnopqrstuvwxyz", "abcdefghijklmnopqrstuvwxy") {
            text += "\(level): &\(level) { k0: *\(last), k1: *\(last), k2: *\(last) }\n"
        }
        let time = ContinuousClock().measure {
            #expect(message(text + "? *z\n: 1\n").contains("more than 50000 values"))
        }
        #expect(time < .seconds(1))
    }

    @Test func aliasesStandForWhatTheyName() throws {
        let root = try read(
            """
            a: &a [1, &b two, { c: *b }]
            *b : *a
            d: &a 7
            e: *a
            "*f": "*a"
            g: 2*a *b
            """
        ).get()
        #expect(root["a"]?.elements.last?["c"]?.text == "two")
        #expect(root["two"]?.content == root["a"]?.content)
        #expect(root["e"]?.integer == 7)
        #expect(root["*f"]?.text == "*a")
        #expect(root["g"]?.text == "2*a *b")
        #expect(
            try read("a: |\n  *x* [*y]\nb: >-\n  * z\nc: one\n  *two*").get().entries
                .map(\.value.text) == ["*x* [*y]\n", "* z", "one *two*"])
    }

    @Test(arguments: [
        ("a: &a [*a]", "f:1:8: an alias to the anchor \"a\", which is not given before"),
        (
            "a: *bold* text",
            "f:1:4: \"*\" begins an alias; put a text that begins with it in quotes"
        ),
        ("a: * b", "f:1:4: \"*\" begins an alias"),
        ("a: &x 1\nb: &y *x", "f:2:4: \"*\" begins an alias"),
        ("a: &x [1]\n*x : 2", "f:2:1: a key must be a single word, found an alias to a list"),
        ("a: &x 1\nb: { <<: { c: *x } }", "f:2:6: merge keys (<<) are not read"),
    ])
    func wrongAliasesAreNamed(text: String, expected: String) {
        #expect(message(text).hasPrefix(expected), "\(message(text))")
    }

    @Test(arguments: [
        ("a: !!str 5", "f:1:4: tags such as !!str are not read"),
        ("a: !!int \"5\"", "f:1:4: tags such as !!int"), ("a: ! 5", "f:1:4: tags such as !"),
        ("!!str a: 5", "f:1:1: tags such as !!str"), ("a: [1, !x 2]", "f:1:8: tags such as !x"),
        ("a: &b !!float 3", "f:1:4: tags such as !!float"), ("a: !!map { b: 1 }", "f:1:4: tags"),
        ("a: !!seq\n  - 1", "f:1:4: tags"), ("--- !!map\na: 1", "f:1:5: tags"),
    ])
    func tagsAreRefused(text: String, expected: String) {
        #expect(message(text).hasPrefix(expected), "\(message(text))")
    }

    @Test(arguments: [
        "yes", "no", "on", "off", "Yes", "NO", "y", "n", "TRUE", "Null", "NULL", "010", "0o17",
        "0x1F", "0b1", "1:30", "190:20:30", "1_000", "1,000", ".INF", ".NaN", "+.nan", "1e400",
        "1e-400", "0.00e", "1.", "2001-12-14", "=", "1 000", "५",
    ])
    func whatIsNoNumberAndNoTruthValueIsText(word: String) throws {
        // `1.` is a number to some and a sentence's end to others.
        let value = try read("a: \(word)").get()["a"]
        #expect(value?.text == word || (word == "1." && value?.number == 1), "\(message(word))")
    }

    @Test func hugeNumbersAreNoWholeOnes() throws {
        #expect(try read("a: 9223372036854775807").get()["a"]?.integer == .max)
        let beyond = try read("a: 9223372036854775808").get()["a"]
        #expect(beyond?.integer == nil && beyond?.number == 9.223372036854775808e18)
    }

    @Test func keysAreOneWhateverTheirQuotes() {
        for text in ["1: a\n\"1\": b", "true: a\n'true': b", "a: 1\n\"\\x61\": 2"] {
            #expect(message(text).contains("f:2:1: duplicate key"), "\(message(text))")
        }
    }

    @Test func lineEndsAndMarksDoNotMatter() throws {
        let texts = [
            "a: 1\nb: [2]\n", "a: 1\r\nb: [2]\r\n", "\u{FEFF}a: 1\nb: [2]", "a: 1\rb: [2]",
        ]
        for text in texts {
            let root = try read(text).get()
            #expect(root["a"]?.integer == 1 && root["b"]?.elements.first?.integer == 2)
        }
    }

    @Test(arguments: [
        "a: 1\n---\nb: 2\n", "--- \na: 1\n...\n---\nb: 2\n", "a: 1\n...\nb: 2\n", "a: \u{0}b",
        "\u{0}", "a:\n\t- 1\n", "a: [\n\t1\n\t\u{1}]", "a: 1\n b: 2", "- 1\na: 2", "a: 'x",
        "a: \"\\q\"",
        "a: @x", "a: `x`", "a: %x", "%YAML 3.0\n---\na: 1", "a: [1, 2]]", "a: {b: 1", "a: >\n b\nc",
    ])
    func brokenTextsHaveAPlace(text: String) {
        #expect(message(text).hasPrefix("f:"), "\(message(text))")
    }

    /// A hundred thousand levels, open and closed, in every notation.
    @Test(arguments: [
        ("[", "]"), ("{a: ", "}"), ("- ", ""), ("? ", ""), ("a: [", "]"), ("[{a: ", "}]"),
        ("[? ", "]"), ("&a [", "]"),
    ])
    func depthIsBounded(opening: String, closing: String) {
        for count in [41, 900, 100_000] {
            let text =
                String(repeating: opening, count: count) + "x"
                + String(repeating: closing, count: count)
            #expect(message(text).hasPrefix("f:"))
        }
    }

    @Test func depthByIndentationIsBounded() {
        let steps = (0..<700).map { String(repeating: " ", count: $0) + "a:\n" }.joined()
        #expect(message(steps).contains("nested too deeply"))
    }

    /// Long texts of one kind, near the limit of size: bounded work each.
    @Test(arguments: [
        "k: 1\n", "x, ", "[x], ", "&a b, ", "*", "#", "\"", "'", "? ", "- x\n", "a", "\\", " ",
        "\t",
        "\n", "é", "k: |\n", "!", "&", "{}, ", "a: b, ", "- - ", ",", ":", "| ", "% ",
    ])
    func longTextsEnd(piece: String) {
        let text = String(repeating: piece, count: 20_000 / piece.utf8.count)
        let time = ContinuousClock().measure {
            for opening in ["", "a: [", "a: {"] { _ = message(opening + text) }
        }
        // A debug build of Yams beside other tests; an optimised one takes a tenth of that.
        #expect(time < .seconds(10), "\(time)")
    }
}
