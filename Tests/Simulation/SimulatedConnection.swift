import GRDBSQLite

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
