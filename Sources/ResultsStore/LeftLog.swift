import Foundation
import GRDB
import Platform

/// What a writer that ended before its time has left in a log, and how the next one begins.
///
/// Of a log whose sync has failed the system goes on to show everything, and writes it no more. Who believes it, and brings from there into the file what was never on
/// the disk, has half a change in the file and no log after a loss of power; who appends to it, a log that cannot be read to its end ("Can Applications Recover from fsync Failures?", Rebello et al., ATC 2020).
enum LeftLog {
    /// Gives the disk once more what it lacks of the logs beside `path`, of which the caller has the writer's lock; to be called before SQLite opens the file.
    ///
    /// Only what differs is written, so that nothing that was stored is ever at risk, and to readers nothing changes. Returns whether a write-ahead log is there.
    static func secure(beside path: String) throws(StoreError) -> Bool {
        for log in SideFile.logs where try log.hasContent(beside: path) {
            try secure(path + log.rawValue, of: path)
        }
        return try SideFile.log.hasContent(beside: path)
    }

    private static func secure(_ log: String, of path: String) throws(StoreError) {
        func failed() -> StoreError {
            errno == ENOSPC || errno == EDQUOT
                ? .full(path: path) : .inputOutput(path: path, message: errorText(errno))
        }
        guard let stored = machine.stored(of: log) else {
            // Where a disk can't be asked, nothing can be done but believe the system.
            if errno == EOPNOTSUPP || errno == ENOENT { return }
            throw failed()
        }
        guard let shown = machine.contents(of: log) else {
            throw .inputOutput(path: path, message: errorText(EIO))
        }
        let missing = differences(shown, stored)
        guard !missing.isEmpty else { return }
        let descriptor = machine.open(log, O_WRONLY | O_CLOEXEC, 0)
        guard descriptor >= 0 else { throw failed() }
        defer { machine.close(descriptor) }
        for range in missing {
            var done = range.lowerBound
            while done < range.upperBound {
                let count = shown[done..<range.upperBound].withUnsafeBytes {
                    machine.pwrite(descriptor, $0, done)
                }
                guard count > 0 || count < 0 && errno == EINTR else { throw failed() }
                done += max(0, count)
            }
        }
        guard machine.fsync(descriptor) == 0 else { throw failed() }
    }

    /// Where `shown` holds what `stored` does not, with what is the same in between where that is less than the smallest thing that a log holds.
    static func differences(_ shown: Data, _ stored: Data) -> [Range<Int>] {
        let smallest = 512
        let stored = Array(stored)
        var found: [Range<Int>] = []
        for (index, byte) in shown.enumerated()
        where index >= stored.count || stored[index] != byte {
            if let last = found.last, index - last.upperBound < smallest {
                found[found.count - 1] = last.lowerBound..<index + 1
            } else {
                found.append(index..<index + 1)
            }
        }
        return found
    }

    /// Brings all that lies in the write-ahead log into the file, and begins the log anew; throws `.busy` where a program that reads the file keeps that from being done.
    static func empty(_ db: Database, path: String) throws {
        let row = try Row.fetchOne(db, sql: "PRAGMA wal_checkpoint(TRUNCATE)")
        guard row?[0] == 0 else { throw StoreError.busy(path: path) }
    }
}
