import Foundation
import TestSupport
import Testing

@testable import GGUF

#if canImport(Glibc)
    import Glibc
#endif

struct GGUFErrorTests {
    @Test func missingFile() {
        let path = "/nonexistent/model.gguf"
        #expect(throws: GGUFError.unreadable(path: path, reason: "No such file or directory")) {
            try GGUFFile(path: path)
        }
    }

    @Test func directory() throws {
        try withTemporaryDirectory { path in
            #expect(throws: GGUFError.notARegularFile(path: path)) { try GGUFFile(path: path) }
        }
    }

    // Nobody writes to the pipe, so a plain open would wait for ever.
    @Test(.timeLimit(.minutes(30))) func namedPipe() throws {
        try withTemporaryDirectory { directory in
            let path = directory + "/pipe"
            try #require(mkfifo(path, 0o600) == 0)
            #expect(throws: GGUFError.notARegularFile(path: path)) { try GGUFFile(path: path) }
        }
    }

    @Test func device() {
        #expect(throws: GGUFError.notARegularFile(path: "/dev/zero")) {
            try GGUFFile(path: "/dev/zero")
        }
    }

    @Test func emptyFile() {
        #expect(
            error(of: [])
                == .truncated(field: "the magic number", offset: 0, needed: 4, available: 0))
    }

    @Test func wrongMagic() {
        #expect(error(of: Array("GGML....".utf8)) == .notGGUF(found: Array("GGML".utf8)))
    }

    @Test(arguments: [0, 1, 4, 77] as [UInt32])
    func wrongVersion(version: UInt32) {
        var tiny = TinyGGUF()
        tiny.version = version
        #expect(error(of: tiny.bytes()) == .unsupportedVersion(found: version))
    }

    @Test func bigEndian() {
        var tiny = TinyGGUF()
        tiny.version = UInt32(3).byteSwapped
        #expect(error(of: tiny.bytes()) == .bigEndian)
    }

    @Test(arguments: [(8, "the tensor count"), (16, "the metadata count")])
    func hugeCounts(offset: Int, field: String) {
        var bytes = TinyGGUF().bytes()
        bytes.replaceSubrange(offset..<offset + 8, with: [UInt8](repeating: 255, count: 8))
        let found = UInt64.max
        #expect(
            error(of: bytes)
                == .countTooLarge(field: field, found: found, available: bytes.count - offset - 8))
    }

    @Test(arguments: [5, 8, 9] as [UInt32])
    func hugeArrays(type: UInt32) {
        let bytes = pair("k", type: 9, payload: little(type) + little(UInt64(1) << 40))
        #expect(
            error(of: bytes)
                == .countTooLarge(field: "the size of k", found: 1 << 40, available: 0))
    }

    @Test func hugeString() {
        let bytes = pair("k", type: 8, payload: little(UInt64.max) + [1, 2])
        #expect(
            error(of: bytes)
                == .truncated(field: "k", offset: bytes.count - 2, needed: .max, available: 2))
    }

    @Test(arguments: [[], [0xC3, 0x28], [UInt8](repeating: 65, count: 65_536)])
    func badKeys(key: [UInt8]) {
        var bytes = TinyGGUF().bytes()
        bytes[16] = 1
        bytes +=
            little(UInt64(key.count)) + key + little(UInt32(0)) + [UInt8](repeating: 0, count: 9)
        #expect(error(of: bytes) == .invalidName(field: "metadata key 0"))
    }

    @Test func unknownKinds() {
        let field = "k"
        #expect(
            error(of: pair(field, type: 13, payload: [0]))
                == .unknownValueType(field: field, found: 13))
        #expect(
            error(of: pair(field, type: 9, payload: little(UInt32(99)) + little(UInt64(0))))
                == .unknownValueType(field: field, found: 99))
    }

    @Test func truthIsZeroOrOne() {
        #expect(
            error(of: pair("k", type: 7, payload: [2])) == .invalidBool(field: "k", found: 2))
        let array = little(UInt32(7)) + little(UInt64(2)) + [1, 3]
        #expect(
            error(of: pair("k", type: 9, payload: array))
                == .invalidBool(field: "k[1]", found: 3))
    }

    @Test func deepNesting() {
        let level = little(UInt32(9)) + little(UInt64(1))
        let deep = [[UInt8]](repeating: level, count: 100_000).flatMap { $0 }
        #expect(
            error(of: pair("k", type: 9, payload: deep))
                == .nestingTooDeep(field: "k[0][0][0][0]", limit: 4))
    }

    @Test func duplicates() {
        var keys = TinyGGUF()
        keys.set("same", .uint8(1))
        keys.set("same", .uint8(2))
        #expect(error(of: keys.bytes()) == .duplicateKey("same"))
        var tensors = TinyGGUF()
        tensors.add(tensor: "same", shape: [1], type: 0, bytes: [0, 0, 0, 0])
        tensors.add(tensor: "same", shape: [1], type: 0, bytes: [0, 0, 0, 0])
        #expect(error(of: tensors.bytes()) == .duplicateTensor("same"))
    }

    @Test(
        arguments: [
            (.uint32(0), .unsigned(0)), (.uint32(24), .unsigned(24)), (.uint32(4), .unsigned(4)),
            (.int32(-32), .integer(-32)), (.uint64(.max), .unsigned(.max)),
            (.float32(32), .float(32)),
        ] as [(TinyGGUF.Value, GGUFValue)])
    func badAlignments(written: TinyGGUF.Value, found: GGUFValue) {
        var tiny = TinyGGUF()
        tiny.set("general.alignment", written)
        #expect(error(of: tiny.bytes()) == .badAlignment(found: found))
    }

    // The padded start of the data would not fit an integer.
    @Test func hugeAlignment() {
        var tiny = TinyGGUF()
        tiny.set("general.alignment", .uint64(1 << 62))
        tiny.add(tensor: "t", shape: [1], type: 0, bytes: [0, 0, 0, 0])
        #expect(
            error(of: tiny.bytes())
                == .tensorOutsideFile(tensor: "t", offset: 0, byteCount: 4, available: 0))
    }

    @Test func badRanks() {
        for rank in [0, 5, 9] {
            var tiny = TinyGGUF()
            tiny.add(
                tensor: "t", shape: [Int](repeating: 1, count: rank), type: 0,
                bytes: [UInt8](repeating: 0, count: 40))
            #expect(error(of: tiny.bytes()) == .badRank(tensor: "t", found: UInt32(rank)))
        }
    }

    @Test func badShapes() throws {
        #expect(tensorError(shape: [4, 0]) == .zeroDimension(tensor: "t", axis: 1))
        let large = Int.max
        #expect(
            tensorError(shape: [large, 2])
                == .shapeOverflow(tensor: "t", shape: [UInt64(large), 2]))
        // As many elements as an integer counts, but not as many bytes.
        #expect(
            tensorError(shape: [large]) == .shapeOverflow(tensor: "t", shape: [UInt64(large)]))
        let type = try #require(TensorType(number: 8))
        #expect(
            tensorError(shape: [33], type: 8) == .partialBlock(tensor: "t", columns: 33, type: type)
        )
        #expect(
            tensorError(shape: [1 << 40])
                == .tensorOutsideFile(tensor: "t", offset: 0, byteCount: 1 << 42, available: 4))
    }

    @Test(arguments: [4, 5, 43, .max] as [UInt32])
    func unknownTensorTypes(type: UInt32) {
        #expect(
            tensorError(shape: [1], type: type) == .unknownTensorType(tensor: "t", found: type))
    }

    @Test func badOffsets() {
        var tiny = TinyGGUF()
        tiny.add(tensor: "t", shape: [1], type: 0, bytes: [0, 0, 0, 0])
        var bytes = tiny.bytes()
        let place = 24 + 8 + 1 + 4 + 8 + 4
        bytes[place] = 8
        #expect(
            error(of: bytes) == .misalignedTensor(tensor: "t", offset: 8, alignment: 32))
        bytes.replaceSubrange(place..<place + 8, with: little(UInt64.max - 31))
        #expect(
            error(of: bytes)
                == .tensorOutsideFile(
                    tensor: "t", offset: .max - 31, byteCount: 4, available: 4))
    }

    /// A tensor that begins in another, as the same one, in its middle or in its last byte, in whatever order the file names them.
    @Test(arguments: [(0, 8), (8, 8), (24, 24), (0, 24)])
    func tensorsThatShareBytes(first: Int, second: Int) {
        var tiny = TinyGGUF()
        tiny.set("general.alignment", .uint32(8))
        tiny.alignment = 8
        for name in ["a", "b"] {
            tiny.add(tensor: name, shape: [7], type: 0, bytes: [UInt8](repeating: 0, count: 28))
        }
        var bytes = tiny.bytes()
        // After magic, version and counts, and the one pair.
        let start = 24 + 8 + 17 + 4 + 4
        for (index, offset) in [first, second].enumerated() {
            let place = start + index * 33 + 8 + 1 + 4 + 8 + 4
            bytes.replaceSubrange(place..<place + 8, with: little(UInt64(offset)))
        }
        #expect(error(of: bytes) == .overlappingTensors("a", "b"))
    }

    @Test func tensorsSideBySideShareNothing() throws {
        var tiny = TinyGGUF()
        tiny.set("general.alignment", .uint32(8))
        tiny.alignment = 8
        for name in ["a", "b"] {
            tiny.add(tensor: name, shape: [2], type: 0, bytes: [UInt8](repeating: 0, count: 8))
        }
        try withFile(tiny.bytes()) { #expect($0.tensors.map(\.byteCount) == [8, 8]) }
    }

    @Test func badTensorName() {
        var tiny = TinyGGUF()
        tiny.add(tensor: "", shape: [1, 1], type: 0, bytes: [0, 0, 0, 0])
        #expect(error(of: tiny.bytes()) == .invalidName(field: "the name of tensor 0"))
    }

    @Test func descriptionsSayWhatToDo() throws {
        let type = try #require(TensorType(number: 12))
        let error = GGUFError.partialBlock(tensor: "blk.0.x", columns: 33, type: type)
        #expect(
            error.description
                == "tensor blk.0.x has rows of 33 elements, expected a multiple of 256 for Q4_K")
    }

    private func error(of bytes: [UInt8]) -> GGUFError? {
        #expect(throws: GGUFError.self) { try withFile(bytes) { _ in } }
    }

    private func tensorError(shape: [Int], type: UInt32 = 0) -> GGUFError? {
        var tiny = TinyGGUF()
        tiny.add(tensor: "t", shape: shape, type: type, bytes: [0, 0, 0, 0])
        return error(of: tiny.bytes())
    }

    private func pair(_ key: String, type: UInt32, payload: [UInt8]) -> [UInt8] {
        var bytes = TinyGGUF().bytes()
        bytes[16] = 1
        return bytes + little(UInt64(key.utf8.count)) + Array(key.utf8) + little(type) + payload
    }

    private func little(_ value: some FixedWidthInteger) -> [UInt8] {
        withUnsafeBytes(of: value.littleEndian) { Array($0) }
    }
}
