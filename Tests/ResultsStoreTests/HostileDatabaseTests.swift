import Foundation
import GRDB
import Testing

@testable import ResultsStore

/// Databases that somebody changed by hand: definitions and rows as no program of ours makes them are refused by name, by whoever reads, writes or merges.
final class HostileDatabaseTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    /// A database with one answer and whatever `sql` makes of it.
    private func changed(by sql: String, where isChecked: Bool = true) throws -> String {
        let path = folder.file("changed.sqlite")
        do {
            let fixture = try Fixture(path: path)
            try fixture.save("1")
            try fixture.save("2")
            try fixture.store.close()
        }
        let queue = try DatabaseQueue(path: path)
        try queue.writeWithoutTransaction { db in
            if !isChecked { try db.execute(sql: "PRAGMA ignore_check_constraints = ON") }
            try db.execute(sql: "PRAGMA writable_schema = ON")
            try db.execute(sql: sql)
            #expect(db.totalChangesCount > 0)
        }
        try queue.close()
        return path
    }

    @Test(arguments: [
        "UPDATE sqlite_schema SET sql = replace(sql, 'STRICT', '') WHERE name = 'sample'",
        "UPDATE sqlite_schema SET sql = replace(sql, 'TEXT NOT NULL', 'TEXT') WHERE name = 'cell'",
        "UPDATE sqlite_schema SET sql = replace(sql, 'total(flops)', 'max(flops)') WHERE name = 'curve'",
        "CREATE TRIGGER t AFTER INSERT ON sample BEGIN DELETE FROM decision; END",
        "DROP VIEW token", "DROP INDEX timing_key",
        "ALTER TABLE sample RENAME COLUMN rule TO rules",
        "DROP VIEW curve; CREATE VIEW curve AS SELECT NULL AS policy",
    ])
    func definitionsOfAStrangerAreRefused(sql: String) throws {
        let path = try changed(by: sql + "; DELETE FROM decision")
        let other = folder.file("other.sqlite")
        let attempts: [() throws -> Void] = [
            { _ = try ResultsReader(path: path) }, { _ = try ResultsStore(path: path) },
            { _ = try ResultsStore(path: other).merge(from: path) },
        ]
        for open in attempts {
            let error = #expect(throws: StoreError.self) { try open() }
            guard case .oddSchema(_, let found)? = error else {
                Issue.record("\(String(describing: error))")
                continue
            }
            #expect(found.contains("is not the one that"))
        }
    }

    /// Views, indices, tables and columns of a user's own stand in nobody's way.
    @Test func whatAUserAddsIsLeftAlone() throws {
        let path = try changed(
            by:
                "CREATE VIEW mine AS SELECT 1; CREATE INDEX i ON sample (tokens); CREATE TABLE notes (a); ALTER TABLE sample ADD COLUMN more TEXT; UPDATE sample SET seconds = 2"
        )
        #expect(try ResultsReader(path: path).experiments().count == 1)
        #expect(
            try ResultsStore(path: folder.file("other.sqlite")).merge(from: path).samples == 2)
    }

    /// Counts that no run comes to would be the end of every sum.
    @Test(arguments: [
        "tokens = 9223372036854775807", "llm_calls = -1", "llm_passes = 1 << 62",
        "prompt_tokens = 4611686018427387904", "flops = 9223372036854775807", "bytes = -5",
        "slm_processed = 9223372036854775807", "tries = 9223372036854775807",
    ])
    func countsBeyondAllNumbersAreRefused(change: String) throws {
        let path = try changed(by: "UPDATE sample SET \(change)")
        let whole = try Fixture(path: folder.file("whole.sqlite"))
        try whole.save("3")
        let error = #expect(throws: StoreError.self) { try whole.store.merge(from: path) }
        guard case .corrupt(path, let message)? = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(message.contains(change.prefix { $0 != " " }) && message.contains("expected 0 to"))
        #expect(
            try whole.store.reader.check() == CheckReport(problems: [], samples: 1, decisions: 6))
        let reader = try ResultsReader(path: path)
        let cell = try #require(reader.cells(of: reader.experiments()[0].id).first)
        #expect(throws: StoreError.self) {
            _ = try reader.samples(of: cell.id)
        }
    }

    /// The sum of two counts that are numbers may be none.
    @Test func aSumBeyondAllNumbersIsAnError() throws {
        let path = try changed(by: "UPDATE sample SET tokens = 9223372036854775807")
        let reader = try ResultsReader(path: path)
        let experiment = try reader.experiments()[0].id
        #expect(throws: StoreError.corrupt(path: path, message: "counts beyond all numbers")) {
            try reader.curve(of: experiment)
        }
    }

    /// Values of another type, where SQLite's own checks were told not to look or were not there when they were written.
    @Test(arguments: [
        ("sample", "tokens", "'many'"), ("sample", "correct", "x'00'"),
        ("sample", "question", "question + 7"),
        ("cell", "policy", "NULL"), ("cell", "position", "'first'"), ("experiment", "name", "NULL"),
        ("attempt", "started", "NULL"), ("model", "name", "NULL"), ("decision", "token_id", "'t'"),
        ("decision", "score", "'s'"), ("sample", "tries", "NULL"), ("sample", "finish", "NULL"),
    ])
    func valuesOfAnotherTypeEndNothing(table: String, column: String, value: String) throws {
        // A loose table for a moment, so that the value is written; its definition is put back.
        let path = try changed(
            by: """
                CREATE TABLE kept AS SELECT sql FROM sqlite_schema WHERE name = '\(table)';
                UPDATE sqlite_schema SET sql = replace(replace(replace(sql, 'STRICT', ''),
                    'TEXT NOT NULL', 'TEXT'), 'INTEGER NOT NULL', 'INTEGER')
                    WHERE name = '\(table)';
                """)
        for sql in [
            "UPDATE \(table) SET \(column) = \(value)",
            "UPDATE sqlite_schema SET sql = (SELECT sql FROM kept) WHERE name = '\(table)'",
        ] {
            let queue = try DatabaseQueue(path: path)
            try queue.writeWithoutTransaction { db in
                try db.execute(
                    sql: "PRAGMA ignore_check_constraints = ON; PRAGMA writable_schema = ON; \(sql)"
                )
            }
            try queue.close()
        }
        let reader = try ResultsReader(path: path)
        func read(_ body: () throws -> Void) {
            do {
                try body()
            } catch {
                #expect(error is StoreError, "\(error)")
            }
        }
        read { _ = try reader.check() }
        read { _ = try reader.attempts() }
        read { _ = try reader.models() }
        read { _ = try reader.namesByHash() }
        read {
            for experiment in try reader.experiments() {
                read { _ = try reader.curve(of: experiment.id) }
                read { _ = try reader.configurations(of: experiment.id) }
                for cell in try reader.cells(of: experiment.id) {
                    read { _ = try reader.outcomes(of: cell.id) }
                    read { _ = try reader.drafts(of: cell.id) }
                    read { _ = try reader.scoreMillionths(of: cell.id) }
                    read { _ = try reader.failedQuestions(of: cell.id) }
                    read { _ = try reader.finishedQuestions(of: cell.id) }
                    read {
                        for sample in try reader.samples(of: cell.id) {
                            _ = try reader.tokens(of: sample)
                        }
                    }
                }
            }
        }
        let whole = try ResultsStore(path: folder.file("whole.sqlite"))
        read { _ = try whole.merge(from: path) }
        #expect(try whole.reader.check().problems == [])
    }
}
