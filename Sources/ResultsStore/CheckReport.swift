import Foundation
import GRDB
import Platform

/// What a check of the whole file found.
package struct CheckReport: Equatable, Sendable {
    /// One line each; empty for a sound file.
    package let problems: [String]
    /// Rows of `sample`.
    package let samples: Int
    /// Rows of `decision`.
    package let decisions: Int
}

extension ResultsReader {
    /// Reads the whole file: SQLite's own integrity, references between tables, and that every
    /// answer has either no decisions or all of them.
    package func check() throws(StoreError) -> CheckReport {
        try read { db in
            var problems = try integrity(db)
            // A page that the disk did not give is told among what is damaged, and need not be.
            if !problems.isEmpty { problems = try integrity(db) }
            try Self.checkRead(problems)
            problems += try cut(db)
            // Of a damaged file the rest would only fail at the first bad page.
            guard problems.isEmpty else {
                return CheckReport(
                    problems: problems, samples: (try? count(db, "sample")) ?? 0,
                    decisions: (try? count(db, "decision")) ?? 0)
            }
            let dangling = try Row.fetchAll(db, sql: "PRAGMA foreign_key_check")
            problems += try dangling.map { row in
                "\(try row.value("table") as String): a row refers to a missing row of \(try row.value("parent") as String)"
            }
            let torn = try Row.fetchAll(
                db,
                sql: """
                    SELECT sample.id, cell.key, sample.question, sample.tokens,
                        count(decision.position) AS decisions, max(decision.position) AS last
                    FROM sample JOIN cell ON cell.id = sample.cell
                    JOIN decision ON decision.sample = sample.id
                    GROUP BY sample.id
                    HAVING decisions IS NOT sample.tokens OR last + 1 IS NOT decisions
                    """)
            problems += try torn.map { row in
                let (key, question): (String, String) = try (
                    row.value("key"), row.value("question")
                )
                let (decisions, tokens): (Int, Int?) = try (
                    row.value("decisions"), row.value("tokens")
                )
                return
                    "sample: cell \(key) question \(question): \(decisions) decisions for \(tokens ?? 0) tokens"
            }
            return CheckReport(
                problems: problems,
                samples: try count(db, "sample"), decisions: try count(db, "decision"))
        }
    }

    private func integrity(_ db: Database) throws -> [String] {
        try String.fetchAll(db, sql: "PRAGMA integrity_check").filter { $0 != "ok" }
    }

    /// Of what can't be read still it is told by the number of SQLite's error, where it gives one, that it can't be read.
    private static func checkRead(_ problems: [String]) throws {
        let codes = problems.joined(separator: "\n").matches(of: /error code=(\d+)/)
        for code in codes.compactMap({ Int32($0.1) }).map(ResultCode.init)
        where code.primaryResultCode == .SQLITE_IOERR {
            throw DatabaseError(resultCode: code)
        }
    }

    /// SQLite takes the missing end of the last page for zeros; only a log that is still to be written into the file may complete it.
    private func cut(_ db: Database) throws -> [String] {
        let page = try Int.fetchOne(db, sql: "PRAGMA page_size") ?? 1
        guard try !SideFile.log.hasContent(beside: path),
            let status = try presence(of: path), !Int(status.st_size).isMultiple(of: page)
        else { return [] }
        return ["the file is cut: its \(status.st_size) bytes are no multiple of a page's \(page)"]
    }

    /// The rows of a table.
    private func count(_ db: Database, _ table: String) throws -> Int {
        try Int.fetchOne(db, sql: "SELECT count(*) FROM \(table)") ?? 0
    }
}
