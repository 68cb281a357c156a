import Foundation
import Platform

/// Stands in for the program `zstd` on a simulated machine: like it, it writes a file without syncing it, and notices a damaged one.
struct SimulatedZstandard: CommandRunner {
    let machine: SimulatedMachine

    /// Begins as the real one's files do.
    private static let mark: [UInt8] = [0x28, 0xB5, 0x2F, 0xFD] + Array("packed".utf8)

    func run(_ command: Command, tick: () -> Void) -> CommandOutcome {
        let words = command.arguments
        guard let option = words.firstIndex(of: "-o"), let source = words.last else {
            return .exited(status: 1, complaint: "bad usage")
        }
        // Told apart from an empty file, since it is only read after it was seen.
        guard let input = machine.contents(of: source) else {
            return .exited(status: 1, complaint: "\(source): cannot be read")
        }
        var output = Array(input)
        if words.contains("-d") {
            guard output.starts(with: Self.mark), output.count >= Self.mark.count + 8,
                Self.sum(output[(Self.mark.count + 8)...])
                    == Array(output[Self.mark.count..<(Self.mark.count + 8)])
            else { return .exited(status: 1, complaint: "\(source): damaged") }
            output.removeFirst(Self.mark.count + 8)
        } else {
            output = Self.mark + Self.sum(output[...]) + output
        }
        let descriptor = machine.open(
            words[option + 1], O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { return .exited(status: 1, complaint: errorText(errno)) }
        defer { machine.close(descriptor) }
        var rest = output[...]
        while !rest.isEmpty {
            let part = Array(rest.prefix(1 << 16))
            let count = part.withUnsafeBytes { machine.write(descriptor, $0) }
            guard count > 0 else { return .exited(status: 1, complaint: errorText(errno)) }
            rest = rest.dropFirst(count)
        }
        return .exited(status: 0, complaint: "")
    }

    private static func sum(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
        var sum: UInt64 = 0xCBF2_9CE4_8422_2325
        for byte in bytes { sum = (sum ^ UInt64(byte)) &* 0x100_0000_01B3 }
        return withUnsafeBytes(of: sum.littleEndian) { Array($0) }
    }
}
