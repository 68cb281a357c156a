import Foundation
import GRDB
import Testing

@testable import ResultsStore

struct MergeTests {
    @Test func joinsShardsAndIsIdempotent() throws {
        let folder = try TemporaryFolder()
        let one = try Fixture(path: folder.file("1.sqlite"))
        try one.save("1")
        try one.save("2", correct: false, tokens: 9)
        // Another order of registration, so that ids differ.
        let two = try shard(folder.file("2.sqlite"))
        try two.save("3", tokens: 4)
        try two.save("1")

        let whole = try ResultsStore(path: folder.file("whole.sqlite"))
        #expect(
            try whole.merge(from: one.store.path)
                == MergeResult(samples: 2, failures: 0, known: 0))
        #expect(
            try whole.merge(from: two.store.path)
                == MergeResult(samples: 1, failures: 0, known: 1))
        let once = try contents(whole)
        for source in [one, two, one] {
            let again = try whole.merge(from: source.store.path)
            #expect(again == MergeResult(samples: 0, failures: 0, known: 2))
        }
        #expect(try contents(whole) == once)
        #expect(try whole.reader.check() == CheckReport(problems: [], samples: 3, decisions: 19))

        let other = try ResultsStore(path: folder.file("other.sqlite"))
        _ = try other.merge(from: two.store.path)
        _ = try other.merge(from: one.store.path)
        #expect(try contents(other) == once)
    }

    @Test func namesConflictingRowsAndStoresNothing() throws {
        let folder = try TemporaryFolder()
        let one = try Fixture(path: folder.file("1.sqlite"))
        try one.save("1")
        try one.save("2")
        let two = try Fixture(path: folder.file("2.sqlite"))
        try two.save("1", correct: false)
        try two.save("5")
        var moved = decisions(6)
        moved[3].slm?.token = 77
        try two.store.save(
            sample("2", decisions: moved), decisions: moved, in: two.cell, by: two.attempt)
        let before = try contents(one.store)
        let expected = StoreError.conflicts(
            source: two.store.path, count: 2,
            rows: [
                MergeConflict(
                    table: "sample", row: "cell \(key(1)) question 1",
                    columns: ["extracted", "correct"]),
                MergeConflict(
                    table: "decision", row: "cell \(key(1)) question 2", columns: ["tokens"]),
            ])
        #expect(throws: expected) { try one.store.merge(from: two.store.path) }
        #expect(try contents(one.store) == before)
        #expect("\(expected)".contains("question 2"))
    }

    @Test func timesAreNoConflict() throws {
        let folder = try TemporaryFolder()
        let one = try Fixture(path: folder.file("1.sqlite"))
        try one.store.save(sample("1", seconds: 1), in: one.cell, by: one.attempt)
        let two = try Fixture(path: folder.file("2.sqlite"))
        try two.store.save(sample("1", seconds: 2), in: two.cell, by: two.attempt)
        #expect(try one.store.merge(from: two.store.path).known == 1)
        #expect(try one.store.reader.outcomes(of: one.cell).map(\.seconds) == [1])
    }

    @Test func answersBeatFailures() throws {
        let folder = try TemporaryFolder()
        let one = try Fixture(path: folder.file("1.sqlite"))
        let two = try Fixture(path: folder.file("2.sqlite"))
        let fail = { (fixture: Fixture, question: String, times: Int) in
            for time in 1...times {
                try fixture.store.saveFailure(
                    of: question, reason: "try \(time)", in: fixture.cell, by: fixture.attempt)
            }
        }
        try fail(one, "1", 1)
        try fail(two, "1", 2)
        try two.save("1")
        try one.save("2")
        try fail(two, "2", 3)
        try fail(one, "3", 1)
        try fail(two, "3", 2)
        let first = try one.store.merge(from: two.store.path)
        #expect(first == MergeResult(samples: 1, failures: 1, known: 0))
        let second = try one.store.merge(from: two.store.path)
        #expect(second == MergeResult(samples: 0, failures: 0, known: 1))
        let rows = try one.store.reader.samples(of: one.cell)
        #expect(rows.map(\.tries) == [3, 1, 2])
        #expect(rows.map(\.error) == [nil, nil, "try 2"])
        #expect(try one.store.reader.tokens(of: rows[0]).count == 6)
    }

    @Test func mergesRunsTimesAndTraining() throws {
        let folder = try TemporaryFolder()
        let one = try Fixture(path: folder.file("1.sqlite"))
        let two = try Fixture(path: folder.file("2.sqlite"))
        let router = RouterRecord(name: "r", kind: "citer", sha256: "ee")
        let training = TrainingRecord(
            round: 1, tokens: 10, case1: 7, case2: 2, case3: 1, churn: 0.5, seconds: 3)
        let id = try two.store.register(router)
        try two.store.record(training, of: id, by: two.attempt)
        let step = TimingRecord(phase: .slmStep, batch: 8, seconds: 1, passes: 2, tokens: 16)
        try two.store.record([step, step], in: two.cell, by: two.attempt)
        try two.store.record([step], by: two.attempt)
        _ = try one.store.merge(from: two.store.path)
        try two.store.record([step], by: two.attempt)
        try two.store.endAttempt(two.attempt, .interrupted(reason: "SIGTERM"), peakMemory: 1 << 33)
        for _ in 0..<2 { _ = try one.store.merge(from: two.store.path) }

        #expect(try one.store.reader.training().map(\.record) == [training])
        let sum = TimingRecord(phase: .slmStep, batch: 8, seconds: 2, passes: 4, tokens: 32)
        let timings = try one.store.reader.timings()
        #expect(timings.map(\.record) == [sum, sum])
        #expect(timings.map(\.cell) == [nil, one.cell])
        let attempts = try one.store.reader.attempts()
        #expect(Set(attempts.map(\.outcome)) == [nil, "interrupted"])
        #expect(Set(attempts.map(\.peakMemory)) == [nil, 1 << 33])

        var other = training
        other.tokens = 11
        try two.store.record(other, of: id)
        #expect(throws: StoreError.self) { try one.store.merge(from: two.store.path) }
    }

    /// What one file says and the other contradicts, table by table: the conflict names it, and nothing is taken.
    @Test(arguments: [
        ("UPDATE vocabulary SET size = 7", "vocabulary dd: size"),
        ("UPDATE piece SET text = 'x' WHERE token_id = 500", "piece token 500: text"),
        ("UPDATE model SET architecture = 'qwen2' WHERE name = 'small'", "model aa: architecture"),
        ("UPDATE model SET file_bytes = 5 WHERE name = 'large'", "model bb: file_bytes"),
        ("UPDATE router SET kind = 'r2r'", "router ee: kind"),
        ("UPDATE dataset SET rows = 10", "dataset sums test: rows"),
        ("UPDATE question SET text = 'x'", "question 1: text"),
        ("UPDATE cell SET threshold = 0.6", "cell cell \(key(1)): threshold"),
        ("UPDATE cell SET router = 1", "cell cell \(key(1)): router"),
        ("UPDATE cell SET vocabulary = NULL", "cell cell \(key(1)): vocabulary"),
        ("UPDATE attempt SET host = 'there', started = 'never'", "attempt UID: host, started"),
        ("UPDATE attempt SET outcome = 'failed'", "attempt UID: outcome"),
        ("UPDATE training SET flops = 8", "training router r round 1: flops"),
        (
            "UPDATE router_label SET weight = 3",
            "router_label router r question 1 position 0: weight"
        ),
        ("DELETE FROM router_label WHERE position = 1", "router_label ee: labels"),
        (
            "UPDATE timing SET seconds = seconds + 1, passes = passes - 1",
            "timing attempt UID phase slm_step batch 8: seconds, passes"
        ),
        ("UPDATE sample SET llm_passes = 9", "sample cell \(key(1)) question 1: llm_passes"),
        (
            "UPDATE decision SET slm_logprob = 1 WHERE position = 2",
            "decision cell \(key(1)) question 1: tokens"
        ),
    ])
    func everyTableIsCompared(change: String, says: String) throws {
        let folder = try TemporaryFolder()
        let one = try full(folder.file("1.sqlite"))
        let copy = folder.file("2.sqlite")
        let two = try ResultsStore(path: copy)
        #expect(try two.merge(from: one.store.path).differences == [])
        #expect(
            try two.merge(from: one.store.path) == MergeResult(samples: 0, failures: 0, known: 1))
        try two.transaction { db in
            try db.execute(sql: "PRAGMA defer_foreign_keys = ON; " + change)
        }
        let uid = try one.store.reader.attempts().first?.uid ?? ""
        func texts(_ body: () throws -> MergeResult) -> [String] {
            do throws(any Error) {
                return try body().differences.map(\.description)
            } catch {
                guard case .conflicts(_, _, let rows)? = error as? StoreError else {
                    return ["\(error)"]
                }
                return rows.map(\.description)
            }
        }
        let before = try Self.dump(one.store)
        let found = texts { try one.store.merge(from: copy) }
        #expect(found.contains(says.replacing("UID", with: uid)), "\(found)")
        #expect(try Self.dump(one.store) == before)
        // Whichever side is merged into the other.
        #expect(texts { try two.merge(from: one.store.path) } == found)
    }

    /// What follows the last run is told, not refused; and each file keeps its own.
    @Test(arguments: [
        ("UPDATE experiment SET spec = 'x', seed = 4", "experiment sums: spec, seed"),
        ("UPDATE model SET name = 'tiny' WHERE name = 'small'", "model aa: name"),
        ("UPDATE router SET details = '{}'", "router ee: name"),
        ("UPDATE dataset SET source = 'web'", "dataset sums test: source"),
        ("UPDATE cell SET position = 5, slm = NULL", "cell cell \(key(1)): position, slm"),
    ])
    func whatIsOnlyCalledOtherwiseIsTold(change: String, says: String) throws {
        let folder = try TemporaryFolder()
        let one = try full(folder.file("1.sqlite"))
        let two = try ResultsStore(path: folder.file("2.sqlite"))
        _ = try two.merge(from: one.store.path)
        try two.transaction { try $0.execute(sql: change) }
        let before = try Self.dump(one.store)
        let told = try one.store.merge(from: two.path).differences.map(\.description)
        #expect(told == [says.replacing("ee: name", with: "ee: details")])
        #expect(try Self.dump(one.store) == before)
    }

    /// Sums only grow while an attempt runs: the row with more is the later one, energy included.
    @Test func theLaterTimesStay() throws {
        let folder = try TemporaryFolder()
        let one = try full(folder.file("1.sqlite"))
        let two = try ResultsStore(path: folder.file("2.sqlite"))
        _ = try two.merge(from: one.store.path)
        let more = TimingRecord(phase: .slmStep, batch: 8, seconds: 1, passes: 2, tokens: 3)
        // Energy that could not be measured for a while is unknown from then on.
        try one.store.record([more], by: one.attempt)
        _ = try two.merge(from: one.store.path)
        let sum = TimingRecord(phase: .slmStep, batch: 8, seconds: 2, passes: 4, tokens: 19)
        #expect(try two.reader.timings().map(\.record) == [sum])
        #expect(try one.store.merge(from: two.path).known == 1)
        #expect(try one.store.reader.timings().map(\.record) == [sum])
    }

    /// A file with a row in every table.
    private func full(_ path: String) throws -> Fixture {
        let fixture = try Fixture(path: path)
        try fixture.save("1")
        let router = try fixture.store.register(
            RouterRecord(name: "r", kind: "citer", sha256: "ee"))
        try fixture.store.record(
            TrainingRecord(round: 1, tokens: 10, case1: 7, case2: 2, case3: 1, flops: 7),
            of: router, by: fixture.attempt)
        try fixture.store.record(
            (0..<2).map { position in
                RouterLabelRecord(
                    question: "1", position: position, shortcut: 1, label: 1, weight: 2,
                    score: 0.5, isHeldOut: true)
            }, of: router)
        try fixture.store.record(
            [
                TimingRecord(
                    phase: .slmStep, batch: 8, seconds: 1, passes: 2, tokens: 16, joules: 5)
            ], by: fixture.attempt)
        let set = try fixture.store.register(
            DatasetRecord(name: "sums", split: "test", sha256: "cc", rows: 9))
        try fixture.store.register([QuestionRecord(name: "1", text: "1 + 1?")], of: set)
        try fixture.store.endAttempt(fixture.attempt, .finished)
        return fixture
    }

    /// All tables as text.
    private static func dump(_ store: ResultsStore) throws -> [String] {
        try store.transaction { db in
            let tables = try String.fetchAll(
                db, sql: "SELECT name FROM sqlite_schema WHERE type = 'table'")
            return try tables.flatMap { table in
                try Row.fetchAll(db, sql: "SELECT * FROM \(table)").map { "\(table) \($0)" }
            }.sorted()
        }
    }

    @Test func refusesWhatIsNotAResultsDatabase() throws {
        let folder = try TemporaryFolder()
        let store = try ResultsStore(path: folder.file())
        #expect(throws: StoreError.missing(path: folder.file("none"))) {
            try store.merge(from: folder.file("none"))
        }
        let foreign = try DatabaseQueue(path: folder.file("foreign"))
        try foreign.write { try $0.execute(sql: "CREATE TABLE sample (a)") }
        #expect(throws: StoreError.notResults(path: folder.file("foreign"))) {
            try store.merge(from: folder.file("foreign"))
        }
    }

    /// Another experiment's answers would be reported as this one's.
    @Test func anotherExperimentsFileIsRefused() throws {
        let folder = try TemporaryFolder()
        let one = try Fixture(path: folder.file("1.sqlite"))
        try one.save("1")
        let other = try ResultsStore(path: folder.file("2.sqlite"))
        let expected = StoreError.otherExperiment(
            source: other.path, found: ["other"], expected: ["sums"])
        // Nothing in it yet: nothing to refuse.
        _ = try one.store.merge(from: other.path)
        let experiment = try other.register(ExperimentRecord(name: "other", spec: ""))
        #expect(throws: expected) { try one.store.merge(from: other.path) }
        let cell = try other.register(
            CellRecord(
                experiment: experiment, key: key(9), canonical: "{}", policy: "llm", position: 0))
        let attempt = try other.beginAttempt(
            AttemptRecord(
                programVersion: "1.0", host: "here", cpu: "some", threads: 1, command: "citer"))
        try other.save(sample("1"), in: cell, by: attempt)
        #expect(throws: expected) { try one.store.merge(from: other.path) }
        #expect(try one.store.reader.experiments().map(\.record.name) == ["sums"])
        // An empty file takes any.
        let whole = try ResultsStore(path: folder.file("whole.sqlite"))
        #expect(try whole.merge(from: other.path).samples == 1)
        // What lies beside the experiment itself, as its calibration does, comes along.
        _ = try other.register(ExperimentRecord(name: "sums", spec: ""))
        #expect(try one.store.merge(from: other.path).samples == 1)
    }

    @Test func itselfIsRefused() throws {
        let folder = try TemporaryFolder()
        let one = try Fixture(path: folder.file())
        try one.save("1")
        #expect(throws: StoreError.sameFile(path: folder.file(), other: folder.file())) {
            try one.store.merge(from: folder.file())
        }
    }

    /// Grades of two graders' versions are no contradiction of the answer.
    @Test func anotherGradersVersionIsNoConflict() throws {
        let folder = try TemporaryFolder()
        let one = try Fixture(path: folder.file("1.sqlite"))
        let two = try Fixture(path: folder.file("2.sqlite"))
        var regraded = sample("1", correct: false)
        regraded.grade.version = "2"
        try one.store.save(sample("1"), in: one.cell, by: one.attempt)
        try two.store.save(regraded, in: two.cell, by: two.attempt)
        #expect(try one.store.merge(from: two.store.path).known == 1)
        #expect(try one.store.reader.samples(of: one.cell).first?.sample?.grade.correct == true)
        regraded.output = "another text"
        regraded.question = "2"
        try two.store.save(regraded, in: two.cell, by: two.attempt)
        try one.store.save(sample("2"), in: one.cell, by: one.attempt)
        #expect(throws: StoreError.self) { try one.store.merge(from: two.store.path) }
    }

    @Test(arguments: [
        "a b?c=d#e%20.sqlite", "it's \"quoted\".sqlite", "file:x.sqlite", "é日本.sqlite",
    ])
    func acceptsAnyFileName(name: String) throws {
        let folder = try TemporaryFolder()
        try Fixture(path: folder.file(name)).save("1")
        let store = try ResultsStore(path: folder.file("whole.sqlite"))
        #expect(try store.merge(from: folder.file(name)).samples == 1)
    }

    /// The same cell under other row ids.
    private func shard(_ path: String) throws -> Fixture {
        do {
            let store = try ResultsStore(path: path)
            let experiment = try store.register(ExperimentRecord(name: "a", spec: ""))
            _ = try store.register(ModelRecord(name: "large", sha256: "bb"))
            _ = try store.register(
                CellRecord(
                    experiment: experiment, key: key(9), canonical: "{}", policy: "llm",
                    position: 3))
        }
        return try Fixture(path: path)
    }

    /// All answers and decisions, without row ids, attempts and times.
    private func contents(_ store: ResultsStore) throws -> [String] {
        try store.transaction { db in
            try String.fetchAll(
                db,
                sql: """
                    SELECT key || question || ifnull(output, '') || ifnull(correct, '')
                        || ifnull(error, '') || sample.tokens || flops
                    FROM sample JOIN cell ON cell.id = sample.cell
                    UNION ALL
                    SELECT key || token.question || token.position || token_id || text || route
                        || ifnull(slm_token, '') || ifnull(llm_logprob, '') || token.score
                    FROM token JOIN cell ON cell.id = token.cell
                    ORDER BY 1
                    """)
        }
    }
}
