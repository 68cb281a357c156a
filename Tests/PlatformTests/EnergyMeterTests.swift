import Foundation
import Platform
import Testing

/// The kernel's counters, as files in a folder.
struct EnergyMeterTests {
    @Test func packagesAreSummedAndTheirPartsAreNot() throws {
        let zones = try Zones()
        try zones.set("intel-rapl:0", energy: 5_000_000, range: 100_000_000)
        try zones.set("intel-rapl:0:0", energy: 1, range: 100_000_000)
        try zones.set("intel-rapl:1", energy: 7_000_000, range: 100_000_000)
        try zones.set("intel-rapl-mmio:0", energy: 1, range: 100_000_000)
        let meter = PowercapMeter(folder: zones.path)
        #expect(meter.joules() == 0)
        try zones.set("intel-rapl:0", energy: 6_500_000)
        try zones.set("intel-rapl:0:0", energy: 900_000)
        try zones.set("intel-rapl:1", energy: 9_000_000)
        try zones.set("intel-rapl-mmio:0", energy: 900_000)
        #expect(meter.joules() == 3.5)
        #expect(meter.joules() == 3.5)
    }

    @Test func aCounterStartsAgain() throws {
        let zones = try Zones()
        try zones.set("intel-rapl:0", energy: 99_000_000, range: 100_000_000)
        let meter = PowercapMeter(folder: zones.path)
        try zones.set("intel-rapl:0", energy: 2_000_000)
        #expect(meter.joules() == 3)
        try zones.set("intel-rapl:0", energy: 1_000_000)
        #expect(meter.joules() == 102)
    }

    @Test func whatCannotBeReadIsUnknown() throws {
        #expect(PowercapMeter(folder: "/nonexistent").joules() == nil)
        let zones = try Zones()
        #expect(PowercapMeter(folder: zones.path).joules() == nil)
        try zones.set("intel-rapl:0", energy: 1, range: 100)
        // One of two that tells nothing leaves the sum unknown.
        try zones.set("intel-rapl:1", energy: nil, range: 100)
        #expect(PowercapMeter(folder: zones.path).joules() == nil)
        try zones.set("intel-rapl:1", energy: 1)
        let meter = PowercapMeter(folder: zones.path)
        #expect(meter.joules() == 0)
        try zones.set("intel-rapl:1", energy: nil)
        #expect(meter.joules() == nil)
        // What was used meanwhile is not known later, either.
        try zones.set("intel-rapl:1", energy: 50)
        #expect(meter.joules() == nil)
    }

    /// A folder such as /sys/class/powercap.
    private struct Zones: ~Copyable {
        let path = NSTemporaryDirectory() + "powercap-" + UUID().uuidString

        init() throws {
            try FileManager.default.createDirectory(
                atPath: path, withIntermediateDirectories: true)
        }

        deinit { try? FileManager.default.removeItem(atPath: path) }

        /// Microjoules; nil takes the counter away.
        func set(_ zone: String, energy: Int?, range: Int? = nil) throws {
            let folder = "\(path)/\(zone)"
            try FileManager.default.createDirectory(
                atPath: folder, withIntermediateDirectories: true)
            if let range {
                try "\(range)\n".write(
                    toFile: folder + "/max_energy_range_uj", atomically: true, encoding: .utf8)
            }
            guard let energy else {
                try? FileManager.default.removeItem(atPath: folder + "/energy_uj")
                return
            }
            try "\(energy)\n".write(
                toFile: folder + "/energy_uj", atomically: true, encoding: .utf8)
        }
    }
}
