import Foundation
import ResultsStore
import Statistics
import Testing

@testable import Reporting

/// The overview page: what its script is given, and that nothing in a database or a library can do more than be shown.
struct SitePageTests {
    private let folder: TemporaryFolder
    private let synthetic: Synthetic
    private let library: ChartLibrary

    init() throws {
        folder = try TemporaryFolder()
        synthetic = try Synthetic(folder: folder)
        library = try ChartLibrary(named: StandInLibrary.write(in: folder), documents: folder.path)
    }

    private func experiment() throws -> SiteExperiment {
        try SiteExperiment(
            synthetic.reader, experiment: Synthetic.experimentName, resamples: 50)
    }

    private func page(_ entries: [SiteEntry]) -> SitePage { SitePage(entries, library: library) }

    private func entry(tokens: String? = nil) throws -> SiteEntry {
        SiteEntry(
            name: "sums", question: nil, page: "../sums/README.md",
            state: .results(try experiment(), tokens: tokens))
    }

    /// What the page's script reads, as a browser would.
    private func data(of html: String) throws -> [[String: Any]] {
        let start = try #require(html.range(of: "id=\"data\">"))
        let end = try #require(html.range(of: "</script>", range: start.upperBound..<html.endIndex))
        let value = try JSONSerialization.jsonObject(
            with: Data(html[start.upperBound..<end.lowerBound].utf8))
        let object = try #require(value as? [String: Any])
        return try #require(object["experiments"] as? [[String: Any]])
    }

    @Test func theDataAreTheReports() throws {
        let found = try data(of: page([try entry(tokens: "sums/tokens.html")]).html())
        let one = try #require(found.first)
        let results = try #require(one["results"] as? [String: Any])
        let screen = try FirstScreen(
            synthetic.reader, experiment: Synthetic.experimentName, resamples: 50)
        let deciding = try #require(screen.deciding)
        #expect(one["decision"] as? String == deciding.decision.rawValue)
        #expect(one["number"] as? String == deciding.sentence)
        #expect(results["verdicts"] as? [String] == screen.verdicts.map(\.sentence))
        #expect(one["question"] as? String == "How many calls do sums need?")
        #expect(one["pair"] as? [String] == ["small-0.5b", "large-1.5b"])
        #expect(one["n"] as? Int == 60 && results["tokens"] as? String == "sums/tokens.html")
        let data = try ReportData(synthetic.reader, experiment: Synthetic.experimentName)
        let cells = try #require(results["cells"] as? [[String: Any]])
        #expect(
            cells.map { $0["key"] as? String }
                == data.cells.map { String($0.record.key.prefix(12)) })
        #expect(results["slm"] as? Int == 0 && results["llm"] as? Int == 1)
        for (cell, row) in zip(cells, data.cells) {
            let curve = try #require(data.curve[row.id])
            #expect(near(cell["y"], curve.accuracy) && near(cell["low"], curve.accuracyLow))
            #expect(near(cell["high"], curve.accuracyHigh) && cell["n"] as? Int == curve.n)
        }
    }

    @Test func everyMeasuredCurrencyIsAnAxis() throws {
        let found = try data(of: page([try entry()]).html())
        let results = try #require(found.first?["results"] as? [String: Any])
        let axes = try #require(results["axes"] as? [[String: Any]])
        let keys = axes.compactMap { $0["key"] as? String }
        // Cells ran by themselves, so their seconds are latencies too; no meter was there.
        #expect(
            keys == [
                "call_ratio", "llm_calls", "llm_passes", "flops", "bytes", "seconds", "latency",
            ])
        #expect(results["start"] as? String == "latency")
        let cells = try #require(results["cells"] as? [[String: Any]])
        let data = try ReportData(synthetic.reader, experiment: Synthetic.experimentName)
        let bytes = try #require(keys.firstIndex(of: "bytes"))
        let ratio = try #require(keys.firstIndex(of: "call_ratio"))
        let large = try #require(data.outcomes[data.cells[1].id])
        for (cell, row) in zip(cells, data.cells) {
            let costs = try #require(cell["costs"] as? [Any])
            let shares = try #require(cell["shares"] as? [Any])
            let outcomes = try #require(data.outcomes[row.id])
            let sum = outcomes.reduce(0) { $0 + ($1.bytes ?? 0) }
            #expect(near(costs[bytes], Double(sum) / Double(outcomes.count)))
            // One cell has failed at a question, which then counts for neither.
            let known = Set(outcomes.map(\.question))
            let whole = large.filter { known.contains($0.question) }.reduce(0) {
                $0 + ($1.bytes ?? 0)
            }
            #expect(near(shares[bytes], Double(sum) / Double(whole)))
            #expect(near(costs[ratio], data.curve[row.id]?.callRatio) && shares[ratio] is NSNull)
        }
    }

    @Test func methodsLookAsInFiguresAndTheBestAreShown() throws {
        let experiment = try experiment()
        // The baseline is what all are measured against.
        #expect(experiment.shown == ["citer", "random"])
        let found = try data(of: page([try entry()]).html())
        let results = try #require(found.first?["results"] as? [String: Any])
        let methods = try #require(results["methods"] as? [[String: Any]])
        let names = methods.compactMap { $0["name"] as? String }
        #expect(names == ["slm", "llm", "random", "citer"])
        let styles = MethodStyle.styles(of: names)
        for (method, name) in zip(methods, names) {
            #expect(method["colour"] as? String == styles[name]?.colour)
            #expect(method["marker"] as? String == styles[name]?.marker.rawValue)
        }
    }

    /// What is shown first is what the first screen names.
    @Test func theBestSettingsAreTheFirstScreens() throws {
        let screen = try FirstScreen(
            synthetic.reader, experiment: Synthetic.experimentName, resamples: 50)
        let best = screen.equalities.bestOfMethods(.routed)
        #expect(best.map(\.cell.method) == ["citer"])
        #expect(best.first?.cell.id == screen.equalities.best(.routed)?.cell.id)
        #expect(screen.equalities.bestOfMethods(.verified).isEmpty)
    }

    /// Every sign that methods have is one that the script can draw.
    @Test func everySignIsKnownToTheScript() {
        for marker in MethodStyle.Marker.allCases {
            let name = marker.rawValue
            let plain = name.hasPrefix("open") ? name.dropFirst(4).lowercased() : name
            #expect(
                plain == "pentagon" || SitePage.script.contains("\(plain): ["), "\(name)")
        }
        for dash in [MethodStyle.Dash.solid, .dashed, .dotted] {
            #expect(SitePage.script.contains("\(dash.rawValue): ["))
        }
    }

    @Test func experimentsWithoutResultsAreListedLast() throws {
        let html = page([
            SiteEntry(name: "before", question: "Old?", page: "../before/README.md", state: .old),
            SiteEntry(name: "broken", question: nil, page: nil, state: .unreadable("damaged")),
            try entry(), SiteEntry(name: "zero", question: "New?", page: nil, state: .notRun),
        ]).html()
        let found = try data(of: html)
        #expect(found.map { $0["name"] as? String } == ["sums", "before", "broken", "zero"])
        #expect(
            found.dropFirst().map { $0["decision"] as? String } == ["old", "unreadable", "not run"])
        #expect(found[2]["number"] as? String == "damaged")
        #expect(found.dropFirst().allSatisfy { $0["results"] is NSNull })
    }

    @Test func equalDatabasesGiveEqualPages() throws {
        let again = try SiteExperiment(
            Synthetic(folder: folder, name: "again", questions: Array((0..<60).reversed())).reader,
            experiment: Synthetic.experimentName, resamples: 50)
        let other = SiteEntry(
            name: "sums", question: nil, page: "../sums/README.md",
            state: .results(again, tokens: nil))
        #expect(try page([entry()]).html() == page([other]).html())
    }

    /// The page, its licence included, holds no end of an element but its own, and asks for nothing from elsewhere.
    @Test func thePageIsWholeAndQuiet() throws {
        let hostile = SiteEntry(
            name: "a</script><script>alert(1)</script>", question: "<img onerror=x>\u{202E}",
            page: nil, state: .unreadable("</script>\u{1B}[31m"))
        let html = page([try entry(), hostile]).html()
        #expect(html.components(separatedBy: "</script>").count - 1 == 3)
        #expect(!html.contains("<img") && !html.contains("<script>alert"))
        #expect(!html.contains("\u{1B}") && !html.contains("\u{202E}"))
        #expect(!html.contains("src=") && !html.contains("@import") && !html.contains("url("))
        #expect(html.contains("default-src 'none'"))
        #expect(html.contains("Permission &lt;granted&gt;") && html.contains("Chart.js v3.9.1"))
        #expect(html.contains(library.script))
    }

    private func near(_ found: Any?, _ wanted: Double?) -> Bool {
        guard let found = found as? Double, let wanted else { return false }
        return abs(found - wanted) <= 1e-9 * max(1, abs(wanted))
    }
}

/// A file that passes for Chart.js, and its licence.
enum StandInLibrary {
    static func write(in folder: TemporaryFolder, _ text: String? = nil) throws -> String {
        try "Permission <granted>".write(
            toFile: folder.file("LICENSE"), atomically: true, encoding: .utf8)
        let path = folder.file("chart.js")
        try (text ?? "/*!\n * Chart.js v3.9.1\n */\nthis.Chart = null;\n")
            .write(toFile: path, atomically: true, encoding: .utf8)
        return path
    }
}
