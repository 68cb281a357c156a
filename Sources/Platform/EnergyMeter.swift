import Foundation
import Synchronization

/// Tells the energy that a machine uses.
package protocol EnergyMeter: Sendable {
    /// Joules since some moment that stays the same; nil where they can't be measured.
    ///
    /// A difference of two readings is the use between them; where one is nil, it is unknown, never zero.
    func joules() -> Double?
}

/// The energy of all processor packages, by the kernel's power capping counters (Linux, Documentation/power/powercap).
///
/// Whatever runs on the machine counts. A counter starts again at 0 above its range, after minutes at the least: a meter must be asked
/// more often than that. The counters move about once a millisecond, and on most machines only root may read them.
package final class PowercapMeter: EnergyMeter {
    /// One processor package: a zone such as `intel-rapl:0`; its subdomains (`intel-rapl:0:1`) are parts of it.
    private struct Package {
        let counter: String
        /// The counter's largest value, in microjoules.
        let range: UInt64
        /// As last read, in microjoules.
        var last: UInt64
    }

    private struct State {
        var packages: [Package]
        /// Microjoules since the meter was made; nil once a counter could not be read.
        var total: UInt64?
    }

    private let state: Mutex<State>

    /// A meter over the zones in `folder`; one that measures nothing where there are none, or one of them can't be read.
    package init(folder: String = "/sys/class/powercap") {
        let zones = ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? [])
            .filter(Self.isPackage).sorted()
        let packages = zones.compactMap { zone -> Package? in
            let counter = "\(folder)/\(zone)/energy_uj"
            guard let last = Self.number(counter),
                let range = Self.number("\(folder)/\(zone)/max_energy_range_uj"), last <= range
            else { return nil }
            return Package(counter: counter, range: range, last: last)
        }
        let isWhole = !zones.isEmpty && packages.count == zones.count
        state = Mutex(State(packages: packages, total: isWhole ? 0 : nil))
    }

    /// Joules of all packages since the meter was made; nil where they cannot be read, never 0 in place of unknown.
    package func joules() -> Double? {
        state.withLock { state in
            guard var total = state.total else { return nil }
            for index in state.packages.indices {
                let package = state.packages[index]
                guard let now = Self.number(package.counter), now <= package.range else {
                    state.total = nil
                    return nil
                }
                total +=
                    now >= package.last ? now - package.last : package.range - package.last + now
                state.packages[index].last = now
            }
            state.total = total
            return Double(total) / 1e6
        }
    }

    private static func isPackage(_ zone: String) -> Bool {
        let parts = zone.split(separator: ":", omittingEmptySubsequences: false)
        return parts.count == 2 && parts[0] == "intel-rapl" && UInt(parts[1]) != nil
    }

    private static func number(_ path: String) -> UInt64? {
        guard let text = try? String(contentsOfFile: path, encoding: .utf8) else { return nil }
        return UInt64(text.trimmingCharacters(in: .whitespacesAndNewlines))
    }
}
