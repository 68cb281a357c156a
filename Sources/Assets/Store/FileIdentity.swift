import Foundation

/// What changes when a file's content does: the key of a remembered digest.
struct FileIdentity: Equatable, Codable {
    let size: Int64
    /// Nanoseconds since 1970.
    let modified: Int64
    let inode: UInt64
    let device: UInt64

    /// The identity of the regular file at `path`; nil if there is none.
    init?(path: String) {
        var status = stat()
        guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
        size = Int64(status.st_size)
        #if os(Linux)
            let time = status.st_mtim
        #else
            let time = status.st_mtimespec
        #endif
        modified = Int64(time.tv_sec) &* 1_000_000_000 &+ Int64(time.tv_nsec)
        inode = UInt64(status.st_ino)
        device = UInt64(truncatingIfNeeded: status.st_dev)
    }
}
