import Foundation
import GRDB
import Platform
import Synchronization

/// The results database of one experiment, open for writing.
///
/// One SQLite file (WAL, `synchronous=EXTRA`): what a call has returned from is on disk, and a
/// process killed at any moment loses only the transaction in flight. One writer at a time, by a
/// lock on `<path>.lock`; any number of readers. Methods block until done and may be called from
/// any thread; they run one after another.
///
///     let store = try ResultsStore(path: "results/gsm8k.sqlite")
///     let experiment = try store.register(ExperimentRecord(name: "gsm8k", spec: text))
///     let cell = try store.register(CellRecord(experiment: experiment, key: key, ...))
///     let attempt = try store.beginAttempt(AttemptRecord(programVersion: "1.0", ...))
///     let done = try store.reader.finishedQuestions(of: cell)
///     try store.save(sample, decisions: decisions, in: cell, by: attempt)
///     try store.endAttempt(attempt, .finished)
package final class ResultsStore: Sendable {
    /// The file, as an absolute path without links.
    package let path: String
    /// Queries on the same connection: they see all that was saved so far.
    package let reader: ResultsReader

    let queue: DatabaseQueue
    let vocabularies = Mutex(VocabularyCache())
    let place: WrittenPlace
    private let lock: WriterLock

    /// Opens or creates the file at `path`, takes the writer's lock and upgrades an older schema.
    ///
    /// Creates missing folders. Throws `.locked`, `.busy`, `.newerSchema`, `.notResults`, `.notADatabase`, `.notAFile`.
    package init(path: String) throws(StoreError) {
        let path = try DatabasePath.real(path, for: .writing)
        lock = try WriterLock(database: path)
        let isLeft = try LeftLog.secure(beside: path)
        queue = try openQueue(path: path, readonly: false)
        do {
            try Self.prepare(queue, path: path)
            // Nothing is appended to what another writer has left.
            if isLeft { try queue.writeWithoutTransaction { try LeftLog.empty($0, path: path) } }
            try Schema.migrator.migrate(queue)
        } catch {
            throw StoreError(error, path: path)
        }
        self.path = path
        place = try WrittenPlace(path: path)
        reader = ResultsReader(queue: queue, path: path)
    }

    /// Moves everything from the write-ahead log into the file itself and closes it.
    ///
    /// Optional: a store that goes out of scope closes itself. Using it afterwards is an error.
    package func close() throws(StoreError) {
        do { try queue.close() } catch { throw StoreError(error, path: path) }
    }

    private static func prepare(_ queue: DatabaseQueue, path: String) throws {
        // Before the first change, or a wrong file would be turned into one of ours.
        let isNew = try queue.read { try Schema.check($0, path: path) }
        // What is stored in a folder is lost with the folder's own name.
        if isNew, let code = machine.syncFolders(of: path) {
            throw StoreError.inputOutput(path: path, message: errorText(code))
        }
        try queue.writeWithoutTransaction { db in
            // To its end: SQLite tells the new mode first, and then that it could not be written.
            let mode = try String.fetchAll(db, sql: "PRAGMA journal_mode = WAL")
            guard mode == ["wal"] else {
                throw StoreError.inputOutput(
                    path: path, message: "the file system does not allow a write-ahead log")
            }
        }
    }

    /// Runs `body` in one transaction: all of it is stored, or none.
    ///
    /// Where the file was deleted or replaced meanwhile, nobody would find what is stored: all of it is saved elsewhere, and `.replaced` says where.
    func transaction<Result>(_ body: (Database) throws -> Result) throws(StoreError) -> Result {
        let outcome = Swift.Result { try queue.write(body) }
        // Only now: what was just stored is saved, too.
        if place.isLost { throw place.rescue(queue) }
        do {
            return try outcome.get()
        } catch {
            throw StoreError(error, path: path)
        }
    }
}

/// `path` from the root: SQLite would read a relative `file:...` as a URI.
func absolute(_ path: String) -> String {
    URL(fileURLWithPath: path).path
}

func makeFolder(of path: String) throws(StoreError) {
    let folder = URL(fileURLWithPath: path).deletingLastPathComponent().path
    if let code = machine.makeFolder(folder) {
        throw .inputOutput(path: folder, message: errorText(code))
    }
}

/// One connection with the settings every connection of ours has.
///
/// `path` may be an address with a query; `file` is what errors name then.
func openQueue(
    path: String, readonly: Bool, naming file: String? = nil, patience: TimeInterval = 10
) throws(StoreError) -> DatabaseQueue {
    var configuration = Configuration()
    configuration.readonly = readonly
    // A reader keeps one transaction open, so that a report sees one state of the file.
    configuration.allowsUnsafeTransactions = readonly
    // Readers wait while a crashed writer's log is recovered; nothing else makes them wait.
    configuration.busyMode = .timeout(patience)
    configuration.prepareDatabase { db in
        // More than FULL only where a file has no write-ahead log: there a transaction is stored when its journal is gone, and that must be on the disk, too.
        try db.execute(sql: "PRAGMA synchronous = EXTRA")
    }
    do {
        return try DatabaseQueue(path: address(of: path), configuration: configuration)
    } catch {
        throw StoreError(error, path: file ?? path)
    }
}

/// `path`, or an address with a query, as SQLite finds it on this machine.
private func address(of path: String) -> String {
    guard let files = machine.sqliteFiles else { return path }
    return path.hasPrefix("/") ? uri(path, "vfs=\(files)") : "\(path)&vfs=\(files)"
}

/// A name is a key, so it must survive every tool: not empty, no control characters.
func checkName(_ name: String, what: String) throws(StoreError) {
    let isControl = { (scalar: Unicode.Scalar) in scalar.properties.generalCategory == .control }
    guard !name.isEmpty, !name.unicodeScalars.contains(where: isControl) else {
        throw .invalid(
            what: "\(what) is empty or holds control characters: \(name.debugDescription)")
    }
}
