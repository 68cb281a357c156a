import Foundation
import Platform
import Testing

@testable import ResultsStore

/// What packing may overwrite, and unpacking that another process does, too.
struct PackedFileTests {
    /// The database itself under any name, what has another kind of name, and what zstd has not written: all stay as they are.
    @Test func onlyPackedFilesAreOverwritten() throws {
        let folder = try TemporaryFolder()
        let path = folder.file("a.sqlite")
        try Fixture(path: path).save("1")
        try Fixture(path: folder.file("b.sqlite")).save("2")
        try Fixture(path: folder.file("live.zst")).save("3")
        try Data("experiment: a\n".utf8).write(to: URL(fileURLWithPath: folder.file("a.yaml")))
        // Of a database, of a text, shorter than the mark, and the mark's bytes the other way round.
        try FileManager.default.copyItem(atPath: path, toPath: folder.file("copy.zst"))
        for (name, bytes) in [
            ("text.zst", Array("some text".utf8)), ("short.zst", [0x28, 0xB5, 0x2F]),
            ("turned.zst", [0xFD, 0x2F, 0xB5, 0x28, 0]),
        ] {
            try Data(bytes).write(to: URL(fileURLWithPath: folder.file(name)))
        }
        try FileManager.default.createSymbolicLink(
            atPath: folder.file("link.zst"), withDestinationPath: "a.sqlite")
        let before = try contents(of: folder.path)
        func pack(_ database: String, to name: String) -> StoreError? {
            do throws(StoreError) {
                try PackedDatabase(of: folder.file(database)).with(path: folder.file(name)).pack()
                return nil
            } catch {
                return error
            }
        }
        for name in [
            "a.sqlite", "b.sqlite", "a.yaml", "new.sqlite", "none/new", "a.sqlite-wal", "copy.zst",
            "text.zst", "short.zst", "turned.zst",
        ] {
            guard case .keptFromPacking(folder.file(name), _)? = pack("a.sqlite", to: name) else {
                Issue.record("\(name) was overwritten")
                continue
            }
        }
        let link = folder.file("link.zst")
        #expect(pack("a.sqlite", to: "link.zst") == .sameFile(path: path, other: link))
        let live = folder.file("live.zst")
        #expect(pack("live.zst", to: "live.zst") == .sameFile(path: live, other: live))
        #expect(try contents(of: folder.path) == before)
        #expect(StoreError.keptFromPacking(path: "a", found: "b").isBadInput)

        // A new file, one in which nothing is, and an older packed one.
        try Data().write(to: URL(fileURLWithPath: folder.file("empty.zst")))
        for name in ["new.zst", "empty.zst", "new.zst"] {
            #expect(pack("a.sqlite", to: name) == nil, "\(name)")
        }
        let copy = folder.file("unpacked.sqlite")
        try PackedDatabase(of: path).with(path: folder.file("new.zst"), database: copy).unpack()
        #expect(try ResultsReader(path: copy).finishedQuestions(of: RowID(1)) == ["1"])
    }

    /// Two readers that are started together both find the database; whatever else goes wrong is told.
    @Test func whatAnotherUnpacksMeanwhileIsThere() throws {
        let folder = try TemporaryFolder()
        let path = folder.file("a.sqlite")
        do { try Fixture(path: path).save("1") }
        let packed = PackedDatabase(of: path)
        try FileManager.default.createDirectory(
            atPath: folder.file("a"), withIntermediateDirectories: true)
        try packed.pack()
        for end in ["", "-wal", "-shm", ".lock"] { unlink(path + end) }
        #expect(throws: StoreError.self) { try packed.restore(by: Broken()) }
        #expect(!FileManager.default.fileExists(atPath: path))
        #expect(try !packed.restore(by: Overtaken { try packed.unpack() }))
        #expect(try ResultsReader(path: path).finishedQuestions(of: RowID(1)) == ["1"])
        #expect(try !packed.restore())
        for end in ["", "-wal", "-shm", ".lock"] { unlink(path + end) }
        #expect(try packed.restore())
    }

    /// Every file of a folder by its name, but for locks and what SQLite keeps beside a database.
    private func contents(of folder: String) throws -> [String: Data] {
        let names = try FileManager.default.contentsOfDirectory(atPath: folder)
            .filter { !$0.hasSuffix(".lock") && !$0.hasSuffix("-shm") && !$0.hasSuffix("-wal") }
        return Dictionary(
            uniqueKeysWithValues: try names.map { name in
                (name, try Data(contentsOf: URL(fileURLWithPath: "\(folder)/\(name)")))
            })
    }
}

/// Runs programs after something else has happened.
private struct Overtaken: CommandRunner {
    let happens: @Sendable () throws -> Void

    func run(_ command: Command, tick: () -> Void) -> CommandOutcome {
        do {
            try happens()
        } catch {
            return .notStarted(reason: "\(error)")
        }
        return SystemCommandRunner().run(command, tick: tick)
    }
}

/// Runs nothing.
private struct Broken: CommandRunner {
    func run(_ command: Command, tick: () -> Void) -> CommandOutcome {
        .notStarted(reason: "not in tests")
    }
}
