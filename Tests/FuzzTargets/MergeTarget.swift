import Foundation
import GRDBSQLite
import Platform
import ResultsStore
import TestSupport

/// Databases that others wrote: a merge keeps what is here as it is, and either takes the other file whole or refuses it by name; so does whoever reads it.
///
/// An input is a list of changes to a small database of ours (`Change`), made where SQLite's own checks do not look.
package struct MergeTarget: FuzzTarget {
    package static let name = "merge"

    private let folder: ScratchFolder
    private let good: [UInt8]
    private let other: [UInt8]
    /// The rows of `good`, in words.
    private let rows: Set<String>

    package init() throws {
        folder = try ScratchFolder()
        good = try TinyDatabase.file(at: folder.file("made.sqlite"), questions: ["1", "2"])
        other = try TinyDatabase.file(at: folder.file("other.sqlite"), questions: ["2", "3"])
        let path = folder.file("good.sqlite")
        try writeFile(good, to: path)
        rows = try RawDatabase(path: path).rows()
    }

    package var seeds: [[UInt8]] {
        let values = (0..<UInt8(Change.values.count)).map { $0 }
        // Each value in places of several tables; rows repeated and deleted; bytes of the file.
        return [
            [], [0, 14, 0, 0, 5], [1, 14, 0], [2, 13, 1], [3, 0, 40, 7, 255],
            [3, 16, 9, 1, 0, 3, 16, 10, 2, 9],
            [4, 0, 0, 0, 0], [4, 1, 0, 0, 0], [5, 1, 0, 0, 0],
        ] + values.map { [0, 14, 12, 0, $0, 0, 15, 4, 1, $0, 0, 4, 2, 0, $0] }
    }

    package func check(_ bytes: [UInt8]) throws(BrokenPromise) {
        let (here, there) = (folder.file("here.sqlite"), folder.file("there.sqlite"))
        do {
            for path in [here, there] { remove(path) }
            try writeFile(good, to: here)
            try writeFile(other, to: there)
            var input = ByteReader(Array(bytes.prefix(64)))
            var patches: [(place: Int, value: UInt8)] = []
            do {
                let database = try RawDatabase(path: there)
                while !input.isAtEnd { Change(from: &input).apply(to: database, &patches) }
            }
            if !patches.isEmpty {
                var file = [UInt8](try Data(contentsOf: URL(fileURLWithPath: there)))
                for patch in patches { file[patch.place % file.count] = patch.value }
                try writeFile(file, to: there)
            }
        } catch {
            throw BrokenPromise("the test's own files: \(error)")
        }
        try read(there)
        let merged = try accepted {
            let store = try ResultsStore(path: here)
            let result = try store.merge(from: there)
            try store.close()
            return result
        }
        try checkRows(here, isMerged: merged != nil)
        // Few inputs, by what they are: all of it takes long.
        guard merged != nil, bytes.reduce(0, &+) % 4 == 0 else { return }
        try read(here)
        // What was taken is known the second time.
        let again = try accepted { try ResultsStore(path: here).merge(from: there) }
        try promise(again?.samples == 0, "merged again: \(String(describing: again))")
    }

    private func checkRows(_ path: String, isMerged: Bool) throws(BrokenPromise) {
        let found: Set<String>
        do {
            found = try RawDatabase(path: path).rows()
        } catch {
            throw BrokenPromise("the merged file cannot be read: \(error)")
        }
        let lost = rows.subtracting(found)
        try promise(lost.isEmpty, "lost or changed: \(lost.sorted())")
        try promise(
            isMerged || found == rows, "refused, and yet stored: \(found.subtracting(rows))")
    }

    /// All that reports ask of a database.
    private func read(_ path: String) throws(BrokenPromise) {
        guard let reader = try accepted({ try ResultsReader(path: path) }) else { return }
        _ = try accepted { try reader.check() }
        _ = try accepted { try reader.attempts() }
        _ = try accepted { try reader.training() }
        _ = try accepted { try reader.timings() }
        _ = try accepted { try reader.routerLabels() }
        _ = try accepted { try reader.traffic() }
        _ = try accepted { try reader.models() }
        _ = try accepted { try reader.namesByHash() }
        for experiment in try accepted({ try reader.experiments() }) ?? [] {
            _ = try accepted { try reader.curve(of: experiment.id) }
            _ = try accepted { try reader.configurations(of: experiment.id) }
            for cell in try accepted({ try reader.cells(of: experiment.id) }) ?? [] {
                let outcomes = try accepted { try reader.outcomes(of: cell.id) } ?? []
                // Sums of what is read are made everywhere.
                _ = outcomes.reduce(0) { $0 + $1.tokens + $1.llmCalls + $1.llmPasses }
                _ = try accepted { try reader.drafts(of: cell.id) }
                _ = try accepted { try reader.scoreMillionths(of: cell.id) }
                _ = try accepted { try reader.failedQuestions(of: cell.id) }
                for sample in try accepted({ try reader.samples(of: cell.id) }) ?? [] {
                    _ = try accepted { try reader.tokens(of: sample) }
                }
            }
        }
    }

    private func remove(_ path: String) {
        for ending in ["", "-wal", "-shm", "-journal", ".lock", "-upgrade"] {
            try? FileManager.default.removeItem(atPath: path + ending)
        }
    }
}

/// One change to a database.
private enum Change {
    /// A value put into a row of a table: the numbers of table, column, row and value.
    case value(Int, Int, Int, Int)
    /// A row a second time, under another id where it has one.
    case copy(Int, Int)
    case deletion(Int, Int)
    /// A byte of the file.
    case byte(place: Int, value: UInt8)
    /// A definition with a part taken out or put in.
    case definition(Int, Int)
    /// SQL of an attacker's.
    case sql(Int)

    static let values = [
        "NULL", "0", "-1", "1", "9223372036854775807", "-9223372036854775808", "1e308", "9e999",
        "0.5",
        "''", "'x'", "x'00ff'", "'9'", "char(0)", "1099511627776", "'{}'", "'stop'", "'error'", "2",
    ]

    static let definitions = [
        ("STRICT", ""), ("NOT NULL", ""), ("INTEGER", "BLOB"), ("sum(", "max("), ("TEXT", "REAL"),
        ("count(*)", "NULL"), ("UNIQUE", ""), ("CHECK", "/* */ CHECK"),
    ]

    static let statements = [
        "DROP VIEW curve", "CREATE VIEW more AS SELECT 1", "CREATE INDEX i ON sample (tokens)",
        "CREATE TRIGGER t AFTER INSERT ON sample BEGIN DELETE FROM sample; END",
        "DROP TABLE timing", "ALTER TABLE sample ADD COLUMN more", "PRAGMA user_version = 3",
        "ALTER TABLE piece RENAME COLUMN text TO texts", "DELETE FROM grdb_migrations",
        "CREATE VIEW x AS WITH RECURSIVE r(n) AS (SELECT 1 UNION ALL SELECT n FROM r) SELECT * FROM r",
    ]

    init(from input: inout ByteReader) {
        switch input.choice(of: 6) {
        case 0:
            self = .value(
                Int(input.byte()), Int(input.byte()), Int(input.byte()),
                input.choice(of: Self.values.count))
        case 1: self = .copy(Int(input.byte()), Int(input.byte()))
        case 2: self = .deletion(Int(input.byte()), Int(input.byte()))
        case 3:
            let place = input.short() << 8 | Int(input.byte())
            self = .byte(place: place, value: input.byte())
        case 4: self = .definition(Int(input.byte()), input.choice(of: Self.definitions.count))
        default: self = .sql(input.choice(of: Self.statements.count))
        }
    }

    /// Makes the change, as far as SQLite lets it.
    func apply(
        to database: RawDatabase, _ patches: inout [(place: Int, value: UInt8)]
    ) {
        let tables = database.tables
        guard !tables.isEmpty else { return }
        switch self {
        case .value(let table, let column, let row, let value):
            let name = tables[table % tables.count]
            let columns = database.columns(of: name)
            guard !columns.isEmpty else { return }
            let number = database.rowNumber(row, of: name)
            database.run(
                "UPDATE \(name) SET \(columns[column % columns.count]) = \(Self.values[value]) \(number)"
            )
        case .copy(let table, let row):
            let name = tables[table % tables.count]
            let columns = database.columns(of: name)
            let values = columns.map { $0 == "id" ? "NULL" : $0 }.joined(separator: ", ")
            database.run(
                "INSERT INTO \(name) SELECT \(values) FROM \(name) \(database.rowNumber(row, of: name))"
            )
        case .deletion(let table, let row):
            let name = tables[table % tables.count]
            database.run("DELETE FROM \(name) \(database.rowNumber(row, of: name))")
        case .byte(let place, let value): patches.append((place, value))
        case .definition(let object, let change):
            let (part, replacement) = Self.definitions[change]
            database.run("PRAGMA writable_schema = ON")
            database.run(
                """
                UPDATE sqlite_schema SET sql = replace(sql, '\(part)', '\(replacement)')
                WHERE rowid = (SELECT rowid FROM sqlite_schema WHERE sql IS NOT NULL
                    ORDER BY name LIMIT 1 OFFSET \(object) % (SELECT count(*) FROM sqlite_schema
                        WHERE sql IS NOT NULL))
                """)
            database.run("PRAGMA writable_schema = RESET")
        case .sql(let statement): database.run(Self.statements[statement])
        }
    }
}
