import Foundation
import SweepSupport
import TestSupport
import Testing

/// docs/findings.md beside the tables and readings that its numbers come from: one that is no longer there is found, and one that stands nowhere.
struct FindingsTests {
    private static let page = try? MarkdownPage("docs/findings.md")
    static let findings = page?.evidence(under: "It says") ?? []

    /// What is said before the last section: paragraphs, and rows of tables.
    private static let said: [String] = {
        guard let page else { return [] }
        let lines = page.prose.map(\.text).prefix { $0 != "## Where each number stands" }
        let rows = lines.filter { $0.hasPrefix("|") }.map { MarkdownPage.plain(String($0)) }
        return page.paragraphs + rows
    }()

    @Test func everyNumberStandsWhereItIsSaidTo() throws {
        #expect(Self.findings.count > 25)
        for finding in Self.findings {
            #expect(!finding.figures.isEmpty, "nothing is behind: \(finding.sentence)")
            #expect(
                Self.said.contains { $0.contains(finding.sentence) },
                "it does not say: \(finding.sentence)")
            try finding.checkFigures()
        }
    }

    /// An interval, which only a measurement has, is listed wherever it is said.
    @Test func noIntervalIsLeftOut() {
        let intervals = Self.said.flatMap { text in
            text.matches(of: /\[-?[\d.]+, -?[\d.]+\]/).map { String($0.0) }
        }
        #expect(intervals.count > 8)
        for interval in intervals {
            let isListed = Self.findings.contains { finding in
                finding.figures.contains { $0.text.contains(interval) }
            }
            #expect(isListed, "\(interval) stands nowhere")
        }
    }

    /// What other pairs would gain is what the program computes from the committed answers.
    @Test func theOutlookIsTheProgramsOwn() throws {
        let stops = checkoutRoot + "/results/stops"
        let page = try String(contentsOfFile: stops + "/outlook.md", encoding: .utf8)
        try withTemporaryDirectory { root in
            try FileManager.default.createDirectory(
                atPath: root + "/results/stops", withIntermediateDirectories: true)
            try FileManager.default.copyItem(
                atPath: stops + "/answers.sqlite.zst",
                toPath: root + "/results/stops/answers.sqlite.zst")
            let run = try CiterCommand(["outlook", "stops"], in: root).finish()
            #expect(run.status == 0, "\(run.messages)")
            #expect(run.output == page, "citer outlook stops > results/stops/outlook.md")
        }
    }
}
