import Foundation
import TestSupport
import Testing

@testable import GGUF

struct GGUFFileTests {
    @Test(arguments: ["qwen2", "llama"], [true, false])
    func readsATinyModel(architecture: String, tied: Bool) throws {
        try withTemporaryDirectory { directory in
            let path = directory + "/tiny.gguf"
            try TinyModel.write(to: path, architecture: architecture, tied: tied)
            let file = try GGUFFile(path: path)
            #expect(file.metadata.string("general.architecture") == architecture)
            #expect(file.metadata.integer("\(architecture).embedding_length") == 256)
            #expect(file.metadata.strings("tokenizer.ggml.tokens")?.count == 288)
            #expect((file.tensor(named: "output.weight") == nil) == tied)
            #expect((file.tensor(named: "blk.1.attn_q.bias") != nil) == (architecture == "qwen2"))

            let down = try #require(file.tensor(named: "blk.1.ffn_down.weight"))
            #expect(down.type.name == "Q8_0")
            #expect(down.shape == [512, 256])
            #expect(down.columns == 512)
            #expect(down.rows == 256)
            #expect(down.byteCount == 512 / 32 * 34 * 256)
        }
    }

    @Test(arguments: [2, 3] as [UInt32], [8, 32, 64, 4096])
    func findsTensorsAtEachAlignment(version: UInt32, alignment: Int) throws {
        var tiny = TinyGGUF()
        tiny.version = version
        tiny.alignment = alignment
        tiny.set("general.alignment", .uint32(UInt32(alignment)))
        let first = (0..<12).map { UInt8($0) }
        let second = (100..<118).map { UInt8($0) }
        tiny.add(tensor: "first", shape: [3], type: 0, bytes: first)
        tiny.add(tensor: "second", shape: [32, 1], type: 2, bytes: second)
        try withFile(tiny.bytes()) { file in
            #expect(file.byteCount == tiny.bytes().count)
            for (name, bytes) in [("first", first), ("second", second)] {
                let tensor = try #require(file.tensor(named: name))
                #expect(tensor.offset.isMultiple(of: alignment))
                #expect(file.withBytes(of: tensor) { Array($0) } == bytes)
            }
            #expect(file.tensors.map(\.name) == ["first", "second"])
            #expect(file.tensor(named: "third") == nil)
        }
    }

    @Test func readsEveryKindOfTensor() throws {
        for type in TensorType.all {
            var tiny = TinyGGUF()
            let bytes = [UInt8](repeating: 7, count: type.blockBytes * 6)
            tiny.add(
                tensor: "t", shape: [type.blockSize, 3, 2], type: type.number, bytes: bytes)
            try withFile(tiny.bytes()) { file in
                let tensor = try #require(file.tensor(named: "t"))
                #expect(tensor.type == type)
                #expect(tensor.rows == 6)
                #expect(tensor.byteCount == bytes.count)
            }
        }
    }

    @Test func everyTypeOnce() {
        #expect(Set(TensorType.all.map(\.number)).count == TensorType.all.count)
        #expect(Set(TensorType.all.map(\.name)).count == TensorType.all.count)
    }

    // Bits per weight of each type, as ggml's documentation of the formats gives them.
    @Test(
        arguments: [
            ("Q4_0", 4.5), ("Q4_1", 5), ("Q5_0", 5.5), ("Q5_1", 6), ("Q8_0", 8.5), ("Q2_K", 2.625),
            ("Q3_K", 3.4375), ("Q4_K", 4.5), ("Q5_K", 5.5), ("Q6_K", 6.5625), ("BF16", 16),
        ] as [(String, Double)])
    func typesHaveTheirBitsPerWeight(name: String, bits: Double) throws {
        let type = try #require(TensorType.all.first { $0.name == name })
        #expect(Double(type.blockBytes * 8) / Double(type.blockSize) == bits)
    }

    @Test func agreesWithTheWriterOnBlockSizes() {
        for tiny in TinyTensorType.allCases {
            let type = TensorType(number: tiny.number)
            #expect(type?.name == tiny.rawValue.uppercased())
            #expect(type?.blockSize == tiny.blockSize)
            #expect(type?.blockBytes == tiny.blockBytes)
        }
    }

    @Test func aFileWithoutTensorsMayEndBeforeItsPadding() throws {
        var tiny = TinyGGUF()
        tiny.set("a", .uint8(1))
        try withFile(tiny.bytes()) { file in
            #expect(file.tensors.isEmpty)
            #expect(!file.byteCount.isMultiple(of: 32))
        }
    }

    @Test func droppedPagesLeaveMemoryAndCanBeReadAgain() throws {
        var tiny = TinyGGUF()
        let size = 1 << 22
        tiny.add(tensor: "small", shape: [4], type: 0, bytes: [UInt8](repeating: 1, count: 16))
        tiny.add(
            tensor: "large", shape: [size], type: 24, bytes: [UInt8](repeating: 9, count: size))
        try withFile(tiny.bytes()) { file in
            let large = try #require(file.tensor(named: "large"))
            let small = try #require(file.tensor(named: "small"))
            func sum() -> Int {
                file.withBytes(of: large) { bytes in
                    stride(from: 0, to: size, by: 512).reduce(0) { $0 + Int(bytes[$1]) }
                }
            }
            #expect(sum() == size / 512 * 9)
            #expect(residentKilobytes(of: file.path) >= size / 1024 - 8)
            file.dropPages(of: large)
            #expect(residentKilobytes(of: file.path) <= 64)
            #expect(sum() == size / 512 * 9)
            file.dropPages(of: small)
            #expect(file.withBytes(of: small) { $0.first } == 1)
        }
    }

    @Test func manyThreadsMayReadOneFile() async throws {
        let total = try await withThrowingTaskGroup(of: Int.self) { group in
            let directory = FileManager.default.temporaryDirectory.path
            let path = "\(directory)/citer-test-\(UUID().uuidString).gguf"
            defer { try? FileManager.default.removeItem(atPath: path) }
            try TinyModel.write(to: path)
            let file = try GGUFFile(path: path)
            for tensor in file.tensors {
                group.addTask { file.withBytes(of: tensor) { bytes in bytes.count } }
            }
            return try await group.reduce(0, +)
        }
        #expect(total > 1_000_000)
    }

    /// Memory held by the mapping of `path`, read from `/proc/self/smaps`.
    private func residentKilobytes(of path: String) -> Int {
        // Read to the end: the size that the system states for this file is zero.
        let data = try? FileHandle(forReadingAtPath: "/proc/self/smaps")?.readToEnd()
        let maps = String(decoding: data ?? Data(), as: UTF8.self)
        var found = false
        for line in maps.split(separator: "\n") {
            if line.hasSuffix(path) { found = true }
            if found, line.hasPrefix("Rss:") {
                return line.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? -1
            }
        }
        return -1
    }
}

/// Writes `bytes` to a file of their own and opens it.
@discardableResult
func withFile<R>(_ bytes: [UInt8], _ body: (GGUFFile) throws -> R) throws -> R {
    try withTemporaryDirectory { directory in
        let path = directory + "/test.gguf"
        try writeFile(bytes, to: path)
        return try body(GGUFFile(path: path))
    }
}
