import Foundation
import GRDB
import Synchronization

/// A finished answer with its decisions, for saving several in one transaction.
package struct FinishedQuestion: Equatable, Sendable {
    /// The cell that answered.
    package var cell: RowID<CellRecord>
    /// The answer.
    package var sample: SampleRecord
    /// One decision per token written, in order.
    package var decisions: [DecisionRecord]

    /// An answer of `cell`.
    package init(
        cell: RowID<CellRecord>, sample: SampleRecord, decisions: [DecisionRecord]
    ) {
        self.cell = cell
        self.sample = sample
        self.decisions = decisions
    }
}

extension ResultsStore {
    /// Stores a finished answer with all its decisions in one transaction.
    ///
    /// Replaces an earlier failure of the same question and counts it as a try. `decisions` is
    /// empty or has one element per token of `sample.usage.tokens`. Throws `.alreadyFinished`
    /// where the question has an answer, and `.full` when the disk is full.
    package func save(
        _ sample: SampleRecord, decisions: [DecisionRecord] = [], in cell: RowID<CellRecord>,
        by attempt: RowID<AttemptRecord>
    ) throws(StoreError) {
        try save(
            [FinishedQuestion(cell: cell, sample: sample, decisions: decisions)], by: attempt)
    }

    /// Stores several answers in one transaction: all or none.
    package func save(
        _ batch: [FinishedQuestion], by attempt: RowID<AttemptRecord>
    ) throws(StoreError) {
        let written = try transaction { db in
            var pieces = PieceWriter(db, try vocabularies(of: batch, db))
            for question in batch {
                let sample = try insertSample(db, question, attempt)
                try insertDecisions(db, question.decisions, of: sample)
                try pieces.write(question.decisions, of: question.cell)
            }
            return pieces.written
        }
        // Only now: a transaction that was rolled back has stored no piece.
        vocabularies.withLock { cache in
            for (vocabulary, tokens) in written {
                cache.stored[vocabulary, default: []].formUnion(tokens)
            }
        }
    }

    /// Notes that a question failed, and counts the try. A finished answer is not touched.
    package func saveFailure(
        of question: String, reason: String, in cell: RowID<CellRecord>,
        by attempt: RowID<AttemptRecord>
    ) throws(StoreError) {
        try checkName(question, what: "a question's name")
        try transaction { db in
            let id = try Int64.fetchOne(
                db,
                sql: """
                    INSERT INTO sample (cell, question, attempt, tries, finish, error)
                    VALUES (?, ?, ?, 1, 'error', CAST(? AS TEXT))
                    ON CONFLICT (cell, question) DO UPDATE SET
                        attempt = excluded.attempt, tries = tries + 1, error = excluded.error
                        WHERE error IS NOT NULL
                    RETURNING id
                    """,
                arguments: [cell.value, question, attempt.value, hostile(reason)])
            if id == nil { throw try alreadyFinished(db, cell, question) }
        }
    }

    private func insertSample(
        _ db: Database, _ finished: FinishedQuestion, _ attempt: RowID<AttemptRecord>
    ) throws -> Int64 {
        let sample = finished.sample
        let (grade, usage) = (sample.grade, sample.usage)
        try checkName(sample.question, what: "a question's name")
        guard finished.decisions.isEmpty || finished.decisions.count == usage.tokens else {
            throw StoreError.invalid(
                what: "\(finished.decisions.count) decisions for the \(usage.tokens) tokens of "
                    + "question \(sample.question)")
        }
        let statement = try db.cachedStatement(sql: Self.sampleUpsert)
        let id = try Int64.fetchOne(
            statement,
            arguments: [
                finished.cell.value, sample.question, attempt.value, sample.finish.rawValue,
                grade.correct, grade.score, grade.version, usage.promptTokens, usage.tokens,
                usage.llmCalls, usage.llmPasses, usage.slmProcessed, usage.llmProcessed,
                usage.flops, usage.bytes, usage.seconds, grade.rule, hostile(grade.extracted),
                hostile(sample.gold), hostile(sample.output),
            ])
        guard let id else { throw try alreadyFinished(db, finished.cell, sample.question) }
        return id
    }

    private static let sampleUpsert = """
        INSERT INTO sample (cell, question, attempt, tries, finish, correct, score,
            grader_version, prompt_tokens, tokens, llm_calls, llm_passes, slm_processed,
            llm_processed, flops, bytes, seconds, rule, extracted, gold, output)
        VALUES (?, ?, ?, 1, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, CAST(? AS TEXT),
            CAST(? AS TEXT), CAST(? AS TEXT))
        ON CONFLICT (cell, question) DO UPDATE SET
            attempt = excluded.attempt, tries = tries + 1, finish = excluded.finish,
            correct = excluded.correct, score = excluded.score,
            grader_version = excluded.grader_version, prompt_tokens = excluded.prompt_tokens,
            tokens = excluded.tokens, llm_calls = excluded.llm_calls,
            llm_passes = excluded.llm_passes, slm_processed = excluded.slm_processed,
            llm_processed = excluded.llm_processed, flops = excluded.flops,
            bytes = excluded.bytes, seconds = excluded.seconds, rule = excluded.rule,
            extracted = excluded.extracted, gold = excluded.gold, output = excluded.output,
            error = NULL
            WHERE error IS NOT NULL
        RETURNING id
        """

    private func alreadyFinished(
        _ db: Database, _ cell: RowID<CellRecord>, _ question: String
    ) throws -> StoreError {
        let key = try String.fetchOne(
            db, sql: "SELECT key FROM cell WHERE id = ?", arguments: [cell.value])
        return .alreadyFinished(cell: key ?? "\(cell.value)", question: question)
    }

    private func insertDecisions(
        _ db: Database, _ decisions: [DecisionRecord], of sample: Int64
    ) throws {
        let insert = try db.cachedStatement(
            sql: "INSERT INTO decision VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)")
        for (position, decision) in decisions.enumerated() {
            try insert.execute(arguments: [
                sample, position, decision.token, decision.author.rawValue,
                millionths(decision.score), storedToken(decision.slm, decision),
                millionths(decision.slm?.logprob), storedToken(decision.llm, decision),
                millionths(decision.llm?.logprob),
            ])
        }
    }

    /// nil stands for the token written, where a log-probability shows that the model was asked.
    private func storedToken(_ candidate: CandidateRecord?, _ decision: DecisionRecord) -> Int? {
        guard let candidate else { return nil }
        return candidate.token == decision.token && candidate.logprob != nil ? nil : candidate.token
    }

    private func millionths(_ value: Double?) throws -> Int64? {
        guard let value else { return nil }
        guard let scaled = Int64(exactly: (value * 1e6).rounded()) else {
            throw StoreError.invalid(what: "a score or log-probability of \(value)")
        }
        return scaled
    }

    /// The vocabulary of each cell in `batch`, looked up once.
    private func vocabularies(
        of batch: [FinishedQuestion], _ db: Database
    ) throws -> VocabularyCache {
        var cache = vocabularies.withLock { $0 }
        for cell in Set(batch.map(\.cell)) where cache.ofCell[cell] == nil {
            let id = try Int64.fetchOne(
                db, sql: "SELECT vocabulary FROM cell WHERE id = ?", arguments: [cell.value])
            cache.ofCell[cell] = id.map { RowID($0) }
        }
        return cache
    }
}

/// Writes the texts of tokens not yet stored.
private struct PieceWriter {
    private(set) var written: [RowID<VocabularyRecord>: Set<Int>] = [:]
    private let db: Database
    private let cache: VocabularyCache

    init(_ db: Database, _ cache: VocabularyCache) {
        self.db = db
        self.cache = cache
    }

    mutating func write(_ decisions: [DecisionRecord], of cell: RowID<CellRecord>) throws {
        guard let vocabulary = cache.ofCell[cell], let spell = cache.spellings[vocabulary] else {
            return
        }
        let known = cache.stored[vocabulary] ?? []
        for decision in decisions {
            for token in [decision.token, decision.slm?.token, decision.llm?.token] {
                guard let token, !known.contains(token),
                    written[vocabulary, default: []].insert(token).inserted
                else { continue }
                try insert(token, spell(token), vocabulary)
            }
        }
    }

    private func insert(
        _ token: Int, _ bytes: [UInt8], _ vocabulary: RowID<VocabularyRecord>
    ) throws {
        let text = String(decoding: bytes, as: UTF8.self)
        let isText = Array(text.utf8) == bytes
        let statement = try db.cachedStatement(
            sql: "INSERT OR IGNORE INTO piece VALUES (?, ?, CAST(? AS TEXT), ?)")
        try statement.execute(arguments: [
            vocabulary.value, token, hostile(text), isText ? nil : Data(bytes),
        ])
    }
}
