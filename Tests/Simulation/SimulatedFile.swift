import Foundation
import Hashing

/// A file of a simulated disk: what programs read, and what would be left of it without power.
final class SimulatedFile {
    let number: Int
    /// What programs read.
    private(set) var bytes: [UInt8]
    var mode: mode_t = 0o644
    /// Nanoseconds since 1970.
    var modified = 0
    var changed = 0

    /// What is on the disk for sure.
    private var synced: [UInt8]
    /// What has happened since, in order.
    private var pending: [Change] = []

    /// Connections that hold one of SQLite's locks, and that share an index of its log.
    var connections: [SimulatedConnection] = []
    var index: SharedIndex?
    /// The descriptor that has the exclusive lock of `flock`.
    var holder: Int32?

    private enum Change {
        case write([UInt8], at: Int)
        case cut(to: Int)
        /// Of a sync that failed: the system will not try again (as Linux does), whatever a later sync says.
        case abandoned
    }

    /// What disks write as one: 512 bytes.
    private static let sector = 512

    init(number: Int, bytes: [UInt8] = []) {
        self.number = number
        self.bytes = bytes
        synced = bytes
    }

    func write(_ new: UnsafeRawBufferPointer, at offset: Int) {
        guard !new.isEmpty else { return }
        pending.append(.write(Array(new), at: offset))
        Self.put(new, at: offset, in: &bytes)
    }

    func cut(to size: Int) {
        pending.append(.cut(to: size))
        Self.cut(&bytes, to: size)
    }

    /// What would be on the disk if all were brought there that the system still means to: what programs read, but for what it has given up.
    var stored: [UInt8] {
        var stored = synced
        for change in pending { Self.apply(change, to: &stored) }
        return stored
    }

    /// Everything so far is on the disk.
    func sync() {
        for change in pending { Self.apply(change, to: &synced) }
        pending = []
    }

    /// Everything so far is read, but never written to the disk.
    func abandon() {
        pending = pending.map { _ in .abandoned }
    }

    /// What the disk holds after the power went: of what was not synced nothing, all, the first part, or any sectors, old, new or spoilt.
    func losePower(_ random: inout SplitMix64) {
        switch random.next(below: 5) {
        case 0: break
        case 1: for change in pending { Self.apply(change, to: &synced) }
        case 2:
            let count = Int(random.next(below: UInt64(pending.count + 1)))
            for change in pending.prefix(count) { Self.apply(change, to: &synced) }
        case let way:
            for change in pending { tear(change, spoils: way == 4, &random) }
        }
        pending = []
        bytes = synced
    }

    private func tear(_ change: Change, spoils: Bool, _ random: inout SplitMix64) {
        guard case .write(let new, let offset) = change else {
            if random.next(below: 2) == 0 { Self.apply(change, to: &synced) }
            return
        }
        var start = 0
        while start < new.count {
            let end = min(new.count, ((offset + start) / Self.sector + 1) * Self.sector - offset)
            switch random.next(below: spoils ? 3 : 2) {
            case 0: break
            case 1:
                new[start..<end].withUnsafeBytes {
                    Self.put($0, at: offset + start, in: &synced)
                }
            default:
                let spoilt = (start..<end).map { _ in UInt8(truncatingIfNeeded: random.next()) }
                spoilt.withUnsafeBytes { Self.put($0, at: offset + start, in: &synced) }
            }
            start = end
        }
    }

    private static func apply(_ change: Change, to bytes: inout [UInt8]) {
        switch change {
        case .write(let new, let offset): new.withUnsafeBytes { put($0, at: offset, in: &bytes) }
        case .cut(let size): cut(&bytes, to: size)
        case .abandoned: break
        }
    }

    private static func put(
        _ new: UnsafeRawBufferPointer, at offset: Int, in bytes: inout [UInt8]
    ) {
        let end = offset + new.count
        if bytes.count < end {
            bytes.append(contentsOf: repeatElement(0, count: end - bytes.count))
        }
        bytes.withUnsafeMutableBytes { old in
            UnsafeMutableRawBufferPointer(rebasing: old[offset..<end]).copyMemory(from: new)
        }
    }

    private static func cut(_ bytes: inout [UInt8], to size: Int) {
        if size < bytes.count {
            bytes.removeLast(bytes.count - size)
        } else {
            bytes.append(contentsOf: repeatElement(0, count: size - bytes.count))
        }
    }
}
