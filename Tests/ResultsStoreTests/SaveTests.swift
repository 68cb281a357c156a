import GRDB
import Testing

@testable import ResultsStore

struct SaveTests {
    @Test func returnsWhatWasSaved() throws {
        let folder = try TemporaryFolder()
        let fixture = try Fixture(path: folder.file())
        let decisions = decisions(7)
        let sample = sample("q7", decisions: decisions)
        try fixture.store.save(
            sample, decisions: decisions, in: fixture.cell, by: fixture.attempt)

        let stored = try fixture.store.reader.sample(of: fixture.cell, question: "q7")
        #expect(stored.sample == sample)
        #expect(stored.tries == 1)
        let tokens = try fixture.store.reader.tokens(of: stored)
        #expect(tokens.map(\.position) == Array(0..<7))
        for (token, decision) in zip(tokens, decisions) {
            #expect(token.token == decision.token)
            #expect(token.author == decision.author)
            #expect(token.slm == decision.slm)
            #expect(token.llm == decision.llm)
            #expect(abs((token.score ?? -1) - (decision.score ?? -2)) <= 5e-7)
            #expect(token.bytes == Array("t\(decision.token) ".utf8))
            #expect(token.slmBytes == decision.slm.map { Array("t\($0.token) ".utf8) })
            #expect(token.llmBytes == decision.llm.map { Array("t\($0.token) ".utf8) })
        }
    }

    /// The view must not confuse "not asked" with "asked, and the same token".
    @Test func viewTellsNotAskedFromSameToken() throws {
        let folder = try TemporaryFolder()
        let fixture = try Fixture(path: folder.file())
        let decisions = [
            DecisionRecord(token: 7, author: .slm, slm: CandidateRecord(token: 7, logprob: -1)),
            DecisionRecord(token: 7, author: .slm, slm: CandidateRecord(token: 7, logprob: nil)),
            DecisionRecord(token: 7, author: .llm, llm: CandidateRecord(token: 7, logprob: 0)),
            DecisionRecord(
                token: 8, author: .llm, slm: CandidateRecord(token: 7, logprob: -1),
                llm: CandidateRecord(token: 8, logprob: -2)),
            DecisionRecord(token: 9, author: .slm),
        ]
        try fixture.store.save(
            sample("1", decisions: decisions), decisions: decisions, in: fixture.cell,
            by: fixture.attempt)
        let rows = try DatabaseQueue(path: folder.file()).read { db in
            try Row.fetchAll(
                db, sql: "SELECT slm_token, slm_text, llm_token, llm_text, route FROM token")
        }
        #expect(rows.map { $0["slm_token"] as Int? } == [7, 7, nil, 7, nil])
        #expect(rows.map { $0["slm_text"] as String? } == ["t7 ", "t7 ", nil, "t7 ", nil])
        #expect(rows.map { $0["llm_token"] as Int? } == [nil, nil, 7, 8, nil])
        #expect(rows.map { $0["llm_text"] as String? } == [nil, nil, "t7 ", "t8 ", nil])
        #expect(rows.map { $0["route"] as String } == ["slm", "slm", "llm", "llm", "slm"])
        let stored = try fixture.store.reader.sample(of: fixture.cell, question: "1")
        let tokens = try fixture.store.reader.tokens(of: stored)
        #expect(tokens.map(\.slm) == decisions.map(\.slm))
        #expect(tokens.map(\.llm) == decisions.map(\.llm))
    }

    @Test(arguments: [
        "", "a\u{0}b", "\u{0}", "'; DROP TABLE sample; --", "</script>\u{2028}\u{2029}", "\u{FFFD}",
        "e\u{301} é 日本 👩‍👩‍👧 \u{202E}abc", "\r\n\t\u{1B}[31m", String(repeating: "x", count: 1 << 20),
    ])
    func keepsHostileTextAsIs(text: String) throws {
        let folder = try TemporaryFolder()
        let fixture = try Fixture(path: folder.file())
        var hostile = sample("1", output: text)
        hostile.gold = text
        hostile.grade.extracted = text
        try fixture.store.save(hostile, in: fixture.cell, by: fixture.attempt)
        try fixture.store.saveFailure(
            of: "2", reason: text, in: fixture.cell, by: fixture.attempt)
        let reader = try ResultsReader(path: folder.file())
        let rows = try reader.samples(of: fixture.cell)
        #expect(rows.map { $0.sample.map { Array($0.output.utf8) } } == [Array(text.utf8), nil])
        #expect(rows.first?.sample?.gold == text)
        #expect(rows.first?.sample?.grade.extracted == text)
        #expect(rows.last?.error == text)
    }

    /// A token can be a part of a character, or NUL.
    @Test func keepsPiecesThatAreNotText() throws {
        let folder = try TemporaryFolder()
        let fixture = try Fixture(path: folder.file())
        let bytes: [[UInt8]] = [[0xF0, 0x9F], [0x91, 0xA9], [0], [0x41]]
        let vocabulary = try fixture.store.register(
            VocabularyRecord(sha256: "parts", size: 4) { bytes[$0] })
        let cell = try fixture.store.register(
            CellRecord(
                experiment: fixture.experiment, key: key(2), canonical: "{}", policy: "slm",
                position: 1, vocabulary: vocabulary))
        let decisions = (0..<4).map { DecisionRecord(token: $0, author: .slm) }
        try fixture.store.save(
            sample("1", decisions: decisions), decisions: decisions, in: cell,
            by: fixture.attempt)
        let stored = try fixture.store.reader.sample(of: cell, question: "1")
        #expect(try fixture.store.reader.tokens(of: stored).map(\.bytes) == bytes)
    }

    @Test func countsTriesAndReplacesFailures() throws {
        let folder = try TemporaryFolder()
        let fixture = try Fixture(path: folder.file())
        let reader = fixture.store.reader
        try fixture.store.saveFailure(
            of: "1", reason: "too long", in: fixture.cell, by: fixture.attempt)
        try fixture.store.saveFailure(
            of: "1", reason: "still", in: fixture.cell, by: fixture.attempt)
        #expect(try reader.failedQuestions(of: fixture.cell) == ["1": 2])
        // An absence of a server says nothing of the question.
        for _ in 0..<3 {
            try fixture.store.saveFailure(
                of: "1", reason: "away", in: fixture.cell, by: fixture.attempt, counts: false)
        }
        #expect(try reader.failedQuestions(of: fixture.cell) == ["1": 2])
        #expect(try reader.finishedQuestions(of: fixture.cell) == [])
        let failed = try #require(try reader.curve(of: fixture.experiment).first)
        #expect((failed.n, failed.failed, failed.accuracy) == (0, 1, nil))

        try fixture.save("1")
        #expect(try reader.failedQuestions(of: fixture.cell) == [:])
        #expect(try reader.finishedQuestions(of: fixture.cell) == ["1"])
        let row = try reader.sample(of: fixture.cell, question: "1")
        #expect(row.tries == 3)
        #expect(row.error == nil)
    }

    @Test func neverReplacesAnAnswer() throws {
        let folder = try TemporaryFolder()
        let fixture = try Fixture(path: folder.file())
        try fixture.save("1")
        let expected = StoreError.alreadyFinished(cell: key(1), question: "1")
        #expect(throws: expected) { try fixture.save("1", correct: false) }
        #expect(throws: expected) {
            try fixture.store.saveFailure(
                of: "1", reason: "late", in: fixture.cell, by: fixture.attempt)
        }
        #expect(try fixture.store.reader.outcomes(of: fixture.cell).map(\.correct) == [true])
    }

    @Test func storesABatchWholeOrNotAtAll() throws {
        let folder = try TemporaryFolder()
        let fixture = try Fixture(path: folder.file())
        try fixture.save("2")
        let batch = ["1", "2", "3"].map { question in
            FinishedQuestion(
                cell: fixture.cell, sample: sample(question, decisions: decisions(900)),
                decisions: decisions(900))
        }
        #expect(throws: StoreError.alreadyFinished(cell: key(1), question: "2")) {
            try fixture.store.save(batch, by: fixture.attempt)
        }
        #expect(try fixture.store.reader.finishedQuestions(of: fixture.cell) == ["2"])
        // The texts of the rolled-back tokens must not count as stored.
        try fixture.store.save([batch[0], batch[2]], by: fixture.attempt)
        let row = try fixture.store.reader.sample(of: fixture.cell, question: "3")
        #expect(try fixture.store.reader.tokens(of: row).allSatisfy { $0.bytes != nil })
    }

    @Test(arguments: [Double.nan, .infinity, -.infinity, 1e300])
    func refusesScoresThatAreNotNumbers(score: Double) throws {
        let folder = try TemporaryFolder()
        let fixture = try Fixture(path: folder.file())
        let decision = DecisionRecord(token: 1, author: .slm, score: score)
        #expect(throws: StoreError.invalid(what: "a score or log-probability of \(score)")) {
            try fixture.store.save(
                sample("1", decisions: [decision]), decisions: [decision], in: fixture.cell,
                by: fixture.attempt)
        }
        #expect(try fixture.store.reader.finishedQuestions(of: fixture.cell) == [])
    }

    @Test func refusesContradictions() throws {
        let folder = try TemporaryFolder()
        let fixture = try Fixture(path: folder.file())
        #expect(throws: StoreError.self) {
            try fixture.store.save(
                sample("1", decisions: decisions(3)), decisions: decisions(2), in: fixture.cell,
                by: fixture.attempt)
        }
        #expect(throws: StoreError.self) {
            try fixture.store.save(sample("1"), in: RowID(99), by: fixture.attempt)
        }
        for name in ["", "a\u{0}", "a\nb"] {
            #expect(throws: StoreError.self) { try fixture.save(name) }
        }
        #expect(throws: StoreError.self) {
            _ = try fixture.store.register(
                CellRecord(
                    experiment: fixture.experiment, key: key(1), canonical: "other",
                    policy: "entropy", position: 0))
        }
        #expect(throws: StoreError.self) {
            _ = try fixture.store.register(
                CellRecord(
                    experiment: fixture.experiment, key: "short", canonical: "", policy: "slm",
                    position: 0))
        }
    }

    @Test func rescoresWithoutDecoding() throws {
        let folder = try TemporaryFolder()
        let fixture = try Fixture(path: folder.file())
        try fixture.save("1", correct: false)
        try fixture.save("2")
        try fixture.store.saveFailure(
            of: "3", reason: "no", in: fixture.cell, by: fixture.attempt)
        let regrade = {
            try fixture.store.rescore(fixture.cell, version: "2") { _, output, finish in
                #expect(output == "The answer is 4.")
                #expect(finish == .stop)
                return GradeRecord(extracted: "4", rule: "new", correct: true, version: "2")
            }
        }
        #expect(try regrade() == RescoreResult(graded: 2, changed: 1))
        #expect(try regrade() == RescoreResult(graded: 0, changed: 0))
        let rows = try fixture.store.reader.samples(of: fixture.cell)
        #expect(rows.map(\.sample?.grade.correct) == [true, true, nil])
        #expect(rows.map(\.sample?.grade.version) == ["2", "2", nil])
    }
}
