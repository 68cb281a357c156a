import ResultsStore
import Statistics
import Testing

@testable import Reporting

/// How cells stand to the large model: by their texts and marks, and in which cost.
struct EqualityResultTests {
    private func data(
        _ folder: TemporaryFolder, latencyWithout unfinished: Set<String>
    ) throws -> ReportData {
        let methods = Synthetic.Method.usual + [Synthetic.Method(policy: "margin", skill: 0.5)]
        let whole = try Synthetic(
            folder: folder, name: "whole", questions: Array(0..<60), methods: methods)
        let alone = try Synthetic(
            folder: folder, name: "alone", questions: Array(0..<60), unfinished: unfinished,
            methods: methods)
        return try ReportData(
            whole.reader, experiment: Synthetic.experimentName, latency: alone.reader)
    }

    /// The same marks are no proof; the same texts are.
    @Test func equalTextsAreSeen() throws {
        let synthetic = try Synthetic(
            folder: TemporaryFolder(), name: "texts", questions: Array(0..<40),
            methods: [
                // Calls at every token, so that its texts are the large model's.
                Synthetic.Method(policy: "margin", skill: 1, shares: [1]),
                // Right wherever that is, in other words.
                Synthetic.Method(policy: "entropy", skill: 0, shares: [0.5]),
            ])
        let data = try ReportData(synthetic.reader, experiment: Synthetic.experimentName)
        let results = EqualityResult.all(data, Bootstrap(resamples: 100))
        let verdict = { (policy: String) in
            results.first { $0.cell.record.policy == policy }?.accuracy.verdict
        }
        #expect(verdict("margin") == .equal)
        // Two settings are compared: 1.96^2 x 0.98 / 0.02 = 188.2.
        #expect(verdict("entropy") == .undecided(needed: 189))
    }

    /// A cell that was not timed alone has no seconds, neither the batch's nor bytes in their place; what is ranked is ranked by the same seconds.
    @Test func whatWasNotTimedHasNoSeconds() throws {
        let folder = try TemporaryFolder()
        let data = try data(folder, latencyWithout: ["citer"])
        let bootstrap = Bootstrap(resamples: 200)
        let results = EqualityResult.all(data, bootstrap)
        let routed = results.filter { $0.cell.record.policy == "citer" }
        #expect(!routed.isEmpty)
        for result in results {
            #expect(result.mainCurrency.key == "latency" && result.clock.key == "latency")
            let isTimed = result.cell.record.policy != "citer"
            #expect((result.secondsShare != nil) == isTimed)
            #expect((result.mainShare != nil) == isTimed)
        }
        let verdicts = FirstScreen(data, bootstrap, equalities: results).verdicts
        #expect(verdicts.count == 3 && !verdicts[1].sentence.contains("citer"))
    }

    /// Nor are settings chosen by seconds where those of none are known.
    @Test func unmeasuredSecondsDecideNothing() throws {
        let folder = try TemporaryFolder()
        let data = try data(folder, latencyWithout: ["citer", "margin"])
        let screen = FirstScreen(data, Bootstrap(resamples: 200))
        #expect(screen.equalities.allSatisfy { $0.mainCurrency.key == "bytes" })
        #expect(screen.verdicts.map(\.sentence).contains("seconds: not measured"))
        #expect(screen.deciding == screen.verdicts.first)
    }

    /// Of a measurement without the large model there are no shares, and settings are chosen by bytes, all of them.
    @Test func withoutTheLargeModelsSecondsBytesDecide() throws {
        let folder = try TemporaryFolder()
        let data = try data(folder, latencyWithout: ["llm"])
        let screen = FirstScreen(data, Bootstrap(resamples: 200))
        for result in screen.equalities {
            #expect(result.secondsShare == nil && result.mainShare == result.share(in: .bytes))
            #expect(result.mainCurrency.key == "bytes")
        }
        #expect(screen.deciding == screen.verdicts.first && screen.verdicts.count == 3)
    }

    /// Seconds of answers are of passes, and whoever reads them is told.
    @Test(arguments: [Currency.seconds.meaning, Currency.latency.meaning])
    func secondsAreOfPasses(meaning: String) {
        #expect(meaning.contains("passes"))
    }
}
