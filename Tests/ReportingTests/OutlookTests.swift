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
                let steps = try #require(row["slm_passes"] as? Double)
                #expect(row["slm_further_tokens"] as? Double == 0)
                let further = try #require(row["llm_further_tokens"] as? Double)
                #expect((0.9...1.1).contains(steps))
                #expect(further > 0 && further <= 1)
                let speedup = try #require(row[key] as? Double)
                #expect(abs(speedup * (cost * steps + passes + 0.05 * further) - 1) < 1e-9)
            }
        }
    }

    /// One answer, played through by hand: who wrote each token, and whether S said something at its place.
    private struct Played {
        let policy: String
        let setting: String
        let keep: String?
        let tokens: [(author: TokenAuthor, says: Bool)]
        let llmPasses: Int
        let slmProcessed: Int
        let llmProcessed: Int
    }

    /// Drafts of two behind a prompt of ten tokens. S S, kept, and L; S S, of which the first is L's; S S, kept, and the second ends the text. S reads 10 and 1; the
    /// second draft and L's token at once, and 1; 1 and 1: six passes of 16 tokens. L reads 12, 3 and, the first draft being taken back, 3.
    private static let fixed = Played(
        policy: "speculative", setting: "draft=2", keep: "strict",
        tokens: [
            (.slm, true), (.slm, true), (.llm, false), (.llm, true), (.slm, true), (.slm, true),
        ], llmPasses: 3, slmProcessed: 16, llmProcessed: 18)

    /// The same prompt. S, and S is unsure of the next, so that L writes it; S S, as many as may be, kept, and L's token is the last: nobody reads it. S reads 10, 1,
    /// 1 and 1: four passes of 13 tokens; L 11 and 3.
    private static let gated = Played(
        policy: "margin", setting: "threshold=0.2,keep=strict,most=2", keep: "strict",
        tokens: [(.slm, true), (.llm, true), (.slm, true), (.slm, true), (.llm, false)],
        llmPasses: 2, slmProcessed: 13, llmProcessed: 14)

    /// The first without a keep rule: S S L, S S L. S reads 10 and 1, 2 and 1; L 12 and 3.
    private static let unjudged = Played(
        policy: "margin", setting: "threshold=0.2,most=2", keep: nil,
        tokens: [
            (.slm, true), (.slm, true), (.llm, false), (.slm, true), (.slm, true), (.llm, false),
        ], llmPasses: 2, slmProcessed: 14, llmProcessed: 15)

    /// S's passes are counted, not what it reads in them: behind a stretch that was kept as a whole it reads two tokens at once.
    @Test func readingTwoTokensIsOnePass() throws {
        let folder = try TemporaryFolder()
        let path = folder.file("played.sqlite")
        let store = try ResultsStore(path: path)
        let experiment = try store.register(
            ExperimentRecord(name: "played", question: "q", spec: "s", seed: 0))
        let attempt = try store.beginAttempt(
            AttemptRecord(
                experiment: experiment, programVersion: "0.1.0", host: "here", cpu: "some",
                threads: 1, command: "citer sweep"))
        for (position, played) in [Self.fixed, Self.gated, Self.unjudged].enumerated() {
            let cell = try store.register(
                CellRecord(
                    experiment: experiment,
                    key: String(repeating: "b", count: 63) + String(position),
                    canonical: "{\"policy\":{\"position\":\(position)}}", policy: played.policy,
                    setting: played.setting, keep: played.keep, position: position))
            let usage = UsageRecord(
                promptTokens: 10, tokens: played.tokens.count,
                llmCalls: played.tokens.count { $0.author == .llm }, llmPasses: played.llmPasses,
                slmProcessed: played.slmProcessed, llmProcessed: played.llmProcessed, flops: nil,
                bytes: nil)
            let candidate = CandidateRecord(token: 1, logprob: -0.5)
            let decisions = played.tokens.map { author, says in
                DecisionRecord(
                    token: 1, author: author, score: nil, slm: says ? candidate : nil,
                    llm: author == .llm ? candidate : nil)
            }
            let sample = SampleRecord(
                question: "a", output: "a", finish: .stop, gold: "a",
                grade: GradeRecord(
                    extracted: "a", rule: "last number", correct: true, version: "1"),
                usage: usage)
            try store.save(
                [FinishedQuestion(cell: cell, sample: sample, decisions: decisions)], by: attempt)
        }
        try store.endAttempt(attempt, .finished, peakMemory: 1)
        try store.close()
        let costs = try #require(Outlook.Costs(slmSteps: [0.5], token: 0.1))
        let outlook = try Outlook(ResultsReader(path: path), experiment: "played", at: costs)
        let json = try JSONSerialization.jsonObject(with: Data(outlook.text(as: .json).utf8))
        let tables = (json as? [String: Any])?["tables"] as? [String: [[String: Any]]]
        let rows = try #require(tables?["outlook"])
        // Passes and further tokens of S, then of L, in each answer.
        for (setting, tokens, counts) in [
            (Self.fixed.setting, 6.0, [6.0, 1, 3, 6]),
            (Self.gated.setting, 5.0, [4.0, 0, 2, 3]),
            (Self.unjudged.setting, 6.0, [4.0, 1, 2, 4]),
        ] {
            let row = try #require(rows.first { $0["setting"] as? String == setting })
            let names = [
                "slm_passes", "slm_further_tokens", "llm_passes", "llm_further_tokens",
            ]
            for (name, count) in zip(names, counts) {
                let share = try #require(row[name] as? Double)
                #expect(abs(share * tokens - count) < 1e-9, "\(setting): \(name)")
            }
            let slm = 0.5 * (counts[0] + 0.1 * counts[1])
            let time = (slm + counts[2] + 0.1 * counts[3]) / tokens
            let speedup = try #require(row["speedup_at_0.5"] as? Double)
            #expect(abs(speedup * time - 1) < 1e-9, "\(setting)")
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
