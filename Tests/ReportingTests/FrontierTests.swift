import ResultsStore
import Statistics
import Testing

@testable import Reporting

struct FrontierTests {
    /// In each currency each setting is dearer and more accurate than the one before, both models' ends are known, and nothing measured beats one of them.
    @Test func isAFrontier() throws {
        let synthetic = try Synthetic(folder: TemporaryFolder(), questions: 90)
        let data = try ReportData(synthetic.reader, experiment: Synthetic.experimentName)
        let results = Results(data, Bootstrap(resamples: 400))
        let names = Set(results.frontier.map(\.currency.key))
        #expect(names == ["llm_passes", "flops", "bytes", "latency"])
        for name in names {
            let own = results.frontier.filter { $0.currency.key == name }
            #expect(own.count > 1 && own[0].cell.record.policy == "slm", "\(name)")
            for (one, next) in zip(own, own.dropFirst()) {
                #expect(one.share <= next.share && one.accuracy < next.accuracy)
            }
            #expect(own.count { $0.isCheapestEqual } <= 1)
            for result in results.equalities {
                guard let share = result.share(in: own[0].currency),
                    let accuracy = result.outcomes.accuracy
                else { continue }
                #expect(own.contains { $0.share <= share && $0.accuracy >= accuracy })
            }
        }
        let table = try #require(results.frontierTable)
        #expect(table.rows.count == results.frontier.count)
    }

    /// Of few questions the frontier is told, but nothing on it is called equal.
    @Test func fewQuestionsAreNotCalledEqual() throws {
        let synthetic = try Synthetic(folder: TemporaryFolder(), questions: 20)
        let data = try ReportData(synthetic.reader, experiment: Synthetic.experimentName)
        let results = Results(data, Bootstrap(resamples: 200))
        #expect(!results.frontier.isEmpty && results.frontier.allSatisfy { !$0.isCheapestEqual })
        // Without anything beside the large model there is none.
        #expect(FrontierResult.all(data, []).isEmpty)
    }
}
