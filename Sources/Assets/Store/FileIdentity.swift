import Foundation

/// What changes when a file's content does: the key of a remembered digest.
struct FileIdentity: Equatable, Codable {
    let size: Int64
    /// Nanoseconds since 1970.
    let modified: Int64
    /// When the system noted any change of content, times or names, which no program can set back; in nanoseconds since 1970.
    let changed: Int64
    let inode: UInt64
    let device: UInt64

    /// The identity of the regular file at `path`; nil if there is none.
    init?(path: String) {
        var status = stat()
        guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
        size = Int64(status.st_size)
        #if os(Linux)
            let (written, noted) = (status.st_mtim, status.st_ctim)
        #else
            let (written, noted) = (status.st_mtimespec, status.st_ctimespec)
        #endif
        modified = Self.nanoseconds(written)
        changed = Self.nanoseconds(noted)
        inode = UInt64(status.st_ino)
        device = UInt64(truncatingIfNeeded: status.st_dev)
    }

    private static func nanoseconds(_ time: timespec) -> Int64 {
        Int64(time.tv_sec) &* 1_000_000_000 &+ Int64(time.tv_nsec)
    }

    /// Whether the file has been as it is for longer than `tick`, so that a change from now on must show in its times.
    ///
    /// A file system stamps with a clock that ticks: every few milliseconds on a local disk, every two seconds on some. What is written in the tick
    /// of the last change leaves no trace.
    func isSettled(for tick: TimeInterval) -> Bool {
        changed < Int64((Date().timeIntervalSince1970 - tick) * 1e9)
    }
}
