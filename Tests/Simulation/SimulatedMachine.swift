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
    /// The system does not tell what the disk holds that it shows otherwise.
    case cacheAlone
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
    var time: Int = 1_769_817_600_000_000_000  // nanoseconds since 1970
    var files = 0
    private var processes = 0
    private var dead: Set<Int> = []
    /// The last process that a loss of power has ended.
    private var unpowered = 0
    private var failing: (code: Int32, calls: Int)?
    private var isCalm = false
    var descriptors: [Int32: Descriptor] = [:]
    /// Indexes of logs as they were when one of their users was killed.
    private var graves: [(index: SharedIndex, regions: [[UInt8]])] = []
    private var vfs: SimulatedSQLite?

    struct Descriptor {
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
    var stamp: Int { time / 4_000_000 * 4_000_000 }

    func stamp(_ file: SimulatedFile) {
        file.modified = stamp
        file.changed = stamp
    }
}
