import Foundation
import ResultsStore
import Testing

@testable import Reporting

/// A database whose own fields would steer a terminal, break a table, run in a page or count in a spreadsheet.
struct HostileTextTests {
    private static let escape = "\u{1B}]0;owned\u{7}\u{9B}31m\u{202E}\u{2028}"
    private static let attack =
        "=cmd|' /C calc'!A0\n| a | b |\r\n# <script>alert(1)</script>" + escape

    private let folder: TemporaryFolder
    private let reader: ResultsReader

    init() throws {
        folder = try TemporaryFolder()
        let path = folder.file("hostile.sqlite")
        let store = try ResultsStore(path: path)
        let experiment = try store.register(
            ExperimentRecord(name: "-h\u{202E}", question: "# " + Self.attack, spec: ""))
        let model = try store.register(ModelRecord(name: "m\u{202E}|<b>", sha256: "aa"))
        let dataset = try store.register(
            DatasetRecord(name: "d\u{2028}", split: "s\u{202E}", sha256: "d", rows: 1))
        try store.register([QuestionRecord(name: "+q\u{202E}|", text: Self.attack)], of: dataset)
        let attempt = try store.beginAttempt(
            AttemptRecord(
                experiment: experiment, programVersion: Self.attack, commit: Self.attack,
                host: Self.attack, cpu: Self.attack, threads: 1, command: Self.attack,
                environment: ["fused": "no"]))
        for (number, policy) in ["slm", "llm", "@x|"].enumerated() {
            let cell = try store.register(
                CellRecord(
                    experiment: experiment, key: String(repeating: "a", count: 63) + "\(number)",
                    canonical: "{}", policy: policy,
                    setting: policy == "@x|" ? Self.attack : nil, label: nil, position: number,
                    slm: model, llm: model, dataset: dataset))
            try store.save(
                SampleRecord(
                    question: "+q\u{202E}|", output: Self.attack, finish: .length,
                    gold: Self.attack,
                    grade: GradeRecord(
                        extracted: Self.attack + "\(number)", rule: Self.attack,
                        correct: number > 0, version: "1"),
                    usage: UsageRecord(
                        promptTokens: 1, tokens: 2, llmCalls: number, llmPasses: number,
                        slmProcessed: 1, llmProcessed: 1, flops: 1, bytes: 1)),
                in: cell, by: attempt)
            try store.record(
                [
                    TimingRecord(
                        phase: Phase(rawValue: Self.attack), seconds: 1, passes: 1, tokens: 1)
                ],
                in: cell, by: attempt)
        }
        try store.close()
        reader = try ResultsReader(path: path)
    }

    private func isQuiet(_ text: String) -> Bool {
        !text.unicodeScalars.contains { scalar in
            scalar != "\n"
                && (scalar.properties.generalCategory == .control
                    || ["\u{202E}", "\u{2028}"].contains(scalar))
        }
    }

    @Test func reports() throws {
        let report = try Report(reader, experiment: "-h\u{202E}", resamples: 20)
        for format in [ReportFormat.markdown, .latex, .json] {
            #expect(isQuiet(report.text(as: format)), "\(format)")
        }
        let markdown = report.text(as: .markdown)
        #expect(!markdown.contains("\n# \\<") && !markdown.contains("\n| a | b |"))
        #expect(markdown.contains("\n\\# =cmd\\|"))
        // Every row has as many cells as its header.
        for table in markdown.components(separatedBy: "\n## ").dropFirst() {
            let rows = table.split(separator: "\n").filter { $0.hasPrefix("|") }
            let cells = rows.map { row in
                row.replacing("\\|", with: "").count { $0 == "|" }
            }
            #expect(Set(cells).count == 1, "\(table)")
        }
        #expect(!report.text(as: .latex).contains("<script>"))
        let csv = parseCSV(report.text(as: .csv))
        #expect(csv.last?[1] == "'@x|" && csv.last?[2] == "'" + Self.attack)
    }

    @Test func comparisonsAndAnswers() throws {
        func side(_ cell: String) throws -> ComparisonSide {
            try ComparisonSide(reader, experiment: "-h\u{202E}", cell: cell)
        }
        let comparison = try Comparison(side("slm"), side("@x|"), resamples: 20)
        for format in [ReportFormat.markdown, .latex, .json] {
            #expect(isQuiet(comparison.text(as: format)), "\(format)")
        }
        let view = try TokenView(
            reader, experiment: "-h\u{202E}", cell: "@x|", question: "+q\u{202E}|")
        #expect(isQuiet(view.text(colour: false)))
    }

    @Test func pages() throws {
        let html = try TokenPage(reader, experiment: "-h\u{202E}").html()
        #expect(isQuiet(html))
        #expect(html.components(separatedBy: "</script>").count - 1 == 3)
        #expect(!html.contains("<script>alert") && html.contains("<title>-h&lt;U+202E&gt;: tokens"))
    }

    @Test func overviews() throws {
        let folder = try TemporaryFolder()
        let library = try ChartLibrary(named: StandInLibrary.write(in: folder))
        let state = SiteEntry.State.results(
            try SiteExperiment(reader, experiment: "-h\u{202E}", resamples: 20), tokens: nil)
        let html = SitePage(
            [SiteEntry(name: "-h\u{202E}", question: nil, page: nil, state: state)],
            library: library
        ).html()
        #expect(isQuiet(html) && html.contains("calc"))
        #expect(html.components(separatedBy: "</script>").count - 1 == 3)
        #expect(!html.contains("<script>alert"))
    }

    @Test func exportsAreExactButForFormulas() throws {
        let export = try Export(reader, experiment: "-h\u{202E}")
        var (csv, lines) = ("", "")
        try export.write(.samples, as: .csv) { csv += $0 }
        try export.write(.samples, as: .jsonLines) { lines += $0 }
        #expect(isQuiet(lines))
        let rows = parseCSV(csv)
        let output = try #require(rows[0].firstIndex(of: "output"))
        #expect(rows.dropFirst().allSatisfy { $0[output] == "'" + Self.attack })
        #expect(rows.dropFirst().allSatisfy { $0[4] == "'+q\u{202E}|" })
    }

    @Test(arguments: [
        ("=1+1", "'=1+1"), ("+1", "'+1"), ("-1", "'-1"), ("@a", "'@a"), ("\tx", "'\tx"),
        ("\rx", "'\rx"), ("'=x", "''=x"), ("''", "''"), ("'a", "'a"), ("a=1", "a=1"), ("", ""),
        (" =1", " =1"), ("＝1", "'＝1"),
    ])
    func textsAreNoFormulas(text: String, field: String) {
        #expect(csvText(.string(text)) == field)
    }

    @Test func numbersStayNumbers() {
        #expect(csvText(.number(-1.5)) == "-1.5" && csvText(.integer(-3)) == "-3")
        #expect(csvText(.number(-.infinity)) == "" && csvText(.number(.nan)) == "")
    }
}
