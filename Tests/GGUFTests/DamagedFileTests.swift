import Hashing
import TestSupport
import Testing

@testable import GGUF

/// A damaged file must give an error or a file that can be read to the last byte; a crash of the
/// test process is the failure looked for.
struct DamagedFileTests {
    @Test func everyTruncationIsAnError() throws {
        let bytes = sample()
        try withTemporaryDirectory { directory in
            let path = directory + "/cut.gguf"
            for count in 0..<bytes.count {
                try writeFile(Array(bytes[..<count]), to: path)
                #expect(throws: GGUFError.self, "cut to \(count) bytes") {
                    try GGUFFile(path: path)
                }
            }
            try writeFile(bytes, to: path)
            #expect(try GGUFFile(path: path).tensors.count == 2)
        }
    }

    @Test(arguments: 0..<3)
    func mutationsNeverCrash(seed: UInt64) throws {
        let bytes = sample()
        var generator = SplitMix64(seed: seed)
        var survivors = 0
        try withTemporaryDirectory { directory in
            let path = directory + "/bad.gguf"
            for _ in 0..<1000 {
                var damaged = bytes
                for _ in 0..<Int.random(in: 1...4, using: &generator) {
                    let place = Int.random(in: 0..<damaged.count, using: &generator)
                    damaged[place] = interesting(using: &generator)
                }
                try writeFile(damaged, to: path)
                do {
                    readAll(try GGUFFile(path: path))
                    survivors += 1
                } catch let error as GGUFError {
                    #expect(!error.description.isEmpty)
                }
            }
        }
        // Both outcomes must occur, else the mutations test nothing.
        #expect((1..<1000).contains(survivors))
    }

    private func interesting(using generator: inout SplitMix64) -> UInt8 {
        let edges: [UInt8] = [0, 1, 0x7F, 0x80, 0xFF]
        return Bool.random(using: &generator)
            ? edges.randomElement(using: &generator) ?? 0
            : UInt8.random(in: 0...255, using: &generator)
    }

    private func readAll(_ file: GGUFFile) {
        for tensor in file.tensors {
            let sum = file.withBytes(of: tensor) { $0.reduce(0) { $0 &+ Int($1) } }
            #expect(sum >= 0)
        }
        for key in file.metadata.keys {
            _ = file.metadata.integers(key)
            _ = file.metadata.doubles(key)
            _ = file.metadata.strings(key)?.map(\.description)
            _ = file.metadata[key].map { value in "\(value)" }
        }
    }

    /// A little of everything, so that every field has a byte to be cut or changed.
    private func sample() -> [UInt8] {
        var tiny = TinyGGUF()
        tiny.set("general.alignment", .uint32(8))
        tiny.alignment = 8
        tiny.set("text", .string("abc"))
        tiny.set("truth", .bool(true))
        tiny.set("real", .float64(0.5))
        tiny.set("numbers", .array(type: 5, [.int32(1), .int32(-1)]))
        tiny.set("truths", .array(type: 7, [.bool(true), .bool(false)]))
        tiny.set("texts", .strings(["", "x", "yz"]))
        tiny.set("nested", .array(type: 9, [.array(type: 0, [.uint8(3)]), .strings(["q"])]))
        tiny.add(tensor: "a", shape: [3, 1], type: 0, bytes: [UInt8](repeating: 5, count: 12))
        tiny.add(tensor: "b", shape: [32], type: 8, bytes: [UInt8](repeating: 6, count: 34))
        return tiny.bytes()
    }
}
