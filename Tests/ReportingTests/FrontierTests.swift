import ResultsStore
import Routing
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
        let note = try #require(results.frontierTable?.notes.last)
        #expect(note.contains(" Undecided whether anything is cheaper at equal accuracy: passes"))
        #expect(!note.contains("Not seen to be cheaper"))
        // Without anything beside the large model there is none.
        #expect(FrontierResult.all(data, []).isEmpty)
    }

    /// One that is as cheap and looks more accurate, of which nothing is shown, does not hide the one that is shown to be equal.
    @Test func theCheapestEqualSettingIsListedThoughBeaten() throws {
        let synthetic = try Synthetic(folder: TemporaryFolder(), questions: 90)
        let data = try ReportData(synthetic.reader, experiment: Synthetic.experimentName)
        let bootstrap = Bootstrap(resamples: 50)
        let marks = (0..<60).map { Double($0 % 2) }
        let equal = try #require(
            EqualAccuracy(marks, marks, sameTexts: true, bootstrap: bootstrap))
        let undecided = try #require(
            EqualAccuracy(marks, marks, sameTexts: false, bootstrap: bootstrap))
        let isMeant = { (cell: CellRow) in
            cell.record.policy == "random" && cell.record.setting == "ratio=0.5"
        }
        let results = EqualityResult.all(data, bootstrap).map { one in
            EqualityResult(
                cell: one.cell, kind: one.kind, accuracy: undecided,
                outcomes: one.outcomes, large: one.large, alone: one.alone, clock: one.clock,
                mainCurrency: one.mainCurrency)
        }
        // Lots are no contender; this one stands for any setting.
        let lots = try #require(data.cells.first(where: isMeant))
        let llm = try #require(data.single(.llm))
        let both = paired([data.outcomes[lots.id] ?? [], data.outcomes[llm.id] ?? []])
        let all =
            results + [
                EqualityResult(
                    cell: lots, kind: .routed, accuracy: equal, outcomes: both[0], large: both[1],
                    alone: nil, clock: .latency, mainCurrency: .latency)
            ]
        let frontier = FrontierResult.all(data, all)
        for key in ["llm_passes", "flops", "bytes"] {
            let own = frontier.filter { $0.currency.key == key }
            let cheapest = try #require(own.first { $0.isCheapestEqual }, "\(key)")
            #expect(cheapest.cell.id == lots.id && own.count { $0.isCheapestEqual } == 1)
            // Beaten: the router's setting of as many calls is as cheap and more accurate.
            #expect(
                all.contains {
                    ($0.share(in: cheapest.currency) ?? 2) <= cheapest.share
                        && ($0.outcomes.accuracy ?? 0) > cheapest.accuracy
                })
        }
    }
}
