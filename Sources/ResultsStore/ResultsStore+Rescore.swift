import GRDB

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
            let update = try db.cachedStatement(
                sql: """
                    UPDATE sample SET extracted = CAST(? AS TEXT), rule = ?, correct = ?, score = ?,
                        grader_version = ? WHERE id = ?
                    """)
            for row in stale {
                guard let sample = row.sample else { continue }
                let new = try grade(row.question, sample.output, sample.finish)
                if (new.correct, new.score) != (sample.grade.correct, sample.grade.score) {
                    changed += 1
                }
                try update.execute(arguments: [
                    hostile(new.extracted), new.rule, new.correct, new.score, version, row.id,
                ])
            }
            return RescoreResult(graded: stale.count, changed: changed)
        }
    }
}
