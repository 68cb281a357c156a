import TestSupport
import Testing

@testable import GGUF

struct GGUFMetadataTests {
    @Test(
        arguments: [
            (.uint8(200), .unsigned(200)), (.int8(-3), .integer(-3)),
            (.uint16(65_535), .unsigned(65_535)), (.int16(-300), .integer(-300)),
            (.uint32(.max), .unsigned(4_294_967_295)), (.int32(.min), .integer(-2_147_483_648)),
            (.float32(0.1), .float(Double(Float(0.1)))), (.bool(true), .bool(true)),
            (.string("naïve"), .string(GGUFString(bytes: Array("naïve".utf8)))),
            (.uint64(.max), .unsigned(.max)), (.int64(.min), .integer(.min)),
            (.float64(0.1), .float(0.1)),
        ] as [(TinyGGUF.Value, GGUFValue)])
    func readsEachKind(written: TinyGGUF.Value, expected: GGUFValue) throws {
        #expect(try metadata(["key": written])["key"] == expected)
    }

    @Test func integersComeFromEveryWidth() throws {
        let data = try metadata([
            "u8": .uint8(1), "i64": .int64(-2), "large": .uint64(.max), "float": .float32(3),
        ])
        #expect(data.integer("u8") == 1)
        #expect(data.integer("i64") == -2)
        #expect(data.integer("large") == nil)
        #expect(data.integer("float") == nil)
        #expect(data.integer("missing") == nil)
        #expect(data.double("u8") == 1)
        #expect(data.double("i64") == -2)
        #expect(data.double("float") == 3)
        #expect(data.bool("u8") == nil)
    }

    @Test func keysKeepTheirOrder() throws {
        var tiny = TinyGGUF()
        for key in ["z", "a", "m"] { tiny.set(key, .uint8(0)) }
        #expect(try withFile(tiny.bytes()) { $0.metadata.keys } == ["z", "a", "m"])
    }

    @Test func stringsNeedNotBeText() throws {
        let data = try metadata([
            "text": .string("ok"), "raw": .bytes([0xFF, 0x41]),
            "list": .array(type: 8, [.string(""), .bytes([0x80]), .string("Ġthe")]),
        ])
        #expect(data.string("text") == "ok")
        #expect(data.string("raw") == nil)
        #expect(data["raw"] == .string(GGUFString(bytes: [0xFF, 0x41])))
        let list = try #require(data.strings("list"))
        #expect(list.count == 3)
        #expect(list.map(\.bytes) == [[], [0x80], Array("Ġthe".utf8)])
        #expect(list[1].text == nil)
        #expect(list[1].description == "\u{FFFD}")
        #expect(list[2].text == "Ġthe")
    }

    @Test func stringArraysAreEqualAcrossFiles() throws {
        func list(_ texts: [String]) throws -> GGUFStringArray? {
            try metadata(["list": .strings(texts)]).strings("list")
        }
        #expect(try list(["a", "bc"]) == list(["a", "bc"]))
        #expect(try list(["a", "bc"]) != list(["ab", "c"]))
        #expect(try list(["a", "bc"]) != list(["a"]))
    }

    @Test func numberArraysOfEachKind() throws {
        let data = try metadata([
            "u8": .array(type: 0, [.uint8(0), .uint8(255)]),
            "i8": .array(type: 1, [.int8(-1)]),
            "u16": .array(type: 2, [.uint16(40_000)]),
            "i16": .array(type: 3, [.int16(-5)]),
            "u32": .array(type: 4, [.uint32(.max)]),
            "i32": .array(type: 5, [.int32(-7), .int32(8)]),
            "f32": .array(type: 6, [.float32(0.5), .float32(-1)]),
            "bool": .array(type: 7, [.bool(true), .bool(false)]),
            "u64": .array(type: 10, [.uint64(.max)]),
            "i64": .array(type: 11, [.int64(.min)]),
            "f64": .array(type: 12, [.float64(0.1)]),
            "none": .array(type: 5, []),
        ])
        #expect(data.integers("u8") == [0, 255])
        #expect(data.integers("i8") == [-1])
        #expect(data.integers("u16") == [40_000])
        #expect(data.integers("i16") == [-5])
        #expect(data.integers("u32") == [4_294_967_295])
        #expect(data.integers("i32") == [-7, 8])
        #expect(data.integers("f32") == nil)
        #expect(data.integers("u64") == nil)
        #expect(data.integers("i64") == [.min])
        #expect(data.integers("none") == [])
        #expect(data.doubles("f32") == [0.5, -1])
        #expect(data.doubles("f64") == [0.1])
        #expect(data.doubles("u64") == [18_446_744_073_709_551_616])
        #expect(data.doubles("i32") == [-7, 8])
        #expect(data.doubles("bool") == nil)
        guard case .numbers(let bools) = data["bool"] else {
            Issue.record("no array of truth values")
            return
        }
        #expect(bools.bools == [true, false])
        #expect(bools == bools)
    }

    @Test func arraysOfArrays() throws {
        let inner: [TinyGGUF.Value] = [
            .array(type: 0, [.uint8(1), .uint8(2)]), .array(type: 8, [.string("x")]),
        ]
        guard case .arrays(let arrays) = try metadata(["key": .array(type: 9, inner)])["key"],
            case .numbers(let numbers) = arrays[0], case .strings(let strings) = arrays[1]
        else {
            Issue.record("not an array of arrays")
            return
        }
        #expect(numbers.integers == [1, 2])
        #expect(strings[0].text == "x")
    }

    private func metadata(_ pairs: [String: TinyGGUF.Value]) throws -> GGUFMetadata {
        var tiny = TinyGGUF()
        for (key, value) in pairs { tiny.set(key, value) }
        return try withFile(tiny.bytes()) { file in file.metadata }
    }
}
