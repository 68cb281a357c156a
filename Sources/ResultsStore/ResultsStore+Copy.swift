import Foundation
import GRDB

extension ResultsStore {
    /// Writes all that is stored so far to another file, which appears whole or stays as it was.
    ///
    /// The copy has no write-ahead log, so it can be read on any file system. Throws `.full`, `.inputOutput`.
    public func copy(to destination: String) throws(StoreError) {
        let destination = absolute(destination)
        let partial = "\(destination).\(UUID().uuidString).part"
        do {
            try queue.writeWithoutTransaction { db in
                try db.execute(sql: "VACUUM INTO ?", arguments: [partial])
            }
            try synchronise(partial)
            guard rename(partial, destination) == 0 else {
                throw StoreError.inputOutput(
                    path: destination, message: String(cString: strerror(errno)))
            }
        } catch {
            unlink(partial)
            throw StoreError(error, path: destination)
        }
    }
}

/// Brings a file to the disk: SQLite leaves that to the system's leisure for copies.
private func synchronise(_ path: String) throws(StoreError) {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    defer { if descriptor >= 0 { close(descriptor) } }
    guard descriptor >= 0, fsync(descriptor) == 0 else {
        throw .inputOutput(path: path, message: String(cString: strerror(errno)))
    }
}
