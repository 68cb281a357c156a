import Foundation
import Reporting
import ResultsStore
import Testing

/// What other pairs would gain, by arithmetic alone.
struct OutlookTests {
    private func json(_ costs: Outlook.Costs) throws -> [String: [[String: Any]]] {
        let folder = try TemporaryFolder()
        let synthetic = try Synthetic(folder: folder, questions: 40)
        let outlook = try Outlook(
            synthetic.reader, experiment: Synthetic.experimentName, at: costs)
        let json = try JSONSerialization.jsonObject(with: Data(outlook.text(as: .json).utf8))
        return try #require((json as? [String: Any])?["tables"] as? [String: [[String: Any]]])
    }

    /// Steps, passes and further tokens at their costs, L's own steps being 1; S reads about as many tokens as there are.
    @Test func settingsAreAsFastAsTheirStepsAndPasses() throws {
        let costs = try #require(Outlook.Costs(slmSteps: [0.1, 0.25], token: 0.05))
        let rows = try #require(try json(costs)["outlook"])
        #expect(!rows.contains { $0["policy"] as? String == "slm" })
        let llm = try #require(rows.first { $0["policy"] as? String == "llm" })
        #expect(llm["speedup_at_0.1"] as? Double == 1)
        #expect(llm["llm_passes"] as? Double == 1)
        let routed = rows.filter { $0["policy"] as? String == "random" }
        #expect(routed.count > 2)
        for row in routed {
            let passes = try #require(row["llm_passes"] as? Double)
            #expect(passes > 0 && passes < 1)
            for (cost, key) in [(0.1, "speedup_at_0.1"), (0.25, "speedup_at_0.25")] {
                let steps = try #require(row["slm_steps"] as? Double)
                let further = try #require(row["llm_further_tokens"] as? Double)
                #expect((0.9...1.1).contains(steps))
                #expect(further > 0 && further <= 1)
                let speedup = try #require(row[key] as? Double)
                #expect(abs(speedup * (cost * steps + passes + 0.05 * further) - 1) < 1e-9)
            }
        }
    }

    /// The best draft is found among all, each played through token by token.
    @Test func agreementDecidesTheDraft() throws {
        let costs = try #require(Outlook.Costs(slmSteps: [0.05, 1], token: 0.02))
        let rows = try #require(try json(costs)["outlook-agreement"])
        #expect(rows.allSatisfy { $0["source"] is NSNull })
        for row in rows {
            let share = try #require(row["agreement"] as? Double)
            let speeds = (1...64).map { draft in
                let written = (0...draft).reduce(0) { $0 + pow(share, Double($1)) }
                return written / (1 + Double(draft) * 0.07)
            }
            let best = try #require(speeds.max())
            let speedup = try #require(row["speedup_at_0.05"] as? Double)
            #expect(abs(speedup - best) < 1e-9)
            let draft = try #require(row["draft_at_0.05"] as? Int)
            #expect(abs(speeds[draft - 1] - best) < 1e-9)
            // As slow as L itself, S gains nothing.
            #expect(row["speedup_at_1.0"] as? Double == 1)
            #expect(row["draft_at_1.0"] as? Int == 0)
        }
    }

    @Test(arguments: [[], [0], [1.5], [0.1, 0.1], [.nan]])
    func costsThatAreNoSharesAreRefused(steps: [Double]) {
        #expect(Outlook.Costs(slmSteps: steps, token: 0.1) == nil)
        #expect(Outlook.Costs(slmSteps: [0.1], token: -0.1) == nil)
        #expect(Outlook.Costs(slmSteps: [0.1], token: .nan) == nil)
    }
}
