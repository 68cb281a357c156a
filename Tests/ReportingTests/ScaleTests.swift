import Foundation
import Reporting
import ResultsStore
import Testing

/// A million decisions must be reported within 10 seconds (in a release build).
///
/// Slow to prepare, so it runs only when asked for: `CITER_SCALE=1`.
@Suite(.enabled(if: ProcessInfo.processInfo.environment["CITER_SCALE"] != nil, "CITER_SCALE unset"))
struct ScaleTests {
    @Test func aMillionDecisionsAreReportedInSeconds() throws {
        let folder = try TemporaryFolder()
        let synthetic = try Synthetic(folder: folder, questions: 2400)
        let reader = synthetic.reader
        let name = Synthetic.experimentName
        let decisions = try reader.query("SELECT count(*) FROM decision").rows[0][0]
        let clock = ContinuousClock()
        var text = ""
        let report = try clock.measure {
            text = try Report(reader, experiment: name).text(as: .markdown)
        }
        var sizes: [Int] = []
        let page = try clock.measure {
            try TokenPage(reader, experiment: name).files { sizes.append($0.text.utf8.count) }
        }
        var written: [String] = []
        let figures = try clock.measure {
            written = try Figures(scripts: AnalysisTests.folder.path + "/figures").draw(
                reader, experiment: name, into: folder.path)
        }
        print("\(decisions): report \(report), page \(page): \(sizes.last ?? 0) bytes, ")
        print("\(sizes.reduce(0, +)) in all \(sizes.count) files,")
        print("\(written.count) figures \(figures)")
        #expect(text.contains("n = 2399 to 2400 questions"))
        #expect(report < .seconds(10))
        #expect(sizes.last ?? 0 < 3_000_000)
    }
}
