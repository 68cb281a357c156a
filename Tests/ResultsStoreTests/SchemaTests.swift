import Foundation
import GRDB
import Simulation
import Testing

@testable import ResultsStore

struct SchemaTests {
    /// docs/design.md, section 5: these columns first and in this order; later ones may follow.
    @Test func viewsHaveTheirColumns() throws {
        let folder = try TemporaryFolder()
        try Fixture(path: folder.file()).save("1")
        let queue = try DatabaseQueue(path: folder.file())
        try queue.read { db in
            let curve = try Row.fetchOne(db, sql: "SELECT * FROM curve")
            #expect(
                curve.map { Array($0.columnNames.prefix(15)) } == [
                    "experiment", "cell", "policy", "setting", "n", "accuracy", "accuracy_low",
                    "accuracy_high", "call_ratio", "llm_calls", "llm_passes", "tokens", "flops",
                    "bytes", "seconds",
                ])
            let token = try Row.fetchOne(db, sql: "SELECT * FROM token")
            #expect(
                token.map { Array($0.columnNames.prefix(14)) } == [
                    "cell", "policy", "setting", "question", "position", "token_id", "text",
                    "route", "score", "threshold", "slm_token", "slm_logprob", "llm_token",
                    "llm_logprob",
                ])
            let sample = try db.columns(in: "sample").map(\.name)
            for name in [
                "cell", "question", "output", "extracted", "rule", "gold", "correct", "error",
            ] {
                #expect(sample.contains(name))
            }
        }
    }

    @Test func tablesAreStrictAndNamedAsPromised() throws {
        let folder = try TemporaryFolder()
        _ = try ResultsStore(path: folder.file())
        let queue = try DatabaseQueue(path: folder.file())
        try queue.read { db in
            let tables = try Row.fetchAll(
                db, sql: "SELECT name, strict FROM pragma_table_list WHERE type = 'table'")
            let strict = Set(tables.filter { $0["strict"] }.map { $0["name"] as String })
            #expect(
                strict.isSuperset(of: [
                    "experiment", "model", "router", "cell", "attempt", "sample", "decision",
                    "training", "timing",
                ]))
        }
    }

    @Test func connectionsAreDurable() throws {
        let folder = try TemporaryFolder()
        let store = try ResultsStore(path: folder.file())
        let modes = try store.transaction { db in
            ["journal_mode", "synchronous", "foreign_keys"].map {
                try? String.fetchOne(db, sql: "PRAGMA \($0)")
            }
        }
        #expect(modes == ["wal", "3", "1"])
    }

    /// The released first schema, as a file an older program left behind.
    @Test func opensAFileOfTheFirstSchema() throws {
        let folder = try TemporaryFolder()
        do {
            let old = try DatabaseQueue(path: folder.file())
            try old.write { try $0.execute(sql: frozenSchema1) }
        }
        let store = try ResultsStore(path: folder.file())
        let experiment = try store.reader.experiment(named: "old")
        let curve = try store.reader.curve(of: experiment.id)
        #expect(curve.map(\.n) == [1])
        #expect(curve.map(\.llmCalls) == [1])
        let cell = try #require(store.reader.cells(of: experiment.id).first?.record)
        #expect(cell.policy == "entropy" && cell.scope == "token" && cell.calls == "above")
        #expect(try store.reader.check().problems == [])
    }

    /// A released migration is never edited: what they make must equal the frozen copies.
    @Test func releasedSchemasAreFrozen() throws {
        let folder = try TemporaryFolder()
        let old = try DatabaseQueue()
        try old.write {
            try $0.execute(
                sql: frozenSchema1 + frozenSchema2 + frozenSchema3 + frozenSchema4 + frozenSchema5
                    + frozenSchema6)
        }
        _ = try ResultsStore(path: folder.file())
        let new = try DatabaseQueue(path: folder.file())
        let objects = """
            SELECT name || ': ' || sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY name
            """
        let expected = try old.read { try String.fetchAll($0, sql: objects) }
        let found = try new.read { try String.fetchAll($0, sql: objects) }
        #expect(found == expected)
    }

    @Test func refusesANewerSchema() throws {
        let folder = try TemporaryFolder()
        try Fixture(path: folder.file()).save("1")
        let queue = try DatabaseQueue(path: folder.file())
        try queue.write { try $0.execute(sql: "PRAGMA user_version = 99") }
        let before = try Data(contentsOf: URL(fileURLWithPath: folder.file()))
        let expected = StoreError.newerSchema(path: folder.file(), found: 99, supported: 6)
        #expect(throws: expected) { try ResultsStore(path: folder.file()) }
        #expect(throws: expected) { try ResultsReader(path: folder.file()) }
        #expect(expected.description.contains("schema 99"))
        let after = try Data(contentsOf: URL(fileURLWithPath: folder.file()))
        #expect(before == after)
    }

    @Test func refusesOtherFiles() throws {
        let folder = try TemporaryFolder()
        let foreign = try DatabaseQueue(path: folder.file("other.sqlite"))
        try foreign.write { try $0.execute(sql: "CREATE TABLE precious (a)") }
        #expect(throws: StoreError.notResults(path: folder.file("other.sqlite"))) {
            try ResultsStore(path: folder.file("other.sqlite"))
        }
        let tables = try foreign.read {
            try String.fetchAll($0, sql: "SELECT name FROM sqlite_schema")
        }
        #expect(tables == ["precious"])

        let text = String(repeating: "not a database\n", count: 100)
        try text.write(toFile: folder.file("text"), atomically: true, encoding: .utf8)
        #expect(throws: StoreError.notADatabase(path: folder.file("text"))) {
            try ResultsStore(path: folder.file("text"))
        }
        #expect(throws: StoreError.missing(path: folder.file("none"))) {
            try ResultsReader(path: folder.file("none"))
        }
    }
}
