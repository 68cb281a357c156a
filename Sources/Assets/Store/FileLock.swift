import Foundation
import Platform

/// Holds an exclusive lock on a file until it is released, so that two processes never write the
/// same download.
///
/// The descriptor is inherited by the programs started meanwhile: should this process be killed,
/// the lock lasts until its orphaned download ends too.
struct FileLock: ~Copyable {
    private let descriptor: Int32

    /// Takes the lock; calls `busy` once if another process holds it, then waits.
    init(path: String, busy: () -> Void) throws(AssetError) {
        descriptor = open(path, O_RDWR | O_CREAT, 0o644)
        guard descriptor >= 0 else { throw .unwritable(path: path, reason: errorText(errno)) }
        if flock(descriptor, LOCK_EX | LOCK_NB) == 0 { return }
        busy()
        while flock(descriptor, LOCK_EX) != 0 {
            // Some network file systems have no locks; better unlocked than not at all.
            if errno != EINTR { return }
        }
    }

    deinit { close(descriptor) }
}
