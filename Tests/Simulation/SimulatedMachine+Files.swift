package import Foundation
import Hashing
import Platform

/// The calls of the system's.
extension SimulatedMachine {
    func make(_ path: String) -> SimulatedFile {
        let file = anonymous()
        disk.add(file, at: path)
        return file
    }

    func anonymous(_ bytes: [UInt8] = []) -> SimulatedFile {
        files += 1
        let file = SimulatedFile(number: files, bytes: bytes)
        stamp(file)
        return file
    }

    /// A file that was always there.
    package func place(_ bytes: [UInt8], at path: String) {
        disk.place(anonymous(bytes), at: path)
    }

    /// What a program would read; nil if there is none.
    package func bytes(at path: String) -> [UInt8]? { disk.files[path]?.bytes }

    func hasFolder(of path: String) -> Bool {
        disk.folders.contains(SimulatedNames.folder(of: path))
    }

    private func fail(_ code: Int32) -> Int32 {
        errno = code
        return -1
    }

    package func open(_ path: String, _ flags: Int32, _ mode: mode_t) -> Int32 {
        if let code = fault(.open, path, by: process) { return fail(code) }
        if disk.folders.contains(path) {
            return describe(Descriptor(path: path, file: nil, owner: process))
        }
        if let file = disk.files[path] {
            if flags & O_CREAT != 0, flags & O_EXCL != 0 { return fail(EEXIST) }
            return describe(Descriptor(path: path, file: file, owner: process))
        }
        guard flags & O_CREAT != 0, hasFolder(of: path) else { return fail(ENOENT) }
        return describe(Descriptor(path: path, file: make(path), owner: process))
    }

    private func describe(_ descriptor: Descriptor) -> Int32 {
        // Far from the numbers of real ones.
        let number = (descriptors.keys.max() ?? 1 << 24) + 1
        descriptors[number] = descriptor
        return number
    }

    @discardableResult package func close(_ descriptor: Int32) -> Int32 {
        guard let old = descriptors.removeValue(forKey: descriptor) else { return fail(EBADF) }
        if old.file?.holder == descriptor { old.file?.holder = nil }
        return 0
    }

    package func write(_ descriptor: Int32, _ bytes: UnsafeRawBufferPointer) -> Int {
        guard let offset = descriptors[descriptor]?.offset else {
            return descriptor < 1 << 24
                ? Foundation.write(descriptor, bytes.baseAddress, bytes.count) : Int(fail(EBADF))
        }
        return write(descriptor, bytes, at: offset) { count in
            descriptors[descriptor]?.offset += count
        }
    }

    package func pwrite(
        _ descriptor: Int32, _ bytes: UnsafeRawBufferPointer, _ offset: Int
    ) -> Int {
        write(descriptor, bytes, at: offset) { _ in }
    }

    private func write(
        _ descriptor: Int32, _ bytes: UnsafeRawBufferPointer, at offset: Int,
        _ move: (Int) -> Void
    ) -> Int {
        guard let found = descriptors[descriptor], let file = found.file else {
            return Int(fail(EBADF))
        }
        guard !isDead(found.owner) else { return Int(fail(EIO)) }
        let code = fault(.write, "\(found.path) \(bytes.count) at \(offset)", by: found.owner)
        let count = code == nil ? bytes.count : part(of: bytes.count, by: found.owner)
        file.write(UnsafeRawBufferPointer(rebasing: bytes[..<count]), at: offset)
        stamp(file)
        move(count)
        if let code { return Int(fail(code)) }
        return count
    }

    package func ftruncate(_ descriptor: Int32, _ size: Int) -> Int32 {
        guard let found = descriptors[descriptor], let file = found.file else {
            return fail(EBADF)
        }
        if let code = fault(.truncate, found.path, by: found.owner) { return fail(code) }
        file.cut(to: size)
        stamp(file)
        return 0
    }

    package func fsync(_ descriptor: Int32) -> Int32 {
        guard let found = descriptors[descriptor] else { return fail(EBADF) }
        guard let file = found.file else {
            return syncNames(found.path, by: found.owner).map { fail($0) } ?? 0
        }
        let code = fault(.sync, found.path, by: found.owner)
        if code == nil, !lies.contains(.fileSync) { file.sync() }
        if let code {
            if !isDead(found.owner), random.next(below: 2) == 0 { file.abandon() }
            return fail(code)
        }
        return 0
    }

    func syncNames(_ folder: String, by owner: Int) -> Int32? {
        if let code = fault(.sync, folder, by: owner) { return code }
        if !lies.contains(.folderSync) { disk.sync(folder) }
        return nil
    }

    package func flock(_ descriptor: Int32, _ operation: Int32) -> Int32 {
        guard let found = descriptors[descriptor], let file = found.file else {
            return fail(EBADF)
        }
        if operation & LOCK_UN != 0 {
            if file.holder == descriptor { file.holder = nil }
            return 0
        }
        if let code = fault(.lock, found.path, by: found.owner) { return fail(code) }
        if let holder = file.holder, holder != descriptor, !lies.contains(.locks) {
            return fail(EWOULDBLOCK)
        }
        file.holder = descriptor
        return 0
    }

    package func status(of descriptor: Int32) -> stat? {
        guard let found = descriptors[descriptor] else {
            errno = EBADF
            return nil
        }
        if let code = fault(.status, found.path, by: found.owner) {
            errno = code
            return nil
        }
        return found.file.map(status) ?? folderStatus
    }

    package func status(at path: String) -> stat? {
        if let code = fault(.status, path, by: process) {
            errno = code
            return nil
        }
        if disk.folders.contains(path) { return folderStatus }
        guard let file = disk.files[path] else {
            errno = ENOENT
            return nil
        }
        return status(file)
    }

    private var folderStatus: stat {
        var status = stat()
        status.st_mode = S_IFDIR | 0o755
        status.st_nlink = 2
        return status
    }

    private func status(_ file: SimulatedFile) -> stat {
        var status = stat()
        status.st_mode = S_IFREG | file.mode
        status.st_nlink = 1
        status.st_dev = 1
        status.st_ino = numericCast(file.number)
        status.st_size = off_t(file.bytes.count)
        let (modified, changed) = (Self.spec(file.modified), Self.spec(file.changed))
        #if os(Linux)
            (status.st_mtim, status.st_ctim) = (modified, changed)
        #else
            (status.st_mtimespec, status.st_ctimespec) = (modified, changed)
        #endif
        return status
    }

    private static func spec(_ nanoseconds: Int) -> timespec {
        timespec(tv_sec: nanoseconds / 1_000_000_000, tv_nsec: nanoseconds % 1_000_000_000)
    }

    package func access(_ path: String, _ mode: Int32) -> Int32 {
        if let code = fault(.status, path, by: process) { return fail(code) }
        return disk.files[path] != nil || disk.folders.contains(path) ? 0 : fail(ENOENT)
    }

    package func contents(of path: String) -> Data? {
        fault(.read, path, by: process) == nil ? disk.files[path].map { Data($0.bytes) } : nil
    }

    package func stored(of path: String) -> Data? {
        if let code = fault(.read, "\(path), past the cache", by: process) {
            errno = code
            return nil
        }
        guard let file = disk.files[path], !lies.contains(.cacheAlone) else {
            errno = lies.contains(.cacheAlone) ? EOPNOTSUPP : ENOENT
            return nil
        }
        return Data(file.stored)
    }

    package func names(in folder: String) -> [String] {
        guard fault(.list, folder, by: process) == nil else { return [] }
        return disk.files.keys.filter { SimulatedNames.folder(of: $0) == folder }
            .map { String($0.dropFirst(folder.count + 1)) }.sorted()
    }

    package func mkdir(_ path: String, _ mode: mode_t) -> Int32 {
        if let code = fault(.mkdir, path, by: process) { return fail(code) }
        guard hasFolder(of: path) else { return fail(ENOENT) }
        guard disk.files[path] == nil, !disk.folders.contains(path) else { return fail(EEXIST) }
        disk.makeFolder(path)
        return 0
    }

    package func rename(_ path: String, _ new: String) -> Int32 {
        if let code = fault(.rename, "\(path) \(new)", by: process) { return fail(code) }
        guard let file = disk.files[path], hasFolder(of: new) else { return fail(ENOENT) }
        disk.move(path, to: new, file)
        file.changed = stamp
        return 0
    }

    @discardableResult package func unlink(_ path: String) -> Int32 {
        if let code = fault(.remove, path, by: process) { return fail(code) }
        guard disk.files[path] != nil else { return fail(ENOENT) }
        disk.remove(path)
        return 0
    }

    @discardableResult package func chmod(_ path: String, _ mode: mode_t) -> Int32 {
        if let code = fault(.status, path, by: process) { return fail(code) }
        guard let file = disk.files[path] else { return fail(ENOENT) }
        file.mode = mode
        return 0
    }
}
