import Foundation
import ResultsStore
import SweepSupport
import TestSupport
import Testing

@testable import Runs

struct SweepPlanTests {
    @Test func beforeAndAfter() throws {
        try SweepFixture.with { fixture in
            let before = try fixture.sweep("a").plan()
            #expect(
                before.text.contains("  calibration of entropy: 3 questions, not begun\n"))
            #expect(
                before.text.contains("  entropy threshold=q1/4: 6 questions, not begun\n"))
            #expect(
                before.text.hasSuffix(
                    "72 of 72 answers to go, at most 1152 tokens;"
                        + " the time is not known before a first run"))
            #expect(!FileManager.default.fileExists(atPath: fixture.path("a")))

            try fixture.run("a", set: ["task.limit=2"])
            let half = try fixture.sweep("a").plan()
            #expect(half.text.contains("  calibration of entropy: 3 questions, all done\n"))
            #expect(half.text.contains("  slm: 6 questions, 2 done\n"))
            #expect(!half.text.contains("threshold=q"))
            let tokens = try fixture.count(
                """
                SELECT sum(tokens) FROM sample JOIN cell ON cell.id = sample.cell
                WHERE setting IS NOT 'never'
                """, in: "a")
            // 4 more of each cell, as long as its 2.
            #expect(
                half.text.contains("44 of 72 answers to go, about \(2 * tokens) tokens, about "))
            #expect(half.text.contains("tokens/s measured on this machine"))

            try fixture.run("a")
            #expect(try fixture.sweep("a").plan().text.hasSuffix("\n0 of 72 answers to go"))
            let part = try fixture.sweep("b") { $0.shard = Shard(1, of: 2) }.plan()
            #expect(part.text.contains("tiny, shard 1/2: "))
            #expect(part.text.contains("  slm: 3 questions, not begun\n"))
        }
    }

    /// Answers of another pair, data set or length are other cells, whatever their policy.
    @Test func onlyTheSameCellsCount() throws {
        try SweepFixture.with { fixture in
            try fixture.run("a")
            let other = try fixture.sweep("a", set: ["generation.max_tokens=8"]).plan()
            #expect(other.text.contains("72 of 72 answers to go"))
        }
    }

    /// What another database has is not run again, and so not planned; a calibration is run by each.
    @Test func answersElsewhereAreDone() throws {
        try SweepFixture.with { fixture in
            try fixture.run("main", set: ["task.limit=2"])
            for index in 1...2 {
                func sweep() throws -> Sweep {
                    try fixture.sweep("part\(index)") {
                        $0.shard = Shard(index, of: 2)
                        $0.known = fixture.path("main")
                    }
                }
                let before = try sweep().plan().text
                #expect(before.contains("  slm: 3 questions, 1 done\n"), "\(before)")
                #expect(before.contains("  calibration of entropy: 3 questions, not begun\n"))
                _ = try sweep().run()
                let after = try sweep().plan().text
                #expect(after.contains("  slm: 3 questions, all done\n"), "\(after)")
                #expect(after.contains("\n0 of "), "\(after)")
                // Only what the other database has is left out.
                let alone = try fixture.sweep("part\(index)") { $0.shard = Shard(index, of: 2) }
                #expect(try alone.plan().text.contains("  slm: 3 questions, 2 done\n"))
            }
        }
    }

    @Test func questionsGivenUpAreNotPlanned() throws {
        try SweepFixture.with { fixture in
            try fixture.tiny.writeQuestions(count: 6, long: 2)
            for _ in 1...2 { try fixture.run("a") }
            #expect(try fixture.sweep("a").plan().text.contains("\n11 of 72 answers to go"))
            try fixture.run("a")
            let text = try fixture.sweep("a").plan().text
            #expect(text.contains("  slm: 6 questions, 5 done, 1 failed\n"))
            #expect(text.hasSuffix("\n0 of 72 answers to go"))
        }
    }

    @Test func withoutTheModels() throws {
        try SweepFixture.with { fixture in
            try fixture.tiny.write(
                """
                models:
                  small:
                    architecture: qwen2
                    licence: none
                    file: absent.gguf
                    bytes: 5
                    sha256: \(String(repeating: "0", count: 64))
                    sources: [{ directory: CITER_MODELS }]
                """, to: "experiments/models.yaml")
            let plan = try fixture.sweep("a", set: ["models.slm=small"]).plan()
            #expect(plan.text.contains("  to be fetched: small\n  slm: 6 questions\n"))
        }
    }

    @Test func timesAreOfThisMachineAndKind() throws {
        try SweepFixture.with { fixture in
            try fixture.run("a", set: ["task.limit=1"])
            try fixture.run("a", set: ["task.limit=2"]) { $0.fused = false }
            let reader = try ResultsReader(path: fixture.path("a"))
            let fused = try MeasuredRates(reader, experiment: "tiny", maxTokens: 16, fused: true)
            let single = try MeasuredRates(reader, experiment: "tiny", maxTokens: 16, fused: false)
            #expect(fused.tokensPerSecond != nil && single.tokensPerSecond != nil)
            #expect(fused.tokensPerSecond != single.tokensPerSecond)
            #expect(fused.elsewhere == nil)
            // By hand: tokens of the first run's answers over the seconds of its passes.
            let rate = try reader.query(
                """
                SELECT (SELECT sum(tokens) FROM sample WHERE attempt = 1)
                    / (SELECT sum(seconds) FROM timing WHERE attempt = 1)
                """)
            #expect(rate.rows == [[.real(fused.tokensPerSecond ?? 0)]])
        }
    }
}
