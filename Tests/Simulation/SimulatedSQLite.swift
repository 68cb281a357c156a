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

/// What SQLite allocates for each open file.
struct Slot {
    var base: sqlite3_file
    var connection: Unmanaged<SimulatedConnection>?
}

/// SQLite's codes of what failed.
enum Failure {
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

func owner(of vfs: UnsafeMutablePointer<sqlite3_vfs>?) -> SimulatedMachine {
    guard let data = vfs?.pointee.pAppData else { fatalError("SQLite names no file system") }
    return Unmanaged<SimulatedMachine>.fromOpaque(data).takeUnretainedValue()
}

func slot(_ file: UnsafeMutablePointer<sqlite3_file>?) -> UnsafeMutablePointer<Slot> {
    guard let file else { fatalError("SQLite names no file") }
    return UnsafeMutableRawPointer(file).assumingMemoryBound(to: Slot.self)
}

func connection(_ file: UnsafeMutablePointer<sqlite3_file>?) -> SimulatedConnection {
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
            let machine = owner(of: vfs)
            slot(file).pointee = Slot(base: sqlite3_file(pMethods: nil), connection: nil)
            let path = name.map { String(cString: $0) }
            if machine.fault(.open, path ?? "temporary", by: machine.process) != nil {
                return SQLITE_CANTOPEN
            }
            var found = path.flatMap { machine.disk.files[$0] }
            let logs = SQLITE_OPEN_MAIN_JOURNAL | SQLITE_OPEN_SUPER_JOURNAL | SQLITE_OPEN_WAL
            if found == nil {
                guard let path else {
                    found = machine.anonymous()
                    return finish(machine, found, nil, file, flags, false)
                }
                guard flags & SQLITE_OPEN_CREATE != 0, machine.hasFolder(of: path) else {
                    return SQLITE_CANTOPEN
                }
                found = machine.make(path)
            } else if flags & SQLITE_OPEN_EXCLUSIVE != 0, flags & SQLITE_OPEN_CREATE != 0 {
                return SQLITE_CANTOPEN
            }
            outFlags?.pointee = flags
            return finish(
                machine, found, path, file, flags,
                flags & logs != 0 && flags & SQLITE_OPEN_CREATE != 0)
        }
        vfs.xDelete = { vfs, name, syncsFolder in
            let machine = owner(of: vfs)
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
            let machine = owner(of: vfs)
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
            let machine = owner(of: vfs)
            for index in 0..<Int(count) {
                out?[index] = CChar(truncatingIfNeeded: machine.random.next())
            }
            return count
        }
        vfs.xSleep = { vfs, microseconds in
            owner(of: vfs).sleep(microseconds: Int(microseconds))
            return microseconds
        }
        vfs.xCurrentTimeInt64 = { vfs, out in
            // Milliseconds since noon in Greenwich on 24 November 4714 BC.
            out?.pointee = Int64(owner(of: vfs).nanoseconds / 1_000_000) + 210_866_760_000_000
            return SQLITE_OK
        }
        vfs.xCurrentTime = { vfs, out in
            out?.pointee = Double(owner(of: vfs).nanoseconds) / 86_400e9 + 2_440_587.5
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
