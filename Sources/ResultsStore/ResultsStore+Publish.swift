import Foundation
import GRDB
import Platform

/// A published file, as its publisher left it: while it is that still, there is nothing in it to be taken over.
package struct PublishedState: Equatable, Sendable {
    let file: FileNumber
    let size: Int64
    let modified: [Int]
    let changed: [Int]
    let lastSample: Int64?
    let lastAttempt: Int64?

    /// What lies at `path`; `db` is a connection to a file of the same content.
    init?(path: String, _ db: Database) throws {
        guard let status = try presence(of: path) else { return nil }
        file = FileNumber(status)
        size = Int64(status.st_size)
        #if os(Linux)
            let times = (status.st_mtim, status.st_ctim)
        #else
            let times = (status.st_mtimespec, status.st_ctimespec)
        #endif
        modified = [times.0.tv_sec, times.0.tv_nsec]
        changed = [times.1.tv_sec, times.1.tv_nsec]
        // Two writes may fall into one tick of the clock that stamps files.
        lastSample = try Int64.fetchOne(db, sql: "SELECT max(id) FROM sample")
        lastAttempt = try Int64.fetchOne(db, sql: "SELECT max(id) FROM attempt")
    }
}

extension ResultsStore {
    /// Whether two paths lead to one file, or would once it exists.
    package static func areSame(_ one: String, _ other: String) throws(StoreError) -> Bool {
        try DatabasePath.areSame(one, other)
    }

    /// Merges what lies at a place that will be published to, which is not changed but for what a killed writer has left to be put back together.
    ///
    /// Throws `.sameFile`, `.locked` and what `merge` and opening throw.
    package func takeOver(
        _ destination: String, patience: Duration = .seconds(30)
    ) throws(StoreError) -> PublishedState? {
        try Destination(destination, of: self, patience: patience).held { destination, db in
            guard let db else { return nil }
            _ = try merge(from: destination.path)
            return try PublishedState(path: destination.path, db)
        }
    }

    /// Writes all that is stored so far, and what is at the destination, to the destination.
    ///
    /// Under the destination's writer lock: what lies there is merged, unless it is still as `known` says; a whole file is written beside it and takes its place.
    /// A process killed at any moment leaves the old file or the new one, and neither a log that belongs to the other.
    /// The published file has no log, so it can be read on any file system. Throws as `takeOver` does, and `.full`, `.inputOutput`.
    /// `patience` is for other publishers, `readers` for programs that read the file.
    package func publish(
        to destination: String, since known: PublishedState? = nil,
        patience: Duration = .seconds(30), readers: Duration = .seconds(5)
    ) throws(StoreError) -> PublishedState? {
        let place = try Destination(destination, of: self, patience: patience)
        return try place.held(readers: readers) { destination, db in
            if let db,
                try known == nil || PublishedState(path: destination.path, db) != known
            {
                _ = try merge(from: destination.path)
            }
            let part = destination.path + "-part"
            defer { for end in ["", "-journal"] { machine.unlink(part + end) } }
            // Of a publisher that was killed: under the lock it is nobody's.
            for end in ["", "-journal"] { try removeRemains(part + end) }
            try copyWhole(queue, to: part)
            try putWhole(part, at: destination.path)
            return try queue.read { try PublishedState(path: destination.path, $0) }
        }
    }
}

/// A place to publish to, locked until it goes.
private struct Destination {
    /// The real path.
    let path: String
    private let lock: WriterLock

    init(_ name: String, of store: ResultsStore, patience: Duration) throws(StoreError) {
        path = try DatabasePath.real(name, for: .writing)
        guard try !DatabasePath.areSame(path, store.path) else {
            throw .sameFile(path: name, other: store.path)
        }
        lock = try WriterLock(database: path, isBrief: true, patience: patience)
        if let status = try presence(of: path), status.st_nlink > 1 {
            // A new file would take the place of one name only.
            throw .severalNames(path: path, count: Int(status.st_nlink))
        }
    }

    /// Calls `body` while no other program writes the file, its logs are empty and all is in the file itself; with nil if nothing is stored there.
    func held<Result>(
        readers: Duration = .seconds(5),
        _ body: (_ destination: Destination, _ db: Database?) throws -> Result?
    ) throws(StoreError) -> Result? {
        do {
            guard try FileNumber(path: path) != nil else { return try body(self, nil) }
            _ = try LeftLog.secure(beside: path)
            // Opening for writing puts back together what a killed writer has left.
            let queue = try openQueue(
                path: path, readonly: false, patience: readers / .seconds(1))
            defer { try? queue.close() }
            return try queue.writeWithoutTransaction { db in
                // Before the first change: what is not ours stays as it is.
                let isEmpty = try Schema.check(db, path: path)
                try emptyLog(db)
                var result: Result?
                try db.inTransaction(.immediate) {
                    guard try !SideFile.log.hasContent(beside: path) else {
                        throw StoreError.busy(path: path)
                    }
                    result = try body(self, isEmpty ? nil : db)
                    return .rollback
                }
                return result
            }
        } catch {
            throw StoreError(error, path: path)
        }
    }

    /// Brings all that lies in the write-ahead log into the file.
    private func emptyLog(_ db: Database) throws {
        guard try String.fetchOne(db, sql: "PRAGMA journal_mode") == "wal" else { return }
        // Possible where no other program has the file open; SQLite itself removes the log then.
        do {
            if try String.fetchAll(db, sql: "PRAGMA journal_mode = DELETE") == ["delete"] { return }
        } catch let error as DatabaseError
            where [.SQLITE_BUSY, .SQLITE_LOCKED].contains(error.resultCode.primaryResultCode)
        {}
        try LeftLog.empty(db, path: path)
    }
}

/// Puts `part`, a whole file on the disk, at `path`, of which the caller has the writer's lock.
///
/// SQLite replays any log that lies beside a file, whichever file it was written for. So the logs, which are empty by now or belong to a file that is no more,
/// are gone for good before the new file comes; programs that still read the old one keep their open files.
func putWhole(_ part: String, at path: String) throws(StoreError) {
    func check(_ code: Int32?) throws(StoreError) {
        if let code { throw .inputOutput(path: path, message: errorText(code)) }
    }
    let old = try presence(of: path)
    if let old { machine.chmod(part, old.st_mode & 0o777) }
    for side in SideFile.allCases { try removeRemains(path + side.rawValue) }
    try check(machine.syncFolder(of: path))
    try check(machine.rename(part, path) == 0 ? nil : errno)
    // Also where a file was there already: whoever put it there may have failed at just this, and its folder have no name on the disk yet.
    try check(machine.syncFolders(of: path))
    // Of readers that opened the old file in between; the new one has none yet.
    for side in [SideFile.log, .index] { machine.unlink(path + side.rawValue) }
}

/// Writes all that a connection sees to a new file, and brings it to the disk, with its name and its folder's.
func copyWhole(_ queue: DatabaseQueue, to path: String) throws {
    try queue.writeWithoutTransaction { db in
        try db.execute(sql: "VACUUM INTO ?", arguments: [path])
    }
    // SQLite leaves that to the system's leisure for copies.
    if let code = machine.sync(path) ?? machine.syncFolders(of: path) {
        throw StoreError.inputOutput(path: path, message: errorText(code))
    }
}
