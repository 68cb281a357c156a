import Foundation
import Platform

/// Who holds a database for writing, as its lock file says.
package struct LockHolder: Codable, Equatable, Sendable {
    /// The process, on its host.
    package let pid: Int
    /// The machine's name.
    package let host: String
    /// When it took the lock, UTC, ISO 8601.
    package let since: String
    /// Its command line.
    package let command: String
    /// Whether it only publishes, and will be done soon.
    var isBrief: Bool?

    /// Whether that process has ended, as far as this machine can tell: it could not take its name back.
    var isGone: Bool {
        host == ProcessInfo.processInfo.hostName && kill(pid_t(truncatingIfNeeded: pid), 0) != 0
            && errno == ESRCH
    }
}

/// An exclusive lock between processes: `flock` on a side file `<database>.lock`.
///
/// The kernel drops the lock when its holder ends, however it ends. The side file stays: removing
/// it would let two processes lock two different files of the same name.
final class WriterLock: Sendable {
    private let descriptor: Int32
    private let machine = CurrentMachine.value

    /// Takes the lock or says who has it.
    ///
    /// `path` must be the database's real one. Waits, for `patience` at most, for a holder that only publishes; `isBrief` says that this one does.
    init(
        database path: String, isBrief: Bool = false, patience: Duration = .seconds(30)
    ) throws(StoreError) {
        let clock = ContinuousClock()
        let begin = clock.now
        while true {
            if let descriptor = try Self.take(path + ".lock") {
                self.descriptor = descriptor
                announce(isBrief)
                return
            }
            let holder = Self.holder(at: path + ".lock")
            // A holder without a name is about to say it, or to go.
            let limit =
                holder == nil
                ? min(patience, .seconds(1)) : holder?.isBrief == true ? patience : .zero
            guard clock.now - begin < limit else { throw .locked(path: path, holder: holder) }
            usleep(20_000)
        }
    }

    deinit {
        // Emptied first: a lock file that names nobody is held by nobody.
        _ = machine.ftruncate(descriptor, 0)
        // Closing alone would not do: a child process being started just now still has a copy of
        // the descriptor until it executes its program.
        _ = machine.flock(descriptor, LOCK_UN)
        machine.close(descriptor)
    }

    /// The locked file's descriptor; nil if another process has it.
    private static func take(_ path: String) throws(StoreError) -> Int32? {
        let machine = CurrentMachine.value
        while true {
            // Close-on-exec: a child process must not keep the lock of a parent that has ended.
            var descriptor = machine.open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
            if descriptor < 0, errno == EACCES || errno == EROFS {
                // Another user's lock file can be locked all the same, only not written.
                descriptor = machine.open(path, O_RDONLY | O_CLOEXEC, 0)
                if descriptor < 0, errno == ENOENT { errno = EACCES }
            }
            guard descriptor >= 0 else { throw failure(path, errno) }
            guard machine.flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
                let code = errno
                machine.close(descriptor)
                if code == EWOULDBLOCK { return nil }
                if code == EINTR { continue }
                throw failure(path, code)
            }
            // Someone may have removed the file between its opening and its locking.
            if let held = machine.status(of: descriptor), let named = machine.status(at: path),
                FileNumber(held) == FileNumber(named)
            {
                return descriptor
            }
            machine.close(descriptor)
        }
    }

    private static func failure(_ path: String, _ code: Int32) -> StoreError {
        .inputOutput(
            path: path,
            message:
                "\(errorText(code)), and a database is written only under this "
                + "lock; name a database in another folder with --db")
    }

    /// Writes who we are. Losing this text costs only the next one's message, so a failure to
    /// write it (a full disk) is left to the database itself to report.
    private func announce(_ isBrief: Bool) {
        let process = ProcessInfo.processInfo
        let holder = LockHolder(
            pid: Int(process.processIdentifier), host: process.hostName, since: Clock.now(),
            command: process.arguments.joined(separator: " "), isBrief: isBrief)
        guard let text = try? JSONEncoder().encode(holder) else { return }
        _ = machine.ftruncate(descriptor, 0)
        // Nothing was written before, so this is the file's beginning.
        _ = text.withUnsafeBytes { machine.write(descriptor, $0) }
    }

    private static func holder(at path: String) -> LockHolder? {
        guard let data = CurrentMachine.value.contents(of: path),
            let holder = try? JSONDecoder().decode(LockHolder.self, from: data), !holder.isGone
        else { return nil }
        return holder
    }
}
