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

    /// Notes that a question failed, and counts the try, unless it says nothing of the question, as that a server was away. A finished answer is not touched.
    package func saveFailure(
        of question: String, reason: String, in cell: RowID<CellRecord>,
        by attempt: RowID<AttemptRecord>, counts: Bool = true
    ) throws(StoreError) {
        try checkName(question, what: "a question's name")
        try transaction { db in
            let failure = StoredSample(
                cell: cell, attempt: attempt, error: reason, answer: .blank(question))
            let id = try StoredSample.table.insert(
                failure, only: StoredSample.ofFailure, Self.onFailure(counts), db)
            if id == nil { throw try alreadyFinished(db, cell, question) }
        }
    }

    private func insertSample(
        _ db: Database, _ finished: FinishedQuestion, _ attempt: RowID<AttemptRecord>
    ) throws -> Int64 {
        let sample = finished.sample
        let usage = sample.usage
        try checkName(sample.question, what: "a question's name")
        guard finished.decisions.isEmpty || finished.decisions.count == usage.tokens else {
            throw StoreError.invalid(
                what: "\(finished.decisions.count) decisions for the \(usage.tokens) tokens of "
                    + "question \(sample.question)")
        }
        let id = try StoredSample.table.insert(
            StoredSample(cell: finished.cell, attempt: attempt, answer: sample),
            Self.onFailure(true), db)
        guard let id else { throw try alreadyFinished(db, finished.cell, sample.question) }
        return id
    }

    /// An answer, or a later failure, takes the place of a failure, and of nothing else.
    private static func onFailure(_ counts: Bool) -> String {
        """
        ON CONFLICT (cell, question) DO UPDATE SET tries = tries + \(counts ? 1 : 0),
            \(StoredSample.table.updates { $0.agreement != .name && $0.name != "tries" })
            WHERE error IS NOT NULL
        """
    }

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
        let table = StoredDecision.table
        let insert = try db.cachedStatement(sql: table.insertion)
        for (position, decision) in decisions.enumerated() {
            let stored = try StoredDecision(decision, at: position, of: RowID(sample))
            try insert.execute(arguments: table.arguments(stored))
        }
    }
}

/// How many answers a re-scoring touched.
package struct RescoreResult: Equatable, Sendable {
    /// Answers that had another grader's version.
    package let graded: Int
    /// Those whose verdict changed.
    package let changed: Int
}

extension ResultsStore {
    /// Grades again every stored answer of a cell whose grade has another version, in one
    /// transaction; nothing is decoded, failures stay failures.
    ///
    /// `grade` receives the question's name, the output and why it ended.
    package func rescore(
        _ cell: RowID<CellRecord>, version: String,
        grade: (_ question: String, _ output: String, _ finish: SampleFinish) throws -> GradeRecord
    ) throws(StoreError) -> RescoreResult {
        let stale = try reader.samples(of: cell).filter { row in
            row.sample.map { $0.grade.version != version } ?? false
        }
        return try transaction { db in
            var changed = 0
            let table = StoredSample.table
            let grading = table.columns.filter { column in
                column.name == "grader_version"
                    || (column.layout.agreement == .grade && column.name != "gold")
            }
            let places = grading.map {
                "\($0.name) = \($0.layout.isText ? "CAST(? AS TEXT)" : "?")"
            }
            let update = try db.cachedStatement(
                sql: "UPDATE sample SET \(places.joined(separator: ", ")) WHERE id = ?")
            for row in stale {
                guard let sample = row.sample else { continue }
                let new = try grade(row.question, sample.output, sample.finish)
                if (new.correct, new.score) != (sample.grade.correct, sample.grade.score) {
                    changed += 1
                }
                var answer = sample
                answer.grade = new
                answer.grade.version = version
                let graded = StoredSample(cell: row.cell, attempt: row.attempt, answer: answer)
                try update.execute(
                    arguments: StatementArguments(
                        grading.map { $0.value(graded).databaseValue } + [row.id.databaseValue]))
            }
            return RescoreResult(graded: stale.count, changed: changed)
        }
    }
}
