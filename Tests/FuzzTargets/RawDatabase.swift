import GRDBSQLite

/// A database without any of our checks, and as few of SQLite's as it allows.
final class RawDatabase {
    /// Why a file cannot be opened or read.
    struct Failure: Error {
        let message: String
    }

    private var handle: OpaquePointer?

    init(path: String) throws {
        guard sqlite3_open(path, &handle) == SQLITE_OK else {
            throw Failure(message: "\(path) cannot be opened")
        }
        run("PRAGMA ignore_check_constraints = ON")
        run("PRAGMA foreign_keys = OFF")
        run("PRAGMA journal_mode = DELETE")
    }

    deinit { sqlite3_close_v2(handle) }

    /// Runs a statement; one that fails changes nothing.
    func run(_ sql: String) { sqlite3_exec(handle, sql, nil, nil, nil) }

    /// Our tables, by name.
    var tables: [String] {
        (try? texts(
            """
            SELECT name FROM sqlite_schema WHERE type = 'table'
            AND name NOT GLOB 'sqlite_*' AND name <> 'grdb_migrations' ORDER BY name
            """)) ?? []
    }

    func columns(of table: String) -> [String] {
        (try? texts("SELECT name FROM pragma_table_info('\(table)')")) ?? []
    }

    /// The condition of one of a table's rows.
    func rowNumber(_ row: Int, of table: String) -> String {
        let keys = (try? texts("SELECT name FROM pragma_table_info('\(table)') WHERE pk > 0")) ?? []
        let names = keys.isEmpty ? "rowid" : "(" + keys.joined(separator: ", ") + ")"
        let list = keys.isEmpty ? "rowid" : keys.joined(separator: ", ")
        return "WHERE \(names) = (SELECT \(list) FROM \(table) LIMIT 1 "
            + "OFFSET \(row) % max(1, (SELECT count(*) FROM \(table))))"
    }

    /// Every row of every table, as text.
    func rows() throws -> Set<String> {
        var rows: Set<String> = []
        for table in tables {
            let values = columns(of: table).map { "quote(\($0))" }.joined(separator: " || ' ' || ")
            for row in try texts("SELECT \(values) FROM \(table)") {
                rows.insert("\(table) \(row)")
            }
        }
        return rows
    }

    private func texts(_ sql: String) throws -> [String] {
        var statement: OpaquePointer?
        guard sqlite3_prepare_v2(handle, sql, -1, &statement, nil) == SQLITE_OK else {
            throw Failure(message: "\(sql): \(String(cString: sqlite3_errmsg(handle)))")
        }
        defer { sqlite3_finalize(statement) }
        var texts: [String] = []
        while true {
            switch sqlite3_step(statement) {
            case SQLITE_ROW:
                texts.append(sqlite3_column_text(statement, 0).map { String(cString: $0) } ?? "")
            case SQLITE_DONE: return texts
            default:
                throw Failure(message: "\(sql): \(String(cString: sqlite3_errmsg(handle)))")
            }
        }
    }
}
