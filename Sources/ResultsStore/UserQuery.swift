import Foundation
import GRDB

/// One value of a query's result.
package enum QueryValue: Equatable, Sendable {
    case null
    case integer(Int64)
    case real(Double)
    /// TEXT, or a BLOB read as text.
    case text(String)
}

/// What a query of the user's own returns.
package struct QueryResult: Equatable, Sendable {
    /// The columns' names.
    package let columns: [String]
    /// The rows, as wide as `columns`.
    package let rows: [[QueryValue]]

    /// A result, such as a test makes.
    package init(columns: [String], rows: [[QueryValue]]) {
        self.columns = columns
        self.rows = rows
    }
}

extension ResultsReader {
    /// Runs one SELECT statement of the user's own.
    ///
    /// `:name` in the text takes `parameters["name"]`, or NULL. Throws `.sqlite` with SQLite's
    /// message for a wrong statement, and for one that would write.
    package func query(
        _ sql: String, parameters: [String: QueryValue] = [:]
    ) throws(StoreError) -> QueryResult {
        try read { db in
            let statement = try db.makeStatement(sql: sql)
            guard statement.isReadonly else {
                throw StoreError.sqlite(path: path, message: "only SELECT statements may run here")
            }
            statement.setUncheckedArguments(
                StatementArguments(parameters.mapValues(\.databaseValue)))
            var rows: [[QueryValue]] = []
            let cursor = try Row.fetchCursor(statement)
            while let row = try cursor.next() {
                rows.append(row.databaseValues.map(QueryValue.init))
            }
            return QueryResult(columns: statement.columnNames, rows: rows)
        }
    }
}

extension QueryValue {
    fileprivate init(_ value: DatabaseValue) {
        switch value.storage {
        case .null: self = .null
        case .int64(let value): self = .integer(value)
        case .double(let value): self = .real(value)
        case .string(let value): self = .text(value)
        case .blob(let value): self = .text(String(decoding: value, as: UTF8.self))
        }
    }

    fileprivate var databaseValue: DatabaseValue {
        switch self {
        case .null: .null
        case .integer(let value): value.databaseValue
        case .real(let value): value.databaseValue
        case .text(let value): value.databaseValue
        }
    }
}
