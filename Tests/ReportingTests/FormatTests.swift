import ResultsStore
import Statistics
import Testing

@testable import Reporting

struct FormatTests {
    @Test(arguments: [
        (0, "0.00"), (5, "5.00"), (9.999, "10.0"), (42, "42.0"), (99.96, "100"), (999.4, "999"),
        (999.6, "1.00 k"), (1234, "1.23 k"), (-2.5e9, "-2.50 G"), (9.99e14, "999 T"),
        (1e30, "1000000000 Z"),
    ])
    func scalesQuantities(value: Double, text: String) {
        #expect(scaled(value) == text)
    }

    @Test(arguments: [
        (0.1 + 0.2, "0.3"), (1e15, "1e+15"), (123_456_789_012, "123456789012"),
        (-0.0, "0"), (1.0 / 3, "0.3333333333"), (1e-20, "1e-20"),
    ])
    func writesNumbersForMachines(value: Double, text: String) {
        #expect(numberText(value) == text)
    }

    @Test(arguments: [(-0.04, "0.0"), (-0.06, "-0.1"), (2.25, "2.2"), (99.95, "100.0")])
    func fixesDecimals(value: Double, text: String) {
        #expect(fixed(value, 1) == text)
    }

    /// Emphasis belongs to the entry: a column that programs alone see moves it nowhere.
    @Test func emphasisesEntries() {
        let table = Table(
            name: "t", title: "T",
            columns: [
                .hidden("k") { "\($0)" }, .text("A", "a") { "a\($0)" },
                .value("B", "b") { $0 > 1 ? .remark("none") : nil },
                .percentInterval("C", "c", mark: { Mark(pValue: 0.01, isMeant: $0 == 2) }) {
                    $0 > 0 ? (0.5, Interval(low: 0.25, high: 0.75)) : nil
                },
            ] as [ResultColumn<Int>],
            results: [0, 1, 2], notes: [])
        let lines = table.markdown().split(separator: "\n").map(String.init)
        #expect(lines[3] == "| a0  |    – |                     – |")
        #expect(lines[4] == "| a1  |    – |     50.0 [25.0, 75.0] |")
        #expect(lines[5].contains("| none | **50.0 [25.0, 75.0]** |"))
        #expect(table.latex(label: "l").contains("none & \\textbf{50.0 {[}25.0, 75.0{]}} \\\\"))
        #expect(
            table.csv()
                == "k,a,b,c,c_low,c_high\r\n0,a0,,,,\r\n1,a1,,0.5,0.25,0.75\r\n2,a2,,0.5,0.25,0.75\r\n"
        )
    }

    /// One comparison in twenty is wrong by chance: four that are below 0.05 mark nothing, and only the smallest where they are small enough.
    @Test(arguments: [(0.02, 0), (0.01, 1)])
    func marksAreCorrectedForTheTable(least: Double, marked: Int) {
        let table = Table(
            name: "t", title: "T",
            columns: ["a", "b"].map { key in
                .percentInterval(
                    key, key,
                    mark: { $0 > 0 ? Mark(pValue: $0 == 2 ? least : 0.04, isMeant: true) : nil }
                ) { _ in (0.5, nil) }
            } as [ResultColumn<Int>],
            results: [0, 1, 2], notes: [])
        #expect(table.rows.joined().count { $0.isEmphasised } == 2 * marked)
    }

    @Test func escapesLaTeX() {
        #expect(
            escapeLaTeX("a_b & 50% #1 {x} ~^ \\ <|> \"q\" $ [é] 日")
                == "a\\_b \\& 50\\% \\#1 \\{x\\} \\textasciitilde{}\\textasciicircum{} "
                + "\\textbackslash{} \\textless{}\\textbar{}\\textgreater{} {\\char34}q{\\char34} "
                + "\\$ {[}é{]} \\texttt{U+65E5}")
    }

    @Test func escapesMarkdownAndHTML() {
        #expect(
            escapeMarkdown("a|b*c`d`[e](f)<g>&\\\nh") == "a\\|b\\*c\\`d\\`\\[e\\](f)\\<g>\\&\\\\ h")
        #expect(escapeHTML("<a href='x'>\"&") == "&lt;a href=&#39;x&#39;&gt;&quot;&amp;")
    }

    @Test func quotesCSV() {
        #expect(
            csvLine(["a", "b,c", "d\"e", "f\r\ng", ""]) == "a,\"b,c\",\"d\"\"e\",\"f\r\ng\",\r\n")
    }

    @Test func writesJSON() {
        let value = JSONValue.object([
            ("b", .array([.integer(1), .number(.nan), .null, .bool(true)])),
            ("a", .string("</script>\u{2028}\u{1}\"\\é")), ("i", .integers([1, -2, nil])),
        ])
        #expect(
            value.text()
                == #"{"b":[1, null, null, true], "a":"\u003c/script\u003e\u2028\u0001\"\\é", "i":[1,-2,null]}"#
        )
    }

    /// A file holds more than the weights that are counted, so its size is told, and no bits a weight.
    @Test func modelsAreToldByTheirSizes() {
        func told(_ parameters: Int?, _ bytes: Int?) -> String {
            ModelRecord(name: "m", sha256: "aa", parameters: parameters, fileBytes: bytes)
                .provenance
        }
        // The catalogue's pair.
        #expect(
            told(493_789_952, 491_400_064)
                == "m: 494 M parameters in a file of 491 MB, SHA-256 aa")
        #expect(
            told(1_543_298_048, 1_117_320_768)
                == "m: 1.54 G parameters in a file of 1.12 GB, SHA-256 aa")
        #expect(told(10, 70) == "m: 10.0 parameters in a file of 70.0 B, SHA-256 aa")
        for (parameters, bytes) in [(nil, 70), (0, 70), (10, nil)] as [(Int?, Int?)] {
            #expect(told(parameters, bytes) == "m: SHA-256 aa")
        }
    }

    @Test func measuresWidth() {
        #expect(displayWidth("abc–é") == 5)
        #expect(displayWidth("日本🙂") == 6)
    }

    @Test(arguments: [
        ("gsm8k", "gsm8k"), ("../a b", ".._a_b"), ("..", "_"), ("", "_"), ("a/b\\c\u{0}", "a_b_c_"),
    ])
    func namesFilesSafely(name: String, file: String) {
        #expect(ExperimentName.stem(name) == file)
    }
}
