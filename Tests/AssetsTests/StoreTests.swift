import Foundation
import Testing

@testable import Assets
@testable import Platform

struct StoreTests {
    let scratch: Scratch

    init() throws {
        scratch = try Scratch()
    }

    // Known answers: FIPS 180-4's examples, and sha256sum of a file longer than one buffer.
    @Test(arguments: [
        ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
        ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
    ])
    func digest(text: String, expected: String) throws {
        try scratch.write(Array(text.utf8), to: "file")
        #expect(try sha256(ofFile: scratch.path + "/file") == expected)
    }

    @Test func digestOfAMillionAs() throws {
        try scratch.write([UInt8](repeating: 0x61, count: 1_000_000), to: "file")
        let expected = "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"
        #expect(try sha256(ofFile: scratch.path + "/file") == expected)
    }

    @Test func digestOfNothingToRead() {
        #expect(
            throws: AssetError.unreadable(path: "/dev/null", reason: "it is not a regular file")
        ) {
            try sha256(ofFile: "/dev/null")
        }
        #expect(throws: AssetError.unreadable(path: "/no/such", reason: "no such file")) {
            try sha256(ofFile: "/no/such")
        }
    }

    // MARK: Memo

    /// One that remembers small and young files, too.
    var memo: DigestMemo {
        DigestMemo(path: scratch.path + "/cache/digests.json", smallest: 0, tick: -3600)
    }

    /// Puts a wrong digest into the memo, so that a use of it shows.
    func poison(_ digest: String) throws {
        let path = scratch.path + "/cache/digests.json"
        let text = try String(contentsOfFile: path, encoding: .utf8)
        try text.replacingOccurrences(of: digest, with: "remembered")
            .write(toFile: path, atomically: true, encoding: .utf8)
    }

    @Test func aDigestIsRememberedWhileTheFileStays() throws {
        try scratch.write([1, 2], to: "file")
        let path = scratch.path + "/file"
        let digest = try memo.sha256(ofFile: path)
        try poison(digest)
        #expect(try memo.sha256(ofFile: path) == "remembered")
        #expect(try memo.sha256(ofFile: scratch.path + "/./file") == "remembered")
    }

    @Test func aChangedFileIsReadAgain() throws {
        try scratch.write([1, 2], to: "file")
        let path = scratch.path + "/file"
        try poison(memo.sha256(ofFile: path))
        // The same length, in the same place: only the time tells.
        let handle = try #require(FileHandle(forWritingAtPath: path))
        try handle.write(contentsOf: Data([3, 4]))
        try handle.close()
        #expect(try memo.sha256(ofFile: path) == sha256(ofFile: path))
    }

    /// A file overwritten in place with its length and its time set back: the system's own time tells.
    @Test func aFileWhoseTimeWasSetBackIsReadAgain() throws {
        try scratch.write([1, 2], to: "file")
        let path = scratch.path + "/file"
        var status = stat()
        #expect(stat(path, &status) == 0)
        try poison(memo.sha256(ofFile: path))
        // Past the tick of the clock that stamps files.
        usleep(30_000)
        let handle = try #require(FileHandle(forWritingAtPath: path))
        try handle.write(contentsOf: Data([3, 4]))
        try handle.close()
        #expect(utimensat(AT_FDCWD, path, [status.st_atim, status.st_mtim], 0) == 0)
        #expect(try memo.sha256(ofFile: path) == sha256(ofFile: path))
    }

    /// Of a file that changed just now, or changes in the future, another change may leave no trace.
    @Test func aYoungFileIsNotRemembered() throws {
        try scratch.write([1, 2], to: "file")
        let path = scratch.path + "/file"
        let young = DigestMemo(path: memo.path, smallest: 0)
        _ = try young.sha256(ofFile: path)
        #expect(!FileManager.default.fileExists(atPath: memo.path))
        usleep(2_100_000)
        try poison(young.sha256(ofFile: path))
        #expect(try young.sha256(ofFile: path) == "remembered")
    }

    @Test func aSmallFileIsReadEachTime() throws {
        try scratch.write([1, 2], to: "file")
        let path = scratch.path + "/file"
        try poison(memo.sha256(ofFile: path))
        let usual = DigestMemo(path: memo.path)
        #expect(usual.smallest > 1 << 20)
        #expect(try usual.sha256(ofFile: path) == sha256(ofFile: path))
    }

    /// What an older program remembered by less than it takes.
    @Test func anOlderMemoIsNotBelieved() throws {
        try scratch.write([1, 2], to: "file")
        let path = scratch.path + "/file"
        try poison(memo.sha256(ofFile: path))
        let text = try String(contentsOfFile: memo.path, encoding: .utf8)
        try text.replacingOccurrences(of: "\"version\" : 2", with: "\"version\" : 1")
            .write(toFile: memo.path, atomically: true, encoding: .utf8)
        #expect(try memo.sha256(ofFile: path) == sha256(ofFile: path))
    }

    @Test func aReplacedFileIsReadAgain() throws {
        try scratch.write([1, 2], to: "file")
        let path = scratch.path + "/file"
        try poison(memo.sha256(ofFile: path))
        let time = try #require(
            FileManager.default.attributesOfItem(atPath: path)[.modificationDate])
        try scratch.write([3, 4], to: "other")
        try FileManager.default.setAttributes(
            [.modificationDate: time], ofItemAtPath: scratch.path + "/other")
        #expect(rename(scratch.path + "/other", path) == 0)
        #expect(try memo.sha256(ofFile: path) == sha256(ofFile: path))
    }

    @Test(arguments: ["", "{", "[]", "{\"version\":2,\"files\":{}}", "\u{0}\u{1}"])
    func aBrokenMemoIsIgnoredAndWrittenAnew(text: String) throws {
        try scratch.write([1, 2], to: "file")
        try scratch.write(Array(text.utf8), to: "cache/digests.json")
        let path = scratch.path + "/file"
        let digest = try memo.sha256(ofFile: path)
        #expect(try digest == sha256(ofFile: path))
        try poison(digest)
        #expect(try memo.sha256(ofFile: path) == "remembered")
    }

    @Test func entriesOfFilesThatAreGoneAreDropped() throws {
        try scratch.write([1], to: "first")
        try scratch.write([2], to: "second")
        _ = try memo.sha256(ofFile: scratch.path + "/first")
        try FileManager.default.removeItem(atPath: scratch.path + "/first")
        _ = try memo.sha256(ofFile: scratch.path + "/second")
        let text = try String(contentsOfFile: memo.path, encoding: .utf8)
        #expect(text.contains("/second") && !text.contains("/first"))
    }

    @Test func anUnwritableMemoCostsNothingButTime() throws {
        try scratch.write([1], to: "file")
        let path = scratch.path + "/file"
        #expect(
            try DigestMemo(path: "/dev/null/x", smallest: 0, tick: -1).sha256(ofFile: path)
                == sha256(ofFile: path))
    }

    // MARK: Cache directory

    @Test(arguments: [
        (["CITER_CACHE": "/c", "XDG_CACHE_HOME": "/x", "HOME": "/h"], "/c"),
        (["CITER_CACHE": "", "XDG_CACHE_HOME": "/x", "HOME": "/h"], "/x/citer"),
        (["XDG_CACHE_HOME": "relative", "HOME": "/h"], "/h/.cache/citer"),
        (["HOME": "/h"], "/h/.cache/citer"),
    ])
    func cacheDirectory(environment: [String: String], expected: String) {
        #expect(CacheDirectory(environment: environment).root == expected)
    }

    // MARK: A user's own model

    @Test func aPathIsAModel() throws {
        try scratch.write(Array("abc".utf8), to: "own.gguf")
        let store = AssetStore(
            catalog: AssetCatalog(models: [], dataSets: []),
            environment: ["CITER_CACHE": scratch.path + "/cache"], runner: FakeNet())
        let path = scratch.path + "/own.gguf"
        let found = try store.model(path)
        #expect(found.name == "own.gguf")
        #expect(found.path == path)
        #expect(found.bytes == 3)
        #expect(found.sha256.hasPrefix("ba7816bf"))
        #expect(throws: AssetError.unreadable(path: "none.gguf", reason: "no such file")) {
            try store.model("none.gguf")
        }
    }

    /// All parts of a split model decide its identity, whichever of them is named.
    @Test func aSplitModelIsOne() throws {
        let names = (1...2).map { "m-0000\($0)-of-00002.gguf" }
        try scratch.write([1, 2, 3], to: names[0])
        let store = AssetStore(
            catalog: AssetCatalog(models: [], dataSets: []),
            environment: ["CITER_CACHE": scratch.path + "/cache"], runner: FakeNet())
        let alone = try store.model(scratch.path + "/" + names[0])
        // Not all are there: the file by itself, until someone opens it.
        #expect(alone.bytes == 3 && alone.sha256 == sha256(of: Data([1, 2, 3])))
        try scratch.write([4], to: names[1])
        let both = try store.model(scratch.path + "/" + names[0])
        let digests = sha256(of: Data([1, 2, 3])) + "\n" + sha256(of: Data([4])) + "\n"
        #expect(both.sha256 == sha256(of: Data(digests.utf8)))
        #expect(both.bytes == 4 && both.name == names[0])
        #expect(try store.model(scratch.path + "/" + names[1]) == both)
        try scratch.write([5, 6], to: names[1])
        #expect(try store.model(scratch.path + "/" + names[0]).sha256 != both.sha256)
    }

    @Test func anUnknownNameIsAnsweredWithTheNearest() throws {
        let file = AssetFile(
            name: "smollm2-135m", kind: .model, path: "s.gguf", bytes: 1, sha256: "", sources: [])
        let model = ModelAsset(
            name: "smollm2-135m", architecture: "llama", notes: "", licence: "", file: file)
        let store = AssetStore(catalog: AssetCatalog(models: [model], dataSets: []))
        let error = #expect(throws: AssetError.self) { try store.model("smolm2-135m") }
        #expect(
            error?.description
                == "unknown model \"smolm2-135m\"; known are smollm2-135m; for your own model give "
                + "the path of its .gguf file; did you mean \"smollm2-135m\"?")
    }
}
