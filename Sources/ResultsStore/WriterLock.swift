import Foundation

/// Who holds a database for writing, as its lock file says.
public struct LockHolder: Codable, Equatable, Sendable {
    /// The process, on its host.
    public let pid: Int
    /// The machine's name.
    public let host: String
    /// When it took the lock, UTC, ISO 8601.
    public let since: String
    /// Its command line.
    public let command: String
}

/// An exclusive lock between processes: `flock` on a side file `<database>.lock`.
///
/// The kernel drops the lock when its holder ends, however it ends. The side file stays: removing
/// it would let two processes lock two different files of the same name.
final class WriterLock: Sendable {
    private let descriptor: Int32

    /// Takes the lock or says who has it.
    init(database path: String) throws(StoreError) {
        let lockPath = path + ".lock"
        // Close-on-exec: a child process must not keep the lock of a parent that has ended.
        let descriptor = open(lockPath, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else {
            throw .inputOutput(path: lockPath, message: String(cString: strerror(errno)))
        }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            let code = errno
            close(descriptor)
            guard code == EWOULDBLOCK else {
                throw .inputOutput(path: lockPath, message: String(cString: strerror(code)))
            }
            throw .locked(path: path, holder: Self.holder(at: lockPath))
        }
        self.descriptor = descriptor
        announce()
    }

    deinit {
        // Emptied first: a lock file that names nobody is held by nobody.
        _ = ftruncate(descriptor, 0)
        // Closing alone would not do: a child process being started just now still has a copy of
        // the descriptor until it executes its program.
        _ = flock(descriptor, LOCK_UN)
        close(descriptor)
    }

    /// Writes who we are. Losing this text costs only the next one's message, so a failure to
    /// write it (a full disk) is left to the database itself to report.
    private func announce() {
        let process = ProcessInfo.processInfo
        let holder = LockHolder(
            pid: Int(process.processIdentifier), host: process.hostName, since: Clock.now(),
            command: process.arguments.joined(separator: " "))
        guard let text = try? JSONEncoder().encode(holder) else { return }
        _ = ftruncate(descriptor, 0)
        text.withUnsafeBytes { bytes in
            _ = pwrite(descriptor, bytes.baseAddress, bytes.count, 0)
        }
    }

    private static func holder(at path: String) -> LockHolder? {
        guard let data = FileManager.default.contents(atPath: path) else { return nil }
        return try? JSONDecoder().decode(LockHolder.self, from: data)
    }
}
