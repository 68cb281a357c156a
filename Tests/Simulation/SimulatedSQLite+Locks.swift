import Foundation
import GRDBSQLite

/// SQLite's locks, of files and of the indexes of logs.
extension SimulatedSQLite {
    static func locks(_ methods: inout sqlite3_io_methods) {
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
    static func sharedMemory(_ methods: inout sqlite3_io_methods) {
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

func leave(_ connection: SimulatedConnection, deletes: Bool) {
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
