import Foundation
import GRDB
import Platform
import Synchronization

/// The place of a database that is being written: notices when the file is no longer there, and saves what it held.
///
/// An open file lives on when its name is deleted or given to another file, and so does its log; but nobody would find them.
final class WrittenPlace: Sendable {
    private let path: String
    private let file: FileNumber?
    private let log: FileNumber?
    private let loss = Mutex<StoreError?>(nil)

    /// Remembers which file lies at `path`, and which log beside it.
    init(path: String) throws(StoreError) {
        self.path = path
        file = try FileNumber(path: path)
        log = try FileNumber(path: path + SideFile.log.rawValue)
    }

    /// Whether the path leads to another file now, or to none.
    var isLost: Bool {
        if let found = machine.status(at: path) { return FileNumber(found) != file }
        // A disk that is away for a moment is no loss.
        return errno == ENOENT || errno == ENOTDIR
    }

    /// Saves, once, all that is stored to a new file beside the path, else where temporary files go; the error that says so.
    func rescue(_ queue: DatabaseQueue) -> StoreError {
        loss.withLock { loss in
            if let loss { return loss }
            let temporary = NSTemporaryDirectory() as NSString
            let name = (path as NSString).lastPathComponent
            let saved = [path, temporary.appendingPathComponent(name)].lazy
                .compactMap { self.save(queue, beside: $0) }.first
            if saved != nil { removeLog() }
            let error = StoreError.replaced(path: path, saved: saved)
            loss = error
            return error
        }
    }

    private func save(_ queue: DatabaseQueue, beside path: String) -> String? {
        let stem = (path as NSString).deletingPathExtension
        let time = Clock.now().filter { $0.isNumber }
        let saved = "\(stem).saved-\(time)-\(getpid()).sqlite"
        do {
            try makeFolder(of: saved)
            try copyWhole(queue, to: saved)
            return saved
        } catch {
            machine.unlink(saved)
            return nil
        }
    }

    /// Our log, left at the path, would be replayed into the file that is there now, or comes to be.
    private func removeLog() {
        guard let log, log == (try? FileNumber(path: path + SideFile.log.rawValue)) else { return }
        for side in [SideFile.log, .index] { machine.unlink(path + side.rawValue) }
    }
}
