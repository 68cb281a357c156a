package import Foundation
import Hashing
import Platform

/// What goes wrong.
package enum Fault: String, CaseIterable, Sendable {
    /// The process that makes the call is killed.
    case kill
    /// All processes end, and what was not synced is lost or torn.
    case powerLoss = "power loss"
    /// The call fails, and some that follow.
    case inputOutput = "EIO"
    /// There is no room to write more, for a while.
    case full = "ENOSPC"
}

/// How a machine may be worse than promised: what the simulation must find.
package enum Lie: String, CaseIterable, Sendable {
    /// SQLite's syncs do nothing, as with `PRAGMA synchronous = OFF`.
    case sqliteSync
    /// Our own syncs of files do nothing.
    case fileSync
    /// Syncs of folders do nothing, whoever asks for them.
    case folderSync
    /// Some writes to a log are said to be done and are not.
    case lostWrite
    /// Every process gets SQLite's locks and ours, whoever has them.
    case locks
}

/// A machine in memory, whose faults follow from a seed: a disk, the files of SQLite's on it, descriptors, a clock.
///
/// Single-threaded: `@unchecked`, since one history runs on one thread, and nothing else has its machine.
package final class SimulatedMachine: Machine, @unchecked Sendable {
    /// Where all its files are; no such folder is on any real machine.
    package static let folder = "/simulated"

    /// The process whose calls come next.
    package var process = 0
    /// Calls so far that faults may hit.
    package private(set) var calls = 0
    /// Faults so far that have hit.
    package private(set) var strikes = 0
    /// What goes wrong next, and at which call.
    package var next: (fault: Fault, call: Int)?
    package var lies: Set<Lie> = []
    package var trace: ((String) -> Void)?

    var disk = SimulatedNames(folder: SimulatedMachine.folder)
    var random: SplitMix64
    private var time: Int = 1_769_817_600_000_000_000  // nanoseconds since 1970
    private var files = 0
    private var processes = 0
    private var dead: Set<Int> = []
    /// The last process that a loss of power has ended.
    private var unpowered = 0
    private var failing: (code: Int32, calls: Int)?
    private var isCalm = false
    private var descriptors: [Int32: Descriptor] = [:]
    /// Indexes of logs as they were when one of their users was killed.
    private var graves: [(index: SharedIndex, regions: [[UInt8]])] = []
    private var vfs: SimulatedSQLite?

    private struct Descriptor {
        let path: String
        /// nil for a folder.
        let file: SimulatedFile?
        let owner: Int
        var offset = 0
    }

    package init(seed: UInt64) {
        random = SplitMix64(seed: seed)
        vfs = SimulatedSQLite(self)
    }

    package var sqliteFiles: String? { vfs?.name }

    // MARK: - Processes and power

    /// A new process.
    package func spawn() -> Int {
        processes += 1
        return processes
    }

    package func isDead(_ process: Int) -> Bool { dead.contains(process) }

    /// Runs something to which nothing happens.
    package func calmly<Result>(_ body: () throws -> Result) rethrows -> Result {
        let (before, process) = (isCalm, process)
        isCalm = true
        self.process = 0
        defer { (isCalm, self.process) = (before, process) }
        return try body()
    }

    /// Ends a process: its locks go, what it wrote stays.
    package func kill(_ process: Int) {
        dead.insert(process)
        for descriptor in descriptors where descriptor.value.owner == process {
            if let file = descriptor.value.file, file.holder == descriptor.key {
                file.holder = nil
            }
        }
        for connection in connections.values where connection.owner == process {
            connection.file.connections.removeAll { $0 === connection }
            guard let index = connection.index else { continue }
            index.users.removeAll { $0 === connection }
            // The connection, which in fact lives on until it is closed, still writes there.
            graves.append((index, index.contents))
        }
        for file in disk.files.values where file.index?.users.isEmpty == true { file.index = nil }
    }

    /// To be called when the objects of a killed process are gone.
    package func bury() {
        for grave in graves { grave.index.restore(grave.regions) }
        graves = []
    }

    /// All connections of SQLite's, those of killed processes included.
    var connections: [ObjectIdentifier: SimulatedConnection] = [:]

    private func losePower() {
        for process in stride(from: 1, through: processes, by: 1) { dead.insert(process) }
        unpowered = processes
        var all: [Int: SimulatedFile] = [:]
        for file in disk.everyFile { all[file.number] = file }
        disk.losePower(&random)
        for (_, file) in all.sorted(by: { $0.key < $1.key }) {
            file.losePower(&random)
            file.connections = []
            file.holder = nil
            file.index = nil
        }
        failing = nil
    }

    // MARK: - Calls

    enum Call: String {
        case open, read, write, truncate, sync, status, remove, rename, mkdir, map, lock, list
        /// Whether it may need room.
        var needsRoom: Bool {
            switch self {
            case .write, .mkdir, .map: true
            default: false
            }
        }
    }

    /// To be asked at the beginning of every call: the error's number where it fails.
    func fault(_ call: Call, _ path: @autoclosure () -> String, by owner: Int) -> Int32? {
        guard !isDead(owner) else { return EIO }
        guard !isCalm else { return nil }
        calls += 1
        time += 1_000 + Int(random.next(below: 200_000))
        if random.next(below: 3_000) == 0 { jump() }
        if let next, calls >= next.call {
            self.next = nil
            strikes += 1
            trace?("\(calls) [\(owner)] \(next.fault.rawValue) at \(call) \(path())")
            switch next.fault {
            case .kill:
                kill(owner)
                return EIO
            case .powerLoss:
                losePower()
                return EIO
            case .inputOutput: failing = (EIO, 1 + Int(random.next(below: 3)))
            case .full: failing = (ENOSPC, 1 + Int(random.next(below: 30)))
            }
        }
        if let failing, failing.code == EIO || call.needsRoom {
            self.failing = failing.calls > 1 ? (failing.code, failing.calls - 1) : nil
            strikes += 1
            trace?("\(calls) [\(owner)] \(call) \(path()): \(errorText(failing.code))")
            return failing.code
        }
        trace?("\(calls) [\(owner)] \(call) \(path())")
        return nil
    }

    /// The clock is set: by seconds, or by years, forward or back.
    private func jump() {
        let by = Int(random.next(below: UInt64(1) << (10 + random.next(below: 49))))
        time += random.next(below: 2) == 0 ? by : -by
        time = max(time, 1_000_000_000_000_000_000)
        trace?("the clock jumps")
    }

    /// Of a write that fails or is cut short by a kill, a part may be there.
    func part(of count: Int, by owner: Int) -> Int {
        // After a loss of power nothing more is written.
        owner <= unpowered && isDead(owner) ? 0 : Int(random.next(below: UInt64(count + 1)))
    }

    func sleep(microseconds: Int) { time += microseconds * 1_000 }

    var nanoseconds: Int { time }

    package func now() -> Date { Date(timeIntervalSince1970: Double(time) / 1e9) }

    /// As file systems stamp files: the clock's last tick.
    private var stamp: Int { time / 4_000_000 * 4_000_000 }

    func stamp(_ file: SimulatedFile) {
        file.modified = stamp
        file.changed = stamp
    }

    // MARK: - Files by name

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
        guard let found = descriptors[descriptor], let file = found.file else {
            return descriptor < 1 << 24
                ? RealMachine().write(descriptor, bytes) : Int(fail(EBADF))
        }
        guard !isDead(found.owner) else { return Int(fail(EIO)) }
        let code = fault(.write, "\(found.path) \(bytes.count)", by: found.owner)
        let count = code == nil ? bytes.count : part(of: bytes.count, by: found.owner)
        file.write(UnsafeRawBufferPointer(rebasing: bytes[..<count]), at: found.offset)
        stamp(file)
        descriptors[descriptor]?.offset += count
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
