package import Foundation

/// What the program asks of the system where answers are at stake: files, their names, and the time.
///
/// Calls have the system's names, arguments and results: -1 or nil where they fail, with `errno` set. There are two: the real one, and one in tests that
/// fails, is killed, and loses what was not synced (docs/decisions/0017-simulated-faults.md).
package protocol Machine: Sendable {
    /// The file system of SQLite's (`sqlite3_vfs`) that has this machine's files; nil: its usual one.
    var sqliteFiles: String? { get }
    /// The wall clock, which may jump.
    func now() -> Date

    func open(_ path: String, _ flags: Int32, _ mode: mode_t) -> Int32
    @discardableResult func close(_ descriptor: Int32) -> Int32
    func write(_ descriptor: Int32, _ bytes: UnsafeRawBufferPointer) -> Int
    func pwrite(_ descriptor: Int32, _ bytes: UnsafeRawBufferPointer, _ offset: Int) -> Int
    func ftruncate(_ descriptor: Int32, _ size: Int) -> Int32
    func fsync(_ descriptor: Int32) -> Int32
    func flock(_ descriptor: Int32, _ operation: Int32) -> Int32

    func status(of descriptor: Int32) -> stat?
    func status(at path: String) -> stat?
    func access(_ path: String, _ mode: Int32) -> Int32
    func contents(of path: String) -> Data?
    /// What the disk holds of a file, once it has what it can be given; `contents` are more where a sync has failed: the system goes on to show what it has
    /// given up to write. nil with `EOPNOTSUPP` where the system does not tell.
    func stored(of path: String) -> Data?
    func names(in folder: String) -> [String]

    func mkdir(_ path: String, _ mode: mode_t) -> Int32
    func rename(_ path: String, _ new: String) -> Int32
    @discardableResult func unlink(_ path: String) -> Int32
    @discardableResult func chmod(_ path: String, _ mode: mode_t) -> Int32
}

/// The machine that this program runs on.
package var machine: any Machine { CurrentMachine.value }

/// Which machine `machine` is.
package enum CurrentMachine {
    @TaskLocal package static var value: any Machine = RealMachine()
}

extension Machine {
    /// Whether anything has that name, as far as can be seen.
    package func exists(_ path: String) -> Bool { status(at: path) != nil }

    /// Brings a file, or the names in a folder, to the disk; the error's number where that fails.
    package func sync(_ path: String) -> Int32? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC, 0)
        guard descriptor >= 0 else { return errno }
        defer { close(descriptor) }
        return fsync(descriptor) == 0 ? nil : errno
    }

    /// Brings the names in the folder of `path` to the disk; the error's number where that fails.
    package func syncFolder(of path: String) -> Int32? {
        let code = sync(Self.folder(of: path))
        // Some file systems have no such thing, and order names by themselves.
        return code == EINVAL || code == EROFS ? nil : code
    }

    /// Brings the folder of `path`, which may be new, to the disk by its names, too; the error's number where that fails.
    package func syncFolders(of path: String) -> Int32? {
        var path = path
        while Self.folder(of: path) != path {
            if let code = syncFolder(of: path) {
                // Folders that we may not even read were not made by us.
                return code == EACCES || code == EPERM ? nil : code
            }
            path = Self.folder(of: path)
        }
        return nil
    }

    /// Makes a folder and those that it lies in; the error's number where that fails.
    package func makeFolder(_ path: String) -> Int32? {
        if let status = status(at: path) {
            return status.st_mode & S_IFMT == S_IFDIR ? nil : ENOTDIR
        }
        guard errno == ENOENT, path != "/" else { return errno }
        if let code = makeFolder(Self.folder(of: path)) { return code }
        // Another process may have been quicker.
        return mkdir(path, 0o777) == 0 || errno == EEXIST ? nil : errno
    }

    private static func folder(of path: String) -> String {
        (path as NSString).deletingLastPathComponent
    }
}

/// This machine.
struct RealMachine: Machine {
    init() {}

    var sqliteFiles: String? { nil }
    func now() -> Date { .now }

    func open(_ path: String, _ flags: Int32, _ mode: mode_t) -> Int32 {
        Foundation.open(path, flags, mode)
    }
    func close(_ descriptor: Int32) -> Int32 { Foundation.close(descriptor) }
    func write(_ descriptor: Int32, _ bytes: UnsafeRawBufferPointer) -> Int {
        Foundation.write(descriptor, bytes.baseAddress, bytes.count)
    }
    func pwrite(_ descriptor: Int32, _ bytes: UnsafeRawBufferPointer, _ offset: Int) -> Int {
        Foundation.pwrite(descriptor, bytes.baseAddress, bytes.count, off_t(offset))
    }
    func ftruncate(_ descriptor: Int32, _ size: Int) -> Int32 {
        Foundation.ftruncate(descriptor, off_t(size))
    }
    func fsync(_ descriptor: Int32) -> Int32 { Foundation.fsync(descriptor) }
    func flock(_ descriptor: Int32, _ operation: Int32) -> Int32 {
        lock(descriptor, operation)
    }

    func status(of descriptor: Int32) -> stat? {
        var status = stat()
        return fstat(descriptor, &status) == 0 ? status : nil
    }
    func status(at path: String) -> stat? {
        var status = stat()
        return stat(path, &status) == 0 ? status : nil
    }
    func access(_ path: String, _ mode: Int32) -> Int32 { Foundation.access(path, mode) }
    func contents(of path: String) -> Data? { FileManager.default.contents(atPath: path) }
    func stored(of path: String) -> Data? { readDirectly(path) }
    func names(in folder: String) -> [String] {
        (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    }

    func mkdir(_ path: String, _ mode: mode_t) -> Int32 { Foundation.mkdir(path, mode) }
    func rename(_ path: String, _ new: String) -> Int32 { Foundation.rename(path, new) }
    func unlink(_ path: String) -> Int32 { Foundation.unlink(path) }
    func chmod(_ path: String, _ mode: mode_t) -> Int32 { Foundation.chmod(path, mode) }
}

/// The system's `flock`, whose name is also a type's.
private func lock(_ descriptor: Int32, _ operation: Int32) -> Int32 { flock(descriptor, operation) }

/// Reads a file past the system's cache, as `O_DIRECT` does on Linux where the file system has it.
private func readDirectly(_ path: String) -> Data? {
    #if os(Linux) && (arch(x86_64) || arch(arm64))
        // In <fcntl.h> for C alone, and by processor.
        #if arch(x86_64)
            let direct: Int32 = 0x4000
        #else
            let direct: Int32 = 0x10000
        #endif
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | direct)
        guard descriptor >= 0 else {
            if errno == EINVAL { errno = EOPNOTSUPP }
            return nil
        }
        defer { close(descriptor) }
        // As disks want it: whole blocks, at addresses that are multiples of theirs.
        let (size, block) = (1 << 20, 4096)
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: size, alignment: block)
        defer { buffer.deallocate() }
        var data = Data()
        while true {
            let count = read(descriptor, buffer.baseAddress, size)
            guard count >= 0 else {
                if errno == EINVAL { errno = EOPNOTSUPP }
                return nil
            }
            data.append(contentsOf: buffer[..<count])
            // Behind a part of a block nothing can be read, and nothing comes.
            guard count > 0, count.isMultiple(of: block) else { return data }
        }
    #else
        errno = EOPNOTSUPP
        return nil
    #endif
}
