package import Foundation
import GRDB

/// What training computed, so that nothing is computed twice: references, walks and rollouts, in a file beside the results.
///
/// A series is named by what decides its content, as canonical text; an item of it by the question, or question and place. Each item is stored in a
/// transaction of its own, so a process killed at any moment loses only what it was working on.
package final class LabelStore {
    /// A series of items.
    package struct Series: Sendable, Equatable {
        let id: Int64
    }

    private let queue: DatabaseQueue
    private let path: String

    /// `application_id` of label files, the ASCII letters "citl".
    private static let applicationID = 0x6369_746c

    /// Opens the file, or makes it.
    package init(path: String) throws(StoreError) {
        self.path = try DatabasePath.real(path, for: .writing)
        queue = try openQueue(path: self.path, readonly: false)
        try write { db in
            let tables = try Int.fetchOne(db, sql: "SELECT count(*) FROM sqlite_schema") ?? 0
            let application = try Int.fetchOne(db, sql: "PRAGMA application_id") ?? 0
            guard tables == 0 || application == Self.applicationID else {
                throw StoreError.notLabels(path: path)
            }
            try db.execute(sql: "PRAGMA application_id = \(Self.applicationID)")
            try db.execute(
                sql: """
                    CREATE TABLE IF NOT EXISTS series (
                        id INTEGER PRIMARY KEY,
                        canonical TEXT NOT NULL UNIQUE
                    ) STRICT;
                    CREATE TABLE IF NOT EXISTS item (
                        series INTEGER NOT NULL REFERENCES series (id),
                        name TEXT NOT NULL,
                        data BLOB NOT NULL,
                        PRIMARY KEY (series, name)
                    ) STRICT;
                    """)
        }
    }

    /// The series of that content, new or known.
    package func series(_ canonical: String) throws(StoreError) -> Series {
        try write { db in
            let id = try Int64.fetchOne(
                db,
                sql: """
                    INSERT INTO series (canonical) VALUES (?)
                    ON CONFLICT (canonical) DO UPDATE SET canonical = canonical RETURNING id
                    """, arguments: [canonical])
            guard let id else {
                throw DatabaseError(resultCode: .SQLITE_INTERNAL, message: "no row id of series")
            }
            return Series(id: id)
        }
    }

    /// An item's bytes; nil if it is not there.
    package func item(_ name: String, in series: Series) throws(StoreError) -> Data? {
        try write { db in
            try Data.fetchOne(
                db, sql: "SELECT data FROM item WHERE series = ? AND name = ?",
                arguments: [series.id, name])
        }
    }

    /// Stores an item, durably.
    package func store(_ data: Data, as name: String, in series: Series) throws(StoreError) {
        try write { db in
            try db.execute(
                sql: "INSERT OR REPLACE INTO item (series, name, data) VALUES (?, ?, ?)",
                arguments: [series.id, name, data])
        }
    }

    private func write<T>(_ body: (Database) throws -> T) throws(StoreError) -> T {
        do {
            return try queue.write(body)
        } catch {
            throw StoreError(error, path: path)
        }
    }
}
