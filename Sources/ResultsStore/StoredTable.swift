import Foundation
import GRDB

/// A table as the list of its columns, and the SQL that follows from it.
///
/// Texts may hold anything, NUL included, which SQLite's C interface would take for the end: they are bound and read as blobs, which
/// have a length, and stored as TEXT. GRDB's records would bind them as C strings, and name each column a second time.
struct StoredTable<Record: Sendable>: Sendable {
    let layout: TableLayout
    let columns: [Column<Record>]
    /// `INSERT INTO name (...) VALUES (...)`.
    let insertion: String
    /// Every column, for SELECT.
    let selection: String
    private let blank: Record

    /// - Parameters:
    ///   - row: names a row `theirs` of `source` in words, as SQL.
    ///   - blank: a record that reading fills.
    init(_ name: String, row: String, blank: Record, _ columns: [Column<Record>]) {
        layout = TableLayout(name: name, row: row, columns: columns.map(\.layout))
        self.columns = columns
        self.blank = blank
        let names = columns.map(\.name).joined(separator: ", ")
        let places = columns.map { $0.layout.isText ? "CAST(? AS TEXT)" : "?" }
        insertion = "INSERT INTO \(name) (\(names)) VALUES (\(places.joined(separator: ", ")))"
        selection = columns.map { column in
            let place = "\(name).\(column.name)"
            return column.layout.isText ? "CAST(\(place) AS BLOB) AS \(column.name)" : place
        }.joined(separator: ", ")
    }

    /// `a = excluded.a, ...` of the columns that `isTaken` picks.
    func updates(_ isTaken: (ColumnLayout) -> Bool) -> String {
        layout.columns.filter(isTaken).map { "\($0.name) = excluded.\($0.name)" }
            .joined(separator: ", ")
    }

    /// What `insertion` binds; NULL for columns that are not among `names`.
    func arguments(_ record: Record, only names: Set<String>? = nil) -> StatementArguments {
        StatementArguments(
            columns.map { column in
                let isKnown = names?.contains(column.name) ?? true
                return isKnown ? column.value(record).databaseValue : .null
            })
    }

    /// A record from a row that has the columns of `selection`; `names` restricts what is read.
    ///
    /// Throws SQLite's error of a damaged file, with the column's name, where a value is none of its type.
    func record(_ row: Row, only names: Set<String>? = nil) throws -> Record {
        var record = blank
        for column in columns where names?.contains(column.name) ?? true {
            let stored = StoredValue(row[column.name], isText: column.layout.isText)
            guard column.read(stored, &record) else {
                throw DatabaseError(
                    resultCode: .SQLITE_CORRUPT,
                    message:
                        "\(layout.name).\(column.name) holds \(stored), which was never written"
                )
            }
        }
        return record
    }

    /// `record` for a query's rows.
    var reading: (Row) throws -> Record { { try record($0) } }

    /// Inserts a record and returns the new row's id; `rest` of the statement says what to do if the row is there.
    ///
    /// Returns nil where `rest` leaves the row that is there alone.
    func insert(
        _ record: Record, only names: Set<String>? = nil, _ rest: String, _ db: Database
    ) throws -> Int64? {
        let statement = try db.cachedStatement(sql: "\(insertion) \(rest) RETURNING id")
        return try Int64.fetchOne(statement, arguments: arguments(record, only: names))
    }
}

/// A table as a merge sees it.
struct TableLayout: Sendable {
    let name: String
    /// Names a row `theirs` of `source` in words, as SQL.
    let row: String
    let columns: [ColumnLayout]

    func columns(_ agreements: Agreement...) -> [ColumnLayout] {
        columns.filter { agreements.contains($0.agreement) }
    }
}

extension StoredTable {
    /// As `insert` for a row that is stored in any case.
    func register(_ record: Record, _ rest: String, _ db: Database) throws -> RowID<Record> {
        guard let id = try insert(record, rest, db) else {
            throw DatabaseError(
                resultCode: .SQLITE_INTERNAL, message: "no row id of \(layout.name)")
        }
        return RowID(id)
    }
}

extension StoredValue {
    fileprivate init(_ value: DatabaseValue, isText: Bool) {
        switch value.storage {
        case .null: self = .null
        case .int64(let value): self = .integer(Int(value))
        case .double(let value): self = .real(value)
        case .string(let value): self = .text(value)
        case .blob(let value):
            self = isText ? .text(String(decoding: value, as: UTF8.self)) : .bytes(Array(value))
        }
    }

    var databaseValue: DatabaseValue {
        switch self {
        case .null: .null
        case .flag(let value): value.databaseValue
        case .integer(let value): value.databaseValue
        case .real(let value): value.databaseValue
        case .text(let value): Data(value.utf8).databaseValue
        case .bytes(let value): Data(value).databaseValue
        }
    }
}
