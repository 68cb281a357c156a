import Foundation
import Platform
import Synchronization

/// Plays curl and pip with bytes from memory; Python itself is the real one.
final class FakeNet: CommandRunner {
    struct State {
        var web: [String: [UInt8]] = [:]
        /// Wheels by `package==version`.
        var wheels: [String: [UInt8]] = [:]
        /// Answers of each address or requirement before it succeeds.
        var trouble: [String: [Trouble]] = [:]
        /// Addresses and requirements asked for, in order.
        var asked: [String] = []
        var bytesSent = 0
    }

    enum Trouble {
        case refuse(String)
        /// Ctrl-C after so many bytes.
        case interrupt(after: Int)
    }

    let state: Mutex<State>

    init(_ state: State = State()) {
        self.state = Mutex(state)
    }

    var asked: [String] { state.withLock { $0.asked } }
    var bytesSent: Int { state.withLock { $0.bytesSent } }

    func trouble(_ name: String, _ trouble: Trouble...) {
        state.withLock { $0.trouble[name] = trouble }
    }

    func run(_ command: Command, tick: () -> Void) -> CommandOutcome {
        let arguments = command.arguments
        tick()
        if arguments[0] == "curl", let output = value(after: "--output", in: arguments) {
            return curl(arguments[arguments.count - 1], output)
        }
        if arguments[0] == "python3", arguments[1] == "-m",
            let directory = value(after: "-d", in: arguments)
        {
            return pip(arguments[arguments.count - 1], directory)
        }
        return SystemCommandRunner().run(command, tick: tick)
    }

    private func value(after option: String, in arguments: [String]) -> String? {
        arguments.firstIndex(of: option).map { arguments[$0 + 1] }
    }

    private func curl(_ address: String, _ output: String) -> CommandOutcome {
        state.withLock { state in
            state.asked.append(address)
            let have = [UInt8](FileManager.default.contents(atPath: output) ?? Data())
            guard let body = state.web[address] else {
                return .exited(status: 22, complaint: "curl: (22) error: 404")
            }
            var rest = body.dropFirst(have.count)
            var outcome = CommandOutcome.exited(status: 0, complaint: "")
            if let trouble = state.trouble[address]?.first {
                state.trouble[address]?.removeFirst()
                switch trouble {
                case .refuse(let reason): return .exited(status: 6, complaint: reason)
                case .interrupt(let count):
                    rest = rest.prefix(count)
                    outcome = .signalled(SIGINT)
                }
            }
            state.bytesSent += rest.count
            _ = FileManager.default.createFile(atPath: output, contents: Data(have + rest))
            return outcome
        }
    }

    private func pip(_ requirement: String, _ directory: String) -> CommandOutcome {
        state.withLock { state in
            state.asked.append(requirement)
            if let trouble = state.trouble[requirement]?.first {
                state.trouble[requirement]?.removeFirst()
                switch trouble {
                case .refuse(let reason): return .exited(status: 1, complaint: reason)
                case .interrupt: return .signalled(SIGINT)
                }
            }
            guard let wheel = state.wheels[requirement] else {
                return .exited(status: 1, complaint: "ERROR: No matching distribution")
            }
            state.bytesSent += wheel.count
            let path = "\(directory)/any-py3-none-any.whl"
            _ = FileManager.default.createFile(atPath: path, contents: Data(wheel))
            return .exited(status: 0, complaint: "")
        }
    }
}

/// A zip archive of one uncompressed member, written by the format's APPNOTE, sections 4.3.7-16.
func zipArchive(member: String, content: [UInt8]) -> [UInt8] {
    func little(_ value: Int, _ bytes: Int) -> [UInt8] {
        (0..<bytes).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
    }
    var sum: UInt32 = 0xFFFF_FFFF
    for byte in content {
        sum ^= UInt32(byte)
        for _ in 0..<8 { sum = (sum >> 1) ^ (sum & 1 == 1 ? 0xEDB8_8320 : 0) }
    }
    let name = Array(member.utf8)
    let common =
        little(20, 2) + little(0, 2) + little(0, 2) + little(0, 2) + little(33, 2)
        + little(Int(~sum), 4) + little(content.count, 4) + little(content.count, 4)
        + little(name.count, 2) + little(0, 2)
    let local = little(0x0403_4B50, 4) + common + name + content
    let central =
        little(0x0201_4B50, 4) + little(20, 2) + common + little(0, 2) + little(0, 2)
        + little(0, 2) + little(0, 4) + little(0, 4) + name
    return local + central + little(0x0605_4B50, 4) + little(0, 4) + little(1, 2) + little(1, 2)
        + little(central.count, 4) + little(local.count, 4) + little(0, 2)
}

/// A directory for one test, removed with it.
final class Scratch {
    let path: String

    init() throws {
        path = FileManager.default.temporaryDirectory.path + "/assets-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    func write(_ bytes: [UInt8], to name: String) throws {
        let file = URL(fileURLWithPath: "\(path)/\(name)")
        try FileManager.default.createDirectory(
            at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(bytes).write(to: file)
    }

    func read(_ name: String) -> [UInt8]? {
        FileManager.default.contents(atPath: "\(path)/\(name)").map { [UInt8]($0) }
    }

    /// Every file below, relative and sorted, but for locks.
    var files: [String] {
        let names = FileManager.default.enumerator(atPath: path)?.compactMap { $0 as? String } ?? []
        return names.filter {
            var isDirectory: ObjCBool = false
            let exists = FileManager.default.fileExists(
                atPath: "\(path)/\($0)", isDirectory: &isDirectory)
            return exists && !isDirectory.boolValue && !$0.hasSuffix(".lock")
        }.sorted()
    }
}
