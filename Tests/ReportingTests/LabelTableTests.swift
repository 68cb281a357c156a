import ResultsStore
import Statistics
import Testing

@testable import Reporting

/// How good routers and labels are, as reports say it.
struct LabelTableTests {
    /// Every cell by itself: each one's seconds as a share of the large model's, which is 1 of its own.
    @Test func latenciesAreShares() throws {
        let folder = try TemporaryFolder()
        let data = try ReportData(
            Synthetic(folder: folder, questions: 30).reader, experiment: Synthetic.experimentName)
        #expect(data.latency?.batch == 1...1)
        let results = Results(data, Bootstrap(resamples: 50))
        let table = try #require(
            results.latencyTable)
        #expect(table.title.hasSuffix("seconds at batch 1"))
        let own = try #require(table.values.first { $0[0] == .text("llm") })
        #expect(own[6] == .estimate(1, low: 1, high: 1, decimals: 2, defined: 1))
        // Nothing was drafted.
        #expect(table.values.allSatisfy { $0[7] == .missing })
        let finding = try #require(results.finding)
        #expect(finding.contains("Of the large model's time at batch 1"))
    }

    /// Asked for by name, seconds that are none are an error; of one's own database they are left out.
    @Test func sharedWorkHasNoLatencies() throws {
        let folder = try TemporaryFolder()
        let path = folder.file("fused.sqlite")
        let store = try ResultsStore(path: path)
        _ = try store.register(ExperimentRecord(name: "fused", question: "q", spec: "s", seed: 0))
        try store.close()
        let reader = try ResultsReader(path: path)
        #expect(try ReportData(reader, experiment: "fused").latency == nil)
        #expect(throws: StoreError.sharedWork(path: path)) {
            try ReportData(reader, experiment: "fused", latency: reader)
        }
    }

    /// 40 positions were rolled out twice, every fifth of which L should write; of those, every fifth again was taken for S by the shortcut.
    @Test func labelsAreMeasured() throws {
        let folder = try TemporaryFolder()
        let data = try ReportData(
            Synthetic(folder: folder, questions: 4).reader, experiment: Synthetic.experimentName)
        let results = Results(data, Bootstrap(resamples: 100))
        let quality = try #require(results.routerTable?.values.first)
        #expect(
            Array(quality[0..<5]) == [
                .text("sums-citer"), .text("citer"), .count(6), .count(60), .percent(0.2),
            ])
        guard case .estimate(let area, _, _, _, _) = quality[5] else {
            Issue.record("no area: \(quality)")
            return
        }
        // Scores of wanted tokens are 0.2 to 0.75 and those of others 0.84 to 0.9.
        #expect(area == 1)
        let fidelity = try #require(results.fidelityTable?.values)
        #expect(fidelity.map { $0[1] } == [.text("1 and 2"), .text("1"), .text("2")])
        #expect(fidelity.map { $0[2] } == [.count(40), .count(34), .count(6)])
        func value(_ row: Int, _ column: Int) -> Double? {
            guard case .estimate(let value, _, _, _, _) = fidelity[row][column] else {
                return nil
            }
            return value
        }
        #expect(value(0, 4) == 95)
        #expect(abs((value(0, 6) ?? 0) - 100 * 2 / 34.0) < 1e-9)
        #expect(value(0, 7) == 0)
        #expect(fidelity[0][8] == .percent(0.8))
    }
}
