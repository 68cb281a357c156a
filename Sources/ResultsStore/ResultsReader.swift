import Foundation
import GRDB

/// Queries on a results database.
///
/// Opened from a path it is read-only and sees the file as it was at that moment, so that a report
/// made during a sweep is consistent. A store's own `reader` sees each change.
public final class ResultsReader: Sendable {
    /// The file, as an absolute path.
    public let path: String
    let queue: DatabaseQueue

    /// Whether the file was opened on the word that nobody changes it.
    let immutable: Bool

    /// Opens `path` for reading; takes no lock and changes nothing.
    ///
    /// Throws `.missing`, `.notADatabase`, `.notResults`, `.newerSchema`, `.olderSchema`.
    public convenience init(path: String) throws(StoreError) {
        let path = absolute(path)
        guard FileManager.default.fileExists(atPath: path) else { throw .missing(path: path) }
        do throws(StoreError) {
            self.init(queue: try openQueue(path: path, readonly: true), path: path)
            try hold()
        } catch .inputOutput(let file, let message) {
            // In a folder we may not write to, SQLite needs to be told that nobody changes the
            // file, which is so when no writer's log lies beside it.
            guard Self.isLogEmpty(path: path) else {
                throw .inputOutput(path: file, message: message)
            }
            let queue = try openQueue(path: uri(path, "immutable=1"), readonly: true)
            self.init(queue: queue, path: path, immutable: true)
            try hold()
        }
    }

    init(queue: DatabaseQueue, path: String, immutable: Bool = false) {
        self.queue = queue
        self.path = path
        self.immutable = immutable
    }

    private static func isLogEmpty(path: String) -> Bool {
        let attributes = try? FileManager.default.attributesOfItem(atPath: path + "-wal")
        return (attributes?[.size] as? Int ?? 0) == 0
    }

    /// Starts the one transaction in which everything is read.
    private func hold() throws(StoreError) {
        let path = self.path
        do {
            try queue.writeWithoutTransaction { db in
                try db.beginTransaction(.deferred)
                switch try Schema.state(of: db) {
                case .empty, .foreign: throw StoreError.notResults(path: path)
                case .version(let found) where found > Schema.version:
                    throw StoreError.newerSchema(
                        path: path, found: found, supported: Schema.version)
                case .version(let found) where found < Schema.version:
                    throw StoreError.olderSchema(path: path, found: found, needed: Schema.version)
                case .version: break
                }
            }
        } catch {
            throw StoreError(error, path: path)
        }
    }

    func read<Result>(_ body: (Database) throws -> Result) throws(StoreError) -> Result {
        do {
            return try queue.read(body)
        } catch {
            throw StoreError(error, path: path)
        }
    }

    /// All rows of a query, each made into a value.
    func rows<Value>(
        _ sql: String, _ arguments: StatementArguments = [], _ make: (Row) throws -> Value
    ) throws(StoreError) -> [Value] {
        try read { db in
            let cursor = try Row.fetchCursor(db, sql: sql, arguments: arguments)
            var values: [Value] = []
            while let row = try cursor.next() { values.append(try make(row)) }
            return values
        }
    }
}

/// `path` as SQLite's URI with a query part.
func uri(_ path: String, _ query: String) -> String {
    let plain = CharacterSet.urlPathAllowed.subtracting(CharacterSet(charactersIn: "?#%"))
    let escaped = path.addingPercentEncoding(withAllowedCharacters: plain) ?? path
    return "file://\(escaped)?\(query)"
}

/// Numbers stored as text sort as numbers: 2 before 10.
let questionOrder = "length(question), question"
