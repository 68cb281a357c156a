import Foundation
import GRDBSQLite
import Hashing

/// The files of a simulated machine as SQLite sees them: an `sqlite3_vfs`, in the manner of its own for Unix.
///
/// In Swift, since C could not call the disk that renames and syncs of ours share; the callbacks are plain functions without a context.
/// Reads, writes and locks behave as SQLite's do on Linux, with four differences: a file whose presence can't be told is an error
/// (there it is taken for absent), and so is a folder that can't be synced (there that is passed over); every call is whole or fails (there
/// short ones are repeated), and one process may have a file open twice.
final class SimulatedSQLite {
    let name: String
    private let vfs: UnsafeMutablePointer<sqlite3_vfs>
    private let cName: UnsafeMutablePointer<CChar>

    init(_ machine: SimulatedMachine) {
        name = "simulated-\(UInt(bitPattern: ObjectIdentifier(machine)))"
        cName = strdup(name)
        vfs = .allocate(capacity: 1)
        vfs.initialize(to: Self.functions)
        vfs.pointee.zName = UnsafePointer(cName)
        vfs.pointee.pAppData = Unmanaged.passUnretained(machine).toOpaque()
        sqlite3_vfs_register(vfs, 0)
    }

    deinit {
        sqlite3_vfs_unregister(vfs)
        vfs.deallocate()
        free(cName)
    }
}

/// A file that a connection of SQLite's has open.
final class SimulatedConnection {
    unowned let machine: SimulatedMachine
    let file: SimulatedFile
    let path: String?
    let owner: Int
    let deletesOnClose: Bool
    /// A new log is found again only if its folder is synced, too.
    var syncsFolder: Bool
    /// SQLite's lock of the file.
    var level: Int32 = 0
    var index: SharedIndex?
    /// Locks of the log's index, a bit each.
    var shared: UInt16 = 0
    var exclusive: UInt16 = 0

    init(
        _ machine: SimulatedMachine, _ file: SimulatedFile, at path: String?,
        deletesOnClose: Bool, syncsFolder: Bool
    ) {
        self.machine = machine
        self.file = file
        self.path = path
        self.deletesOnClose = deletesOnClose
        self.syncsFolder = syncsFolder
        owner = machine.process
    }

    var isDead: Bool { machine.isDead(owner) }

    func fault(_ call: SimulatedMachine.Call, _ more: String = "") -> Int32? {
        machine.fault(call, "\(path ?? "temporary")\(more)", by: owner)
    }
}

/// The memory that the connections to one database share.
final class SharedIndex {
    private(set) var regions: [UnsafeMutableRawPointer] = []
    var users: [SimulatedConnection] = []
    private var size = 0

    func grow(to count: Int, size: Int) {
        self.size = size
        while regions.count < count {
            let region = UnsafeMutableRawPointer.allocate(byteCount: size, alignment: 4096)
            region.initializeMemory(as: UInt8.self, repeating: 0, count: size)
            regions.append(region)
        }
    }

    var contents: [[UInt8]] {
        regions.map { Array(UnsafeRawBufferPointer(start: $0, count: size)) }
    }

    func restore(_ contents: [[UInt8]]) {
        for (region, bytes) in zip(regions, contents) {
            bytes.withUnsafeBytes {
                UnsafeMutableRawBufferPointer(start: region, count: size).copyMemory(from: $0)
            }
        }
    }

    deinit { for region in regions { region.deallocate() } }
}

/// What SQLite allocates for each open file.
private struct Slot {
    var base: sqlite3_file
    var connection: Unmanaged<SimulatedConnection>?
}

/// SQLite's codes of what failed.
private enum Failure {
    static let read = SQLITE_IOERR | 1 << 8
    static let shortRead = SQLITE_IOERR | 2 << 8
    static let write = SQLITE_IOERR | 3 << 8
    static let sync = SQLITE_IOERR | 4 << 8
    static let syncOfFolder = SQLITE_IOERR | 5 << 8
    static let truncate = SQLITE_IOERR | 6 << 8
    static let status = SQLITE_IOERR | 7 << 8
    static let delete = SQLITE_IOERR | 10 << 8
    static let access = SQLITE_IOERR | 13 << 8
    static let map = SQLITE_IOERR | 21 << 8
    static let nothingToDelete = SQLITE_IOERR | 23 << 8
}

private func machine(_ vfs: UnsafeMutablePointer<sqlite3_vfs>?) -> SimulatedMachine {
    guard let data = vfs?.pointee.pAppData else { fatalError("SQLite names no file system") }
    return Unmanaged<SimulatedMachine>.fromOpaque(data).takeUnretainedValue()
}

private func slot(_ file: UnsafeMutablePointer<sqlite3_file>?) -> UnsafeMutablePointer<Slot> {
    guard let file else { fatalError("SQLite names no file") }
    return UnsafeMutableRawPointer(file).assumingMemoryBound(to: Slot.self)
}

private func connection(_ file: UnsafeMutablePointer<sqlite3_file>?) -> SimulatedConnection {
    guard let found = slot(file).pointee.connection else { fatalError("a file that is not open") }
    return found.takeUnretainedValue()
}

extension SimulatedSQLite {
    fileprivate static var functions: sqlite3_vfs {
        var vfs = sqlite3_vfs()
        vfs.iVersion = 2
        vfs.szOsFile = Int32(MemoryLayout<Slot>.size)
        vfs.mxPathname = 512
        vfs.xOpen = { vfs, name, file, flags, outFlags in
            let machine = machine(vfs)
            slot(file).pointee = Slot(base: sqlite3_file(pMethods: nil), connection: nil)
            let path = name.map { String(cString: $0) }
            if machine.fault(.open, path ?? "temporary", by: machine.process) != nil {
                return SQLITE_CANTOPEN
            }
            var found = path.flatMap { machine.disk.files[$0] }
            let logs = SQLITE_OPEN_MAIN_JOURNAL | SQLITE_OPEN_SUPER_JOURNAL | SQLITE_OPEN_WAL
            var isNew = false
            if found == nil {
                guard let path else {
                    found = machine.anonymous()
                    return finish(machine, found, nil, file, flags, false)
                }
                guard flags & SQLITE_OPEN_CREATE != 0, machine.hasFolder(of: path) else {
                    return SQLITE_CANTOPEN
                }
                found = machine.make(path)
                isNew = true
            } else if flags & SQLITE_OPEN_EXCLUSIVE != 0, flags & SQLITE_OPEN_CREATE != 0 {
                return SQLITE_CANTOPEN
            }
            outFlags?.pointee = flags
            return finish(machine, found, path, file, flags, isNew && flags & logs != 0)
        }
        vfs.xDelete = { vfs, name, syncsFolder in
            let machine = machine(vfs)
            guard let name else { return SQLITE_MISUSE }
            let path = String(cString: name)
            if machine.fault(.remove, path, by: machine.process) != nil { return Failure.delete }
            guard machine.disk.files[path] != nil else { return Failure.nothingToDelete }
            machine.disk.remove(path)
            guard syncsFolder != 0 else { return SQLITE_OK }
            let folder = SimulatedNames.folder(of: path)
            return machine.syncNames(folder, by: machine.process) == nil
                ? SQLITE_OK : Failure.syncOfFolder
        }
        vfs.xAccess = { vfs, name, flags, result in
            let machine = machine(vfs)
            guard let name else { return SQLITE_MISUSE }
            let path = String(cString: name)
            if machine.fault(.status, path, by: machine.process) != nil { return Failure.access }
            let file = machine.disk.files[path]
            let isThere = flags == SQLITE_ACCESS_EXISTS ? file?.bytes.isEmpty == false : file != nil
            result?.pointee = isThere ? 1 : 0
            return SQLITE_OK
        }
        vfs.xFullPathname = { _, name, count, out in
            guard let name, let out, strlen(name) < Int(count) else { return SQLITE_CANTOPEN }
            strcpy(out, name)
            return SQLITE_OK
        }
        vfs.xRandomness = { vfs, count, out in
            let machine = machine(vfs)
            for index in 0..<Int(count) {
                out?[index] = CChar(truncatingIfNeeded: machine.random.next())
            }
            return count
        }
        vfs.xSleep = { vfs, microseconds in
            machine(vfs).sleep(microseconds: Int(microseconds))
            return microseconds
        }
        vfs.xCurrentTimeInt64 = { vfs, out in
            // Milliseconds since noon in Greenwich on 24 November 4714 BC.
            out?.pointee = Int64(machine(vfs).nanoseconds / 1_000_000) + 210_866_760_000_000
            return SQLITE_OK
        }
        vfs.xCurrentTime = { vfs, out in
            out?.pointee = Double(machine(vfs).nanoseconds) / 86_400e9 + 2_440_587.5
            return SQLITE_OK
        }
        vfs.xGetLastError = { _, _, _ in 0 }
        return vfs
    }

    /// Never freed and never changed.
    nonisolated(unsafe) fileprivate static let methods: UnsafeMutablePointer<sqlite3_io_methods> = {
        let methods = UnsafeMutablePointer<sqlite3_io_methods>.allocate(capacity: 1)
        methods.initialize(to: sqlite3_io_methods())
        files(&methods.pointee)
        locks(&methods.pointee)
        sharedMemory(&methods.pointee)
        return methods
    }()

    private static func files(_ methods: inout sqlite3_io_methods) {
        methods.iVersion = 2
        methods.xClose = { file in
            let connection = connection(file)
            if !connection.isDead {
                connection.file.connections.removeAll { $0 === connection }
                leave(connection, deletes: false)
                if connection.deletesOnClose, let path = connection.path {
                    connection.machine.disk.remove(path)
                }
            }
            connection.machine.connections[ObjectIdentifier(connection)] = nil
            slot(file).pointee.connection?.release()
            slot(file).pointee.connection = nil
            return SQLITE_OK
        }
        methods.xRead = { file, buffer, count, offset in
            let connection = connection(file)
            guard let buffer, connection.fault(.read, " \(count) at \(offset)") == nil else {
                return Failure.read
            }
            let (count, offset) = (Int(count), Int(offset))
            let available = max(0, min(count, connection.file.bytes.count - offset))
            if available > 0 {
                connection.file.bytes.withUnsafeBytes { bytes in
                    buffer.copyMemory(
                        from: UnsafeRawBufferPointer(rebasing: bytes[offset..<offset + available])
                            .baseAddress ?? UnsafeRawPointer(buffer), byteCount: available)
                }
            }
            guard available < count else { return SQLITE_OK }
            memset(buffer + available, 0, count - available)
            return Failure.shortRead
        }
        methods.xWrite = { file, buffer, count, offset in
            let connection = connection(file)
            guard let buffer, !connection.isDead else { return Failure.write }
            let machine = connection.machine
            let code = connection.fault(.write, " \(count) at \(offset)")
            let written =
                code == nil ? Int(count) : machine.part(of: Int(count), by: connection.owner)
            if machine.lies.contains(.lostWrite), connection.path?.hasSuffix("-wal") == true,
                machine.random.next(below: 100) == 0
            {
                return SQLITE_OK
            }
            connection.file.write(
                UnsafeRawBufferPointer(start: buffer, count: written), at: Int(offset))
            machine.stamp(connection.file)
            guard let code else { return SQLITE_OK }
            return code == ENOSPC ? SQLITE_FULL : Failure.write
        }
        methods.xTruncate = { file, size in
            let connection = connection(file)
            guard connection.fault(.truncate, " to \(size)") == nil else {
                return Failure.truncate
            }
            connection.file.cut(to: Int(size))
            connection.machine.stamp(connection.file)
            return SQLITE_OK
        }
        methods.xSync = { file, _ in
            let connection = connection(file)
            let machine = connection.machine
            guard connection.fault(.sync) == nil else {
                if !connection.isDead, machine.random.next(below: 2) == 0 {
                    connection.file.abandon()
                }
                return Failure.sync
            }
            if !machine.lies.contains(.sqliteSync) { connection.file.sync() }
            if connection.syncsFolder, !machine.lies.contains(.sqliteSync),
                let path = connection.path
            {
                let folder = SimulatedNames.folder(of: path)
                guard machine.syncNames(folder, by: connection.owner) == nil else {
                    return Failure.syncOfFolder
                }
                connection.syncsFolder = false
            }
            return SQLITE_OK
        }
        methods.xFileSize = { file, size in
            let connection = connection(file)
            guard connection.fault(.status) == nil else { return Failure.status }
            size?.pointee = Int64(connection.file.bytes.count)
            return SQLITE_OK
        }
        methods.xFileControl = { file, operation, argument in
            guard operation == SQLITE_FCNTL_HAS_MOVED else { return SQLITE_NOTFOUND }
            let connection = connection(file)
            let found = connection.path.flatMap { connection.machine.disk.files[$0] }
            argument?.assumingMemoryBound(to: Int32.self).pointee =
                found === connection.file ? 0 : 1
            return SQLITE_OK
        }
        methods.xSectorSize = { _ in 4096 }
        methods.xDeviceCharacteristics = { _ in SQLITE_IOCAP_POWERSAFE_OVERWRITE }
    }

    private static func locks(_ methods: inout sqlite3_io_methods) {
        methods.xLock = { file, level in
            let connection = connection(file)
            guard connection.level < level else { return SQLITE_OK }
            guard !connection.isDead else { return SQLITE_IOERR }
            let file = connection.file
            let others =
                connection.machine.lies.contains(.locks)
                ? 0 : file.connections.filter { $0 !== connection }.map(\.level).max() ?? 0
            if !file.connections.contains(where: { $0 === connection }) {
                file.connections.append(connection)
            }
            let isFree =
                switch level {
                case SQLITE_LOCK_SHARED: others < SQLITE_LOCK_PENDING
                case SQLITE_LOCK_RESERVED: others < SQLITE_LOCK_RESERVED
                default: others < SQLITE_LOCK_PENDING
                }
            guard isFree else { return SQLITE_BUSY }
            if level == SQLITE_LOCK_EXCLUSIVE, others >= SQLITE_LOCK_SHARED {
                // New readers wait for it.
                connection.level = SQLITE_LOCK_PENDING
                return SQLITE_BUSY
            }
            connection.level = level
            return SQLITE_OK
        }
        methods.xUnlock = { file, level in
            let connection = connection(file)
            connection.level = min(connection.level, level)
            if level == SQLITE_LOCK_NONE {
                connection.file.connections.removeAll { $0 === connection }
            }
            return SQLITE_OK
        }
        methods.xCheckReservedLock = { file, result in
            let connection = connection(file)
            guard !connection.isDead else { return SQLITE_IOERR }
            let isReserved = connection.file.connections.contains {
                $0.level >= SQLITE_LOCK_RESERVED
            }
            result?.pointee = isReserved ? 1 : 0
            return SQLITE_OK
        }
    }

    /// The index of a write-ahead log: a file `-shm`, shared by all who open it by that name, and begun anew by who finds no other user.
    private static func sharedMemory(_ methods: inout sqlite3_io_methods) {
        methods.xShmMap = { file, number, size, extends, result in
            let connection = connection(file)
            guard !connection.isDead, let path = connection.path else { return Failure.map }
            if connection.index == nil {
                guard connection.fault(.map, "-shm") == nil else { return Failure.map }
                let machine = connection.machine
                let shared = machine.disk.files[path + "-shm"] ?? machine.make(path + "-shm")
                let index = shared.index ?? SharedIndex()
                shared.index = index
                index.users.append(connection)
                connection.index = index
            }
            guard let index = connection.index else { return Failure.map }
            result?.pointee = nil
            if number >= index.regions.count {
                guard extends != 0 else { return SQLITE_OK }
                guard connection.fault(.map, "-shm") == nil else { return Failure.map }
                index.grow(to: Int(number) + 1, size: Int(size))
            }
            result?.pointee = index.regions[Int(number)]
            return SQLITE_OK
        }
        methods.xShmLock = { file, first, count, flags in
            let connection = connection(file)
            guard !connection.isDead, let index = connection.index else { return SQLITE_IOERR }
            let mask = UInt16(truncatingIfNeeded: (1 << (first + count)) - (1 << first))
            if flags & SQLITE_SHM_UNLOCK != 0 {
                connection.shared &= ~mask
                connection.exclusive &= ~mask
                return SQLITE_OK
            }
            let others =
                connection.machine.lies.contains(.locks)
                ? [] : index.users.filter { $0 !== connection }
            if flags & SQLITE_SHM_SHARED != 0 {
                guard others.allSatisfy({ $0.exclusive & mask == 0 }) else { return SQLITE_BUSY }
                connection.shared |= mask
            } else {
                guard others.allSatisfy({ ($0.exclusive | $0.shared) & mask == 0 }) else {
                    return SQLITE_BUSY
                }
                connection.exclusive |= mask
            }
            return SQLITE_OK
        }
        methods.xShmBarrier = { _ in }
        methods.xShmUnmap = { file, deletes in
            leave(connection(file), deletes: deletes != 0)
            return SQLITE_OK
        }
    }
}

private func finish(
    _ machine: SimulatedMachine, _ found: SimulatedFile?, _ path: String?,
    _ file: UnsafeMutablePointer<sqlite3_file>?, _ flags: Int32, _ syncsFolder: Bool
) -> Int32 {
    guard let found else { return SQLITE_CANTOPEN }
    let connection = SimulatedConnection(
        machine, found, at: path, deletesOnClose: flags & SQLITE_OPEN_DELETEONCLOSE != 0,
        syncsFolder: syncsFolder)
    machine.connections[ObjectIdentifier(connection)] = connection
    slot(file).pointee.connection = .passRetained(connection)
    slot(file).pointee.base.pMethods = UnsafePointer(SimulatedSQLite.methods)
    return SQLITE_OK
}

private func leave(_ connection: SimulatedConnection, deletes: Bool) {
    guard let index = connection.index else { return }
    connection.index = nil
    (connection.shared, connection.exclusive) = (0, 0)
    guard !connection.isDead, let path = connection.path else { return }
    index.users.removeAll { $0 === connection }
    guard index.users.isEmpty else { return }
    for file in connection.machine.disk.files.values where file.index === index {
        file.index = nil
    }
    if deletes, connection.machine.disk.files[path + "-shm"] != nil {
        connection.machine.disk.remove(path + "-shm")
    }
}
