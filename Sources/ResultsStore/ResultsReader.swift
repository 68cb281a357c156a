import Foundation
import GRDB

/// Queries on a results database.
///
/// Opened from a path it is read-only and sees the file as it was at that moment, so that a report
/// made during a sweep is consistent. A store's own `reader` sees each change.
package final class ResultsReader: Sendable {
    /// The file, as an absolute path.
    package let path: String
    let queue: DatabaseQueue

    /// Whether the file was opened on the word that nobody changes it.
    let immutable: Bool

    /// Opens `path` for reading; takes no lock and changes nothing, but that SQLite puts back together what a killed writer left.
    ///
    /// Throws `.missing`, `.notADatabase`, `.notResults`, `.newerSchema`, `.olderSchema`, `.nothingYet`, `.notAFile`.
    package convenience init(path: String) throws(StoreError) {
        let path = try DatabasePath.real(path, for: .reading)
        let (queue, immutable) = try Self.settled(path)
        self.init(queue: queue, path: path, immutable: immutable)
    }

    /// Opens `path` for reading if anything is stored there; nil without a file, and for one over which a first run was killed.
    package static func ifAny(path: String) throws(StoreError) -> ResultsReader? {
        do throws(StoreError) {
            return try ResultsReader(path: path)
        } catch {
            switch error {
            case .missing, .nothingYet: return nil
            default: throw error
            }
        }
    }

    /// Opens the file that the path leads to before and after: a file that replaces another just then would be read with the other's log.
    private static func settled(
        _ path: String
    ) throws(StoreError) -> (queue: DatabaseQueue, immutable: Bool) {
        var tries = 0
        while true {
            guard let number = try FileNumber(path: path) else { throw .missing(path: path) }
            tries += 1
            do throws(StoreError) {
                let opened = try open(path)
                if try FileNumber(path: path) == number || tries == 10 { return opened }
            } catch {
                if try FileNumber(path: path) == number || tries == 10 { throw error }
            }
        }
    }

    private static func open(
        _ path: String
    ) throws(StoreError) -> (queue: DatabaseQueue, immutable: Bool) {
        do throws(StoreError) {
            return (try held(path, at: path), false)
        } catch .inputOutput(_, let message) {
            if try SideFile.journal.hasContent(beside: path) {
                // A transaction that a kill has cut short; only who may write can take it back.
                do throws(StoreError) { try recover(path) } catch {
                    throw unfinished(path, message)
                }
                return (try held(path, at: path), false)
            }
            // In a folder we may not write to, SQLite needs to be told that nobody changes the
            // file, which is so when no writer's log lies beside it.
            guard try !SideFile.log.hasContent(beside: path) else {
                throw unfinished(path, message)
            }
            return (try held(uri(path, "immutable=1"), at: path), true)
        }
    }

    /// Takes back a transaction that a kill has cut short in a file without a write-ahead log, which who only reads can't do.
    static func recoverIfCut(_ path: String) throws(StoreError) {
        if try SideFile.journal.hasContent(beside: path) { try recover(path) }
    }

    private static func recover(_ path: String) throws(StoreError) {
        let queue = try openQueue(path: path, readonly: false)
        do {
            _ = try queue.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM sqlite_schema") }
            try queue.close()
        } catch {
            throw StoreError(error, path: path)
        }
    }

    private static func unfinished(_ path: String, _ message: String) -> StoreError {
        .inputOutput(
            path: path,
            message:
                "\(message); beside it lies unfinished work of a run that was killed, and its folder "
                + "can't be written: let who may write there run `citer db check`")
    }

    /// A connection with the one transaction begun in which everything is read.
    private static func held(_ name: String, at path: String) throws(StoreError) -> DatabaseQueue {
        let queue = try openQueue(path: name, readonly: true, naming: path)
        do {
            try queue.writeWithoutTransaction { db in
                try db.beginTransaction(.deferred)
                if try Schema.check(db, path: path) { throw StoreError.nothingYet(path: path) }
                if case .version(let found) = try Schema.state(of: db), found < Schema.version {
                    throw StoreError.olderSchema(path: path, found: found, needed: Schema.version)
                }
            }
        } catch {
            throw StoreError(error, path: path)
        }
        return queue
    }

    init(queue: DatabaseQueue, path: String, immutable: Bool = false) {
        self.queue = queue
        self.path = path
        self.immutable = immutable
    }

    func read<Result>(_ body: (Database) throws -> Result) throws(StoreError) -> Result {
        do {
            return try queue.read(body)
        } catch {
            throw StoreError(error, path: path)
        }
    }

    /// The one row that a reference in this file leads to.
    func row<Value>(
        _ sql: String, _ id: Int64, _ make: (Row) throws -> Value
    ) throws(StoreError) -> Value {
        guard let found = try rows(sql, [id], make).first else {
            throw .corrupt(path: path, message: "\(sql) finds no row \(id)")
        }
        return found
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
