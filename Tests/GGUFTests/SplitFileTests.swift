import Foundation
import TestSupport
import Testing

@testable import GGUF

/// Models that are split into several files.
struct SplitFileTests {
    private func sample() -> TinyGGUF {
        var tiny = TinyGGUF()
        tiny.set("general.name", .string("split"))
        tiny.set("list", .strings(["a", "b"]))
        for index in 0..<7 {
            let bytes = [UInt8](repeating: UInt8(index), count: 8)
            tiny.add(tensor: "t\(index)", shape: [2], type: 0, bytes: bytes)
        }
        return tiny
    }

    private func write(_ tiny: TinyGGUF, parts: Int, to directory: String) throws -> [String] {
        try tiny.parts(parts).enumerated().map { number, part in
            let path = "\(directory)/m-0000\(number + 1)-of-0000\(parts).gguf"
            try part.write(to: path)
            return path
        }
    }

    @Test(arguments: [2, 3, 7, 9])
    func anyPartOpensAll(count: Int) throws {
        try withTemporaryDirectory { directory in
            let paths = try write(sample(), parts: count, to: directory)
            for path in paths {
                let file = try GGUFFile(path: path)
                #expect(file.metadata.string("general.name") == "split")
                #expect(file.tensors.map(\.name) == (0..<7).map { "t\($0)" })
                for (index, tensor) in file.tensors.enumerated() {
                    let bytes = file.withBytes(of: tensor) { Array($0) }
                    #expect(bytes == [UInt8](repeating: UInt8(index), count: 8))
                    file.dropPages(of: tensor)
                }
                let sizes = try paths.map { try Data(contentsOf: URL(fileURLWithPath: $0)).count }
                #expect(file.byteCount == sizes.reduce(0, +))
            }
        }
    }

    @Test func aMissingPartIsNamed() throws {
        try withTemporaryDirectory { directory in
            let paths = try write(sample(), parts: 3, to: directory)
            for number in 0..<3 {
                let bytes = try Data(contentsOf: URL(fileURLWithPath: paths[number]))
                try FileManager.default.removeItem(atPath: paths[number])
                let problem = GGUFError.unreadable(
                    path: paths[number], reason: "No such file or directory")
                let expected = GGUFError.part(
                    path: paths[number], part: number + 1, of: 3, problem: problem)
                #expect(throws: expected) { try GGUFFile(path: paths[(number + 1) % 3]) }
                #expect(
                    expected.description
                        == "part \(number + 1) of 3 of a split model: cannot read "
                        + "\(paths[number]): No such file or directory; all parts must lie in one "
                        + "folder")
                try bytes.write(to: URL(fileURLWithPath: paths[number]))
            }
        }
    }

    @Test func damagedParts() throws {
        try withTemporaryDirectory { directory in
            let paths = try write(sample(), parts: 2, to: directory)
            let bytes = try [UInt8](Data(contentsOf: URL(fileURLWithPath: paths[1])))
            for count in [0, 3, 40, bytes.count - 1] {
                try writeFile(Array(bytes.prefix(count)), to: paths[1])
                let found = #expect(throws: GGUFError.self) { try GGUFFile(path: paths[0]) }
                #expect(found?.description.hasPrefix("part 2 of 2") ?? false)
            }
        }
    }

    @Test func aNameThatSaysNothing() throws {
        try withTemporaryDirectory { directory in
            let parts = sample().parts(2)
            for name in [
                "m.gguf", "m-00002-of-00002.gguf", "m-00001-of-00003.gguf", "m-1-of-2.gguf",
            ] {
                let path = "\(directory)/\(name)"
                try parts[0].write(to: path)
                #expect(throws: GGUFError.splitName(path: path, part: 1, of: 2)) {
                    try GGUFFile(path: path)
                }
                try FileManager.default.removeItem(atPath: path)
            }
        }
    }

    @Test func partsThatDoNotBelongTogether() throws {
        try withTemporaryDirectory { directory in
            let paths = try write(sample(), parts: 2, to: directory)
            var other = sample()
            other.add(tensor: "t7", shape: [2], type: 0, bytes: [UInt8](repeating: 0, count: 8))
            try other.parts(2)[1].write(to: paths[1])
            #expect(throws: GGUFError.self) { try GGUFFile(path: paths[0]) }
            // The first part twice.
            try sample().parts(2)[0].write(to: paths[1])
            #expect(throws: GGUFError.self) { try GGUFFile(path: paths[0]) }
            // A part that contradicts the first, and one that repeats it.
            var loud = sample().parts(2)[1]
            loud.set("general.name", .string("other"))
            try loud.write(to: paths[1])
            let foreign = GGUFError.foreignPart(path: paths[1], key: "general.name")
            #expect(
                throws: GGUFError.part(path: paths[1], part: 2, of: 2, problem: foreign)
            ) { try GGUFFile(path: paths[0]) }
            var quiet = sample().parts(2)[1]
            quiet.set("general.name", .string("split"))
            try quiet.write(to: paths[1])
            #expect(try GGUFFile(path: paths[0]).tensors.count == 7)
            // A tensor in two parts.
            var twice = sample().parts(2)[1]
            twice.add(tensor: "t0", shape: [2], type: 0, bytes: [UInt8](repeating: 0, count: 8))
            try twice.write(to: paths[1])
            #expect(throws: GGUFError.duplicateTensor("t0")) { try GGUFFile(path: paths[0]) }
        }
    }

    @Test(
        arguments: [
            ("split.count", .string("2")), ("split.count", .int32(-1)),
            ("split.count", .uint64(1 << 40)), ("split.no", .uint16(7)), ("split.no", .float32(0)),
        ] as [(String, TinyGGUF.Value)])
    func badKeys(key: String, value: TinyGGUF.Value) throws {
        try withTemporaryDirectory { directory in
            let path = directory + "/m-00001-of-00002.gguf"
            var tiny = sample()
            tiny.set(key, value)
            if key == "split.no" { tiny.set("split.count", .uint16(2)) }
            try tiny.write(to: path)
            let found = #expect(throws: GGUFError.self) { try GGUFFile(path: path) }
            #expect(found?.description.hasPrefix("\(key) is ") ?? false)
        }
    }

    /// A model of one part is one file.
    @Test(arguments: [0, 1] as [UInt16])
    func oneOfOne(count: UInt16) throws {
        try withTemporaryDirectory { directory in
            var tiny = sample()
            tiny.set("split.count", .uint16(count))
            tiny.set("split.no", .uint16(0))
            try tiny.write(to: directory + "/m.gguf")
            #expect(try GGUFFile(path: directory + "/m.gguf").tensors.count == 7)
        }
    }

    @Test func names() {
        let name = SplitName("a/b-00002-of-00010.gguf")
        #expect(name?.part == 2 && name?.count == 10)
        #expect(name?.paths.last == "a/b-00010-of-00010.gguf")
        for path in [
            "-00002-of-00010.gguf", "a-00000-of-00002.gguf", "a-00003-of-00002.gguf",
            "a-00001-of-00002.GGUF", "a-00001-of-00002.gguf.part", "a-0001-of-0002.gguf",
            "a-+0001-of-00002.gguf", "a-00001-of-00000.gguf", "",
        ] {
            #expect(SplitName(path) == nil, "\(path)")
        }
    }
}
