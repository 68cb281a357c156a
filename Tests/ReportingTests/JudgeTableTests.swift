import ResultsStore
import Statistics
import Testing

@testable import Reporting

/// Judges and their labels, as reports say them.
struct JudgeTableTests {
    /// Twenty held-out places, ten of them harmful; scores 0.05, 0.1, ... 1, every other one harmful.
    @Test func countedByHand() throws {
        let folder = try TemporaryFolder()
        let store = try ResultsStore(path: folder.file("judges.sqlite"))
        _ = try store.register(
            ExperimentRecord(name: "judges", question: "q", spec: "s", seed: 0))
        let judge = try store.register(
            RouterRecord(name: "j", kind: "judge", sha256: "ff", details: "{}"))
        func label(_ number: Int, held: Bool) -> RouterLabelRecord {
            let isHarmful = number.isMultiple(of: 2)
            return RouterLabelRecord(
                question: held ? "h\(number % 4)" : "t", position: number, shortcut: 2,
                label: isHarmful ? 0 : 1, weight: 1, score: Double(number) / 20, isHeldOut: held,
                slmRight: !isHarmful, llmRight: isHarmful || number != 1, slmToken: 5,
                llmToken: 6, isSame: number > 15, rolloutTokens: 9)
        }
        let labels = (1...20).map { label($0, held: true) } + [label(22, held: false)]
        try store.record(labels, of: judge)
        let kept = try #require(store.reader.routerLabels().first).labels
        #expect(kept.first { $0.position == 22 } == labels[20])
        let data = try ReportData(store.reader, experiment: "judges")
        let results = Results(data, Bootstrap(resamples: 50))
        let row = try #require(results.judgeTable?.values.first)
        // 11 harmful, the first helpful, the rest neutral; after 6 of 21 the answer is L's own.
        #expect(
            Array(row[0..<5]) == [.text("j"), .count(5), .count(11), .count(1), .count(9)])
        #expect(row[5] == .percent(6.0 / 21) && row[6] == .count(20) && row[7] == .count(10))
        // Nine of ten harmful ones reach 0.2: 17 are refused.
        #expect(row[8] == .percent(1 - 17.0 / 20) && row[9] == .percent(9.0 / 17))
        // Eight of these are harmless, of ten.
        #expect(row[10] == .percent(2.0 / 10))
        // Ten cannot tell 95 %.
        #expect(row[11...].allSatisfy { $0 == .missing })
        // No fidelity of a shortcut that no judge has.
        #expect(results.fidelityTable == nil)
        #expect(results.routerTable?.values.first?[0] == .text("j"))
    }
}
