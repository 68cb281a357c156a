// A model's weights are read where the kernel's page cache holds them: nothing is copied, and
// several processes share one copy.

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// A whole file mapped read-only; unmapped when the last reference goes.
///
/// The file must not shrink while it is mapped: reading a page that is gone kills the process.
final class FileMapping: Sendable {
    // Nothing ever writes through this pointer, and the pages live as long as the object.
    nonisolated(unsafe) let bytes: UnsafeRawBufferPointer

    /// Opens only regular files, so that a named pipe or a device cannot block the caller.
    init(path: String) throws(GGUFError) {
        let descriptor = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
        guard descriptor >= 0 else {
            throw .unreadable(path: path, reason: String(cString: strerror(errno)))
        }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else {
            throw .unreadable(path: path, reason: String(cString: strerror(errno)))
        }
        guard status.st_mode & S_IFMT == S_IFREG else { throw .notARegularFile(path: path) }
        let count = Int(status.st_size)
        guard count > 0 else {
            // A mapping of no bytes is an error to the system, but an empty file is only short.
            bytes = UnsafeRawBufferPointer(start: nil, count: 0)
            return
        }
        let start = mmap(nil, count, PROT_READ, MAP_PRIVATE, descriptor, 0)
        guard let start, start != MAP_FAILED else {
            throw .unreadable(path: path, reason: String(cString: strerror(errno)))
        }
        bytes = UnsafeRawBufferPointer(start: start, count: count)
    }

    deinit {
        guard let start = bytes.baseAddress else { return }
        munmap(UnsafeMutableRawPointer(mutating: start), bytes.count)
    }

    /// Gives the memory of the pages wholly inside `range` back; reading them maps them again.
    func dropPages(inside range: Range<Int>) {
        guard let start = bytes.baseAddress else { return }
        let page = Int(sysconf(Int32(_SC_PAGESIZE)))
        let lower = (range.lowerBound + page - 1) / page * page
        let upper = range.upperBound / page * page
        guard lower < upper else { return }
        // Advice may be refused (locked pages); the pages then simply stay.
        _ = madvise(UnsafeMutableRawPointer(mutating: start + lower), upper - lower, MADV_DONTNEED)
    }
}
