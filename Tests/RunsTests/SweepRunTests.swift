import Foundation
import ResultsStore
import Routing
import Schemas
import Specs
import SweepSupport
import TestSupport
import Testing

@testable import Runs

/// Sweeps of two tiny models, end to end within this process.
struct SweepRunTests {
    @Test func aFinishedSweepIsANoOp() throws {
        try SweepFixture.with { fixture in
            #expect(try fixture.run("a").isComplete)
            let rows = try fixture.rows("a")
            let attempts = try fixture.attempts("a")
            // 11 cells of 6 questions; 2 calibration cells of 3, max-prob has thresholds.
            #expect(attempts.count == 11 * 6 + 2 * 3)
            #expect(try fixture.run("a").isComplete)
            #expect(try fixture.rows("a") == rows)
            #expect(try fixture.attempts("a") == attempts)
        }
    }

    @Test func policiesOfWholeAnswersAndDraftsWriteWhatTheyPromise() throws {
        try SweepFixture.with { fixture in
            let policies =
                "[slm, llm, disagree, query-oracle, {query-random: {ratio: [0, 0.5, 1]}}, "
                + "{speculative: {draft: [1, 4]}}, {bild: {fallback: [0, 0.03], rollback: 4}}]"
            #expect(try fixture.run("a", set: ["policies=\(policies)"]).failures == 0)
            func outputs(_ policy: String, _ setting: String? = nil) throws -> [String] {
                try fixture.outputs(of: policy, setting, in: "a")
            }
            // The database says what each decides, and where the large model is called.
            #expect(
                try fixture.count(
                    """
                    SELECT count(*) FROM cell WHERE (policy LIKE 'query%') = (scope = 'question')
                        AND (policy = 'query-random') = (calls IS 'below')
                    """, in: "a") == fixture.count("SELECT count(*) FROM cell", in: "a"))
            let (slm, llm) = (try outputs("slm"), try outputs("llm"))
            #expect(slm.count == 6 && llm.count == 6 && slm != llm)
            #expect(try outputs("disagree") == llm)
            #expect(try outputs("speculative", "draft=1") == llm)
            #expect(try outputs("speculative", "draft=4") == llm)
            #expect(try outputs("bild", "fallback=0,rollback=4") == slm)
            #expect(try outputs("query-random", "ratio=0") == slm)
            #expect(try outputs("query-random", "ratio=1") == llm)
            let mixed = try outputs("query-random", "ratio=0.5")
            #expect(Set(mixed).isSubset(of: slm + llm) && mixed != slm && mixed != llm)
            #expect(Set(try outputs("query-oracle")).isSubset(of: slm + llm))
            // A drafted answer is not run again, and costs are there.
            let attempts = try fixture.attempts("a")
            try fixture.run("a", set: ["policies=\(policies)"])
            #expect(try fixture.attempts("a") == attempts)
            #expect(
                try fixture.count("SELECT count(*) FROM sample WHERE flops = 0", in: "a") == 0)
        }
    }

    @Test func anOtherGradersScoresAreMadeAnewFromTheText() throws {
        try SweepFixture.with { fixture in
            try fixture.run("a")
            let rows = try fixture.rows("a")
            let attempts = try fixture.attempts("a")
            // The store must be gone, and its lock with it, before the next run.
            try regradeWrongly(fixture.path("a"))
            #expect(try fixture.rows("a") != rows)
            // Calibration's answers are not looked at for their grades, and keep them.
            try fixture.run("a")
            #expect(
                try fixture.count(
                    """
                    SELECT count(*) FROM sample JOIN cell ON cell.id = sample.cell
                    JOIN experiment ON experiment.id = cell.experiment
                    WHERE experiment.name = 'tiny' AND grader_version = 'old'
                    """, in: "a") == 0)
            #expect(try fixture.attempts("a") == attempts)
            #expect(Set(try fixture.rows("a")).intersection(rows).count > rows.count / 2)
        }
    }

    /// Gives every answer a grade of a grader that finds all of them right.
    private func regradeWrongly(_ path: String) throws {
        let store = try ResultsStore(path: path)
        for experiment in try store.reader.experiments() {
            for cell in try store.reader.cells(of: experiment.id) {
                _ = try store.rescore(cell.id, version: "old") { _, _, _ in
                    GradeRecord(
                        extracted: "x", rule: "old", correct: true, score: nil, version: "old")
                }
            }
        }
    }

    @Test func aLargerLimitAddsOnlyWhatIsMissing() throws {
        try SweepFixture.with { fixture in
            try fixture.run("a", set: ["task.limit=2"])
            let first = try fixture.attempts("a")
            try fixture.run("a", set: ["task.limit=5"])
            let second = try fixture.attempts("a")
            #expect(second.count == 11 * 5 + 2 * 3)
            for (answer, attempt) in first { #expect(second[answer] == attempt, "\(answer)") }
            // Grown in two steps or at once: the same.
            try fixture.run("b", set: ["task.limit=5"])
            #expect(try fixture.rows("a") == fixture.rows("b"))
        }
    }

    @Test func fusedEqualsSeparateAndOneThreadEqualsTwo() throws {
        try SweepFixture.with { fixture in
            try fixture.run("fused")
            try fixture.run("separate") { $0.fused = false }
            try fixture.run("one") { $0.threads = 1 }
            let rows = try fixture.rows("fused")
            #expect(rows.contains { $0.hasPrefix("decision|") })
            #expect(try fixture.rows("separate") == rows)
            #expect(try fixture.rows("one") == rows)
        }
    }

    /// The policies are not all alike, or the comparisons above would show little.
    @Test func policiesDiffer() throws {
        try SweepFixture.with { fixture in
            try fixture.run("a")
            let texts = try fixture.count(
                "SELECT count(DISTINCT output) FROM sample WHERE question = '0'", in: "a")
            #expect(texts >= 5)
            let mixed = try fixture.count(
                "SELECT count(*) FROM sample WHERE llm_calls > 0 AND llm_calls < tokens", in: "a")
            #expect(mixed >= 20)
        }
    }

    @Test func anotherSeedRunsOnlyTheRandomCellsAgain() throws {
        try SweepFixture.with { fixture in
            try fixture.run("a")
            let before = try fixture.attempts("a")
            try fixture.run("a", set: ["generation.seed=7"])
            let added = try fixture.attempts("a").filter { before[$0.key] == nil }
            #expect(added.count == 2 * 6)
            let policies = try ResultsReader(path: fixture.path("a")).query(
                """
                SELECT DISTINCT cell.policy FROM sample JOIN cell ON cell.id = sample.cell
                WHERE sample.attempt = (SELECT max(attempt) FROM sample)
                """)
            #expect(policies.rows == [[.text("random")]])
        }
    }

    @Test func aFailedQuestionIsRecordedAndTriedThreeTimes() throws {
        try SweepFixture.with { fixture in
            try fixture.tiny.writeQuestions(count: 6, long: 2)
            for run in 1...4 {
                // Tried three times at most, counted as failed for ever.
                let outcome = try fixture.run("a")
                #expect(outcome.end == .finished && outcome.failures == 11)
                #expect(outcome.abandoned == (run < 3 ? 0 : 11) && outcome.missing == 0)
                let tries = try ResultsReader(path: fixture.path("a")).query(
                    "SELECT DISTINCT question, tries FROM sample WHERE error IS NOT NULL")
                #expect(tries.rows == [[.text("2"), .integer(Int64(min(run, 3)))]])
            }
            let reasons = try ResultsReader(path: fixture.path("a")).query(
                "SELECT DISTINCT error FROM sample WHERE error IS NOT NULL")
            guard case .text(let reason)? = reasons.rows.first?.first else {
                Issue.record("no reason")
                return
            }
            #expect(reason.contains("the context of 512 leaves no room"))
            #expect(
                try fixture.count("SELECT count(*) FROM sample WHERE error IS NULL", in: "a")
                    == 11 * 5 + 2 * 3)
        }
    }

    /// Seconds of cells are compared: what slows the machine for a while must not meet one cell alone.
    @Test func oneTextAtATimeTakesAQuestionThroughAllCells() throws {
        try SweepFixture.with { fixture in
            func changes(_ name: String, batch: Int) throws -> Int64 {
                try fixture.run(name, set: ["policies=[slm, llm, disagree]"]) { options in
                    options.fused = false
                    options.batch = batch
                }
                return try fixture.count(
                    """
                    SELECT count(*) FROM (
                        SELECT question <> lag(question) OVER (ORDER BY id) AS is_new FROM sample)
                    WHERE is_new
                    """, in: name)
            }
            let (alone, batched) = (
                try changes("alone", batch: 1), try changes("batched", batch: 4)
            )
            #expect(alone == 5 && batched > 5)
            #expect(try fixture.rows("alone") == fixture.rows("batched"))
        }
    }

    @Test func differentVocabulariesAreRefusedWithBothSizes() throws {
        try SweepFixture.with { fixture in
            try fixture.tiny.model("large", seed: 2, vocabulary: 320, words: ["extra"])
            #expect(
                throws: RunError.vocabulariesDiffer(
                    slm: "small.gguf", slmCount: 280, llm: "large.gguf", llmCount: 281)
            ) { try fixture.run("a") }
            try fixture.tiny.model("small", seed: 1, words: ["other"])
            #expect(throws: RunError.vocabulariesDisagree(slm: "small.gguf", llm: "large.gguf")) {
                try fixture.run("a")
            }
            #expect(!FileManager.default.fileExists(atPath: fixture.path("a")))
        }
    }

    /// The pair that is refused above, joined: every policy that needs no one vocabulary, fused and one by one.
    @Test func differentVocabulariesCanBeJoined() throws {
        try SweepFixture.with { fixture in
            try fixture.tiny.model("large", seed: 2, vocabulary: 320, words: ["extra"])
            let joint = ["models.vocabulary=joint", "task.limit=3"]
            let spec = try String(contentsOfFile: fixture.tiny.spec, encoding: .utf8)
            let start = try #require(spec.range(of: "policies:"))
            try fixture.tiny.write(
                spec[..<start.lowerBound] + "policies: [slm, llm, { speculative: { draft: 4 } }]\n",
                to: "experiments/tiny.yaml")
            let refused = #expect(throws: SpecErrors.self) {
                try fixture.run("refused", set: joint)
            }
            #expect(
                refused?.description.contains(
                    "to judge several positions of a text in one pass") == true)
            try fixture.tiny.write(
                spec[..<start.lowerBound] + """
                    policies:
                      - slm
                      - llm
                      - random: { ratio: 0.5 }
                      - margin: { threshold: [0.0001, 0.001] }
                      - disagree
                      - query-oracle

                    """, to: "experiments/tiny.yaml")
            let outcome = try fixture.run("fused", set: joint)
            #expect(outcome.isComplete && outcome.failures == 0)
            #expect(
                try fixture.run("alone", set: joint) {
                    $0.fused = false
                    $0.batch = 1
                }.isComplete)
            #expect(try fixture.rows("fused") == fixture.rows("alone"))
            let texts = try fixture.outputs(of: "llm", in: "fused")
            #expect(try fixture.outputs(of: "disagree", in: "fused") == texts)
            #expect(try fixture.outputs(of: "slm", in: "fused") != texts)
        }
    }

    /// Two tasks asked in turns, calibrated on one of them.
    @Test func mixturesAskInTurns() throws {
        try SweepFixture.with { fixture in
            let spec = try String(contentsOfFile: fixture.tiny.spec, encoding: .utf8)
            let task = try #require(spec.range(of: "task:"))
            let generation = try #require(spec.range(of: "generation:"))
            try fixture.tiny.write(
                spec[..<task.lowerBound] + """
                    task:
                      name: both
                      split: test
                      limit: 5
                      of: [{ name: gsm8k }, { name: arithmetic-chains }]

                    """ + spec[generation.lowerBound...], to: "experiments/tiny.yaml")
            let outcome = try fixture.run("a", set: ["calibration.split=train"])
            #expect(outcome.isComplete && outcome.failures == 0)
            let questions = try ResultsReader(path: fixture.path("a")).query(
                """
                SELECT DISTINCT substr(question.name, 1, instr(question.name, ':') - 1), count(*)
                FROM question JOIN dataset ON dataset.id = question.dataset
                WHERE dataset.split = 'test' GROUP BY 1
                """)
            #expect(
                questions.rows == [
                    [.text("arithmetic-chains"), .integer(2)], [.text("gsm8k"), .integer(3)],
                ])
        }
    }

    /// Cells whose quantiles come out alike are one, whatever they are called.
    @Test func cellsThatTurnOutTheSameAreRunOnce() throws {
        try SweepFixture.with { fixture in
            let spec = TinyExperiment.spec(models: fixture.root + "/models")
            try fixture.tiny.write(
                spec + """
                    ablations:
                      - { name: again, base: entropy, threshold: { quantiles: 90 } }

                    """, to: "experiments/tiny.yaml")
            // More quantiles than there are scores: every score is one, those of the base, too.
            let outcome = try fixture.run("a", set: ["task.limit=1", "calibration.limit=1"])
            #expect(outcome.isComplete)
            let scores = try fixture.count(
                """
                SELECT count(DISTINCT decision.score) FROM decision
                JOIN sample ON sample.id = decision.sample JOIN cell ON cell.id = sample.cell
                WHERE cell.policy = 'entropy' AND cell.setting = 'never'
                """, in: "a")
            let cells = try fixture.count(
                "SELECT count(*) FROM cell WHERE policy = 'entropy' AND threshold IS NOT NULL",
                in: "a")
            #expect(cells == scores)
            #expect((5..<100).contains(scores))
        }
    }

    /// Turned-round decisions are cells of their own, though they share policy and threshold with what they turn round.
    @Test func flipsAreOtherCells() throws {
        try SweepFixture.with { fixture in
            let policies = "policies=[slm, llm, {margin: {threshold: {quantiles: 2}}}]"
            let flips =
                "ablations=[{name: none, base: margin, flip: 0}, {name: all, base: margin, flip: 1}]"
            #expect(try fixture.run("a", set: [policies, flips]).isComplete)
            let cell =
                "FROM cell JOIN sample ON sample.cell = cell.id WHERE policy = 'margin' AND threshold >= 0"
            #expect(try fixture.count("SELECT count(DISTINCT cell.id) \(cell)", in: "a") == 6)
            func calls(_ flip: String) throws -> Int64 {
                try fixture.count(
                    "SELECT sum(llm_calls) \(cell) AND setting \(flip)", in: "a")
            }
            let (plain, none, all) = (
                try calls("NOT LIKE '%flip%'"), try calls("LIKE '%flip=0'"),
                try calls("LIKE '%flip=1'")
            )
            #expect(none == plain && all != plain)
        }
    }

    @Test func promptsWithoutAChatFormat() throws {
        try SweepFixture.with { fixture in
            #expect(
                try fixture.run("a", set: ["generation.template=raw", "task.limit=1"])
                    .isComplete)
            let prompt = try fixture.count("SELECT max(prompt_tokens) FROM sample", in: "a")
            try fixture.run("b", set: ["task.limit=1"])
            // What ChatML puts around a question, byte by byte.
            #expect(try fixture.count("SELECT max(prompt_tokens) FROM sample", in: "b") > prompt)
        }
    }
}

/// Thresholds given as quantiles.
struct CalibrationTests {
    @Test(arguments: [
        (1, 1, [5], 5), (1, 1, [1, 2], 1), (1, 1, [1, 2, 3], 2), (1, 3, [1, 2, 3, 4], 1),
        (2, 3, [1, 2, 3, 4], 2), (3, 3, [1, 2, 3, 4], 3), (9, 9, Array(1...10), 9),
        (9, 9, Array(1...101), 91), (1, 9, [7, 7, 7], 7),
    ])
    func quantiles(k: Int, n: Int, sorted: [Int], expected: Int) {
        #expect(
            Calibration.quantile(k, of: n, in: sorted.map { $0 * 1_000_000 }) == Double(expected))
    }

    /// The stored thresholds cut the small model's own scores on training questions into equal parts.
    @Test func thresholdsComeFromTheTrainingSplit() throws {
        try SweepFixture.with { fixture in
            try fixture.run("a")
            let reader = try ResultsReader(path: fixture.path("a"))
            let scores = try reader.query(
                """
                SELECT decision.score FROM decision
                JOIN sample ON sample.id = decision.sample JOIN cell ON cell.id = sample.cell
                JOIN dataset ON dataset.id = cell.dataset
                WHERE cell.policy = 'entropy' AND cell.setting = 'never'
                    AND dataset.split = 'train'
                ORDER BY decision.score
                """
            ).rows.compactMap { row -> Int64? in
                if case .integer(let score)? = row.first { score } else { nil }
            }
            #expect(scores.count > 10)
            let thresholds = try reader.query(
                """
                SELECT CAST(round(threshold * 1e6) AS INTEGER) FROM cell
                WHERE policy = 'entropy' AND setting <> 'never' ORDER BY position
                """
            ).rows.map { $0[0] }
            let expected = (1...3).map { k in
                // The least score that at least k quarters of them do not exceed.
                scores.first { score in 4 * scores.count { $0 <= score } >= k * scores.count }
            }
            #expect(thresholds == expected.map { .integer($0 ?? -1) })
        }
    }

    @Test func withoutAnyScoreTheRunStops() throws {
        try SweepFixture.with { fixture in
            // No training question fits.
            try fixture.tiny.model("small", seed: 1, context: 64)
            #expect(throws: RunError.noScores(cell: "entropy threshold=q1/4")) {
                try fixture.run("a")
            }
        }
    }
}
