import Foundation
import GRDB
import Testing

@testable import ResultsStore

/// One file is one database, whatever its names; and where it goes while it is written.
final class PlaceTests {
    private let folder: TemporaryFolder
    private var path: String { folder.file() }

    init() throws { folder = try TemporaryFolder() }

    private func isLocked(_ name: String) -> Bool {
        do {
            _ = try ResultsStore(path: folder.file(name))
            return false
        } catch StoreError.locked(let path, _?) {
            return path == self.path
        } catch {
            return false
        }
    }

    @Test func everyNameOfADatabaseHasOneLock() throws {
        let files = FileManager.default
        try files.createDirectory(atPath: folder.file("sub"), withIntermediateDirectories: true)
        let links = [
            ("link", "a.sqlite"), ("sub/up", "../a.sqlite"), ("full", path), ("chain", "link"),
            ("folder", "."), ("sub/here", folder.path),
        ]
        for (name, target) in links {
            try files.createSymbolicLink(
                atPath: folder.file(name), withDestinationPath: target)
        }
        let store = try ResultsStore(path: path)
        #expect(link(path, folder.file("0hard")) == 0)
        for name in [
            "a.sqlite", "./a.sqlite", "sub/../a.sqlite", "link", "sub/up", "full", "chain",
            "folder/a.sqlite", "sub/here/link", "0hard",
        ] {
            #expect(isLocked(name), "\(name)")
        }
        withExtendedLifetime(store) {}
    }

    /// A link to what is not there yet makes its target, as SQLite does, under the target's lock.
    @Test func aDanglingLinkMakesItsTarget() throws {
        try FileManager.default.createSymbolicLink(
            atPath: folder.file("link"), withDestinationPath: "new/b.sqlite")
        let store = try ResultsStore(path: folder.file("link"))
        #expect(store.path == folder.file("new/b.sqlite"))
        #expect(FileManager.default.fileExists(atPath: store.path + ".lock"))
        #expect(throws: StoreError.self) { try ResultsStore(path: folder.file("new/b.sqlite")) }
    }

    @Test func aRingOfLinksIsAnError() throws {
        for (name, target) in [("x", "y"), ("y", "x")] {
            try FileManager.default.createSymbolicLink(
                atPath: folder.file(name), withDestinationPath: target)
        }
        #expect(throws: StoreError.self) { try ResultsStore(path: folder.file("x")) }
        #expect(throws: StoreError.self) { try ResultsReader(path: folder.file("x")) }
    }

    /// A log lies beside one name; by any other name it must be found.
    @Test func hardLinksShareWhatAKilledRunLeft() throws {
        let fixture = try Fixture(path: folder.file("alive.sqlite"))
        for question in 1...3 { try fixture.save("\(question)") }
        for end in ["", "-wal"] {
            try FileManager.default.copyItem(
                atPath: fixture.store.path + end, toPath: folder.file("z.sqlite") + end)
        }
        #expect(link(folder.file("z.sqlite"), folder.file("b.sqlite")) == 0)
        var reader: ResultsReader? = try ResultsReader(path: folder.file("b.sqlite"))
        #expect(try reader?.finishedQuestions(of: RowID(1)).count == 3)
        // The log is not appended to, so it must be emptied first, which waits for readers.
        let busy = StoreError.busy(path: folder.file("z.sqlite"))
        #expect(throws: busy) { try ResultsStore(path: folder.file("b.sqlite")) }
        reader = nil
        let store = try ResultsStore(path: folder.file("b.sqlite"))
        #expect(store.path == folder.file("z.sqlite"))
        #expect(try store.reader.finishedQuestions(of: RowID(1)).count == 3)
    }

    @Test func aFileWhoseOtherNamesAreUnknownIsNotWritten() throws {
        _ = try Fixture(path: path)
        try FileManager.default.createDirectory(
            atPath: folder.file("far"), withIntermediateDirectories: true)
        #expect(link(path, folder.file("far/other.sqlite")) == 0)
        #expect(throws: StoreError.severalNames(path: path, count: 2)) {
            try ResultsStore(path: path)
        }
        #expect(try ResultsReader(path: path).experiments().count == 1)
    }

    @Test func foldersAndDevicesAreNamedAsSuch() throws {
        let found = StoreError.notAFile(path: folder.path, found: "a folder")
        #expect(throws: found) { try ResultsStore(path: folder.path) }
        #expect(throws: found) { try ResultsReader(path: folder.path) }
        #expect(throws: found) { try ResultsReader(path: folder.path + "/") }
        #expect(throws: found) { try LabelStore(path: folder.path) }
        #expect(throws: StoreError.self) { try ResultsStore(path: "/dev/null") }
        #expect(throws: StoreError.self) { try ResultsReader(path: "/dev/null") }
        #expect(mkfifo(folder.file("pipe"), 0o600) == 0)
        #expect(throws: StoreError.self) { try ResultsReader(path: folder.file("pipe")) }
        #expect(found.description.contains("a folder"))
        #expect(!FileManager.default.fileExists(atPath: folder.path + ".lock"))
    }

    @Test func aLockThatCannotBeHadIsNamed() throws {
        try FileManager.default.createDirectory(
            atPath: path + ".lock", withIntermediateDirectories: true)
        let error = #expect(throws: StoreError.self) { try ResultsStore(path: path) }
        #expect(error?.description.contains("a.sqlite.lock") == true)
        #expect(!FileManager.default.fileExists(atPath: path))
    }

    /// Only who may not write into a folder can tell; root may.
    @Test(.enabled(if: geteuid() != 0, "root ignores permissions"))
    func anotherUsersLockFileStillLocks() throws {
        #expect(FileManager.default.createFile(atPath: path + ".lock", contents: nil))
        chmod(path + ".lock", 0o444)
        let store = try ResultsStore(path: path)
        #expect(throws: StoreError.locked(path: path, holder: nil)) {
            try ResultsStore(path: path)
        }
        withExtendedLifetime(store) {}
    }

    /// The lock is the file that has its name now, not one that was removed.
    @Test func aRemovedLockFileIsMadeAnew() throws {
        let first = try WriterLock(database: path)
        unlink(path + ".lock")
        let second = try WriterLock(database: path)
        #expect(throws: StoreError.self) { try WriterLock(database: path) }
        withExtendedLifetime((first, second)) {}
    }

    /// A publisher is soon done: it is waited for, and a sweep is not.
    @Test func briefHoldersAreWaitedFor() async throws {
        var brief: WriterLock? = try WriterLock(database: path, isBrief: true)
        #expect(throws: StoreError.self) {
            try WriterLock(database: path, patience: .milliseconds(50))
        }
        let database = path
        let waiting = Task.detached {
            try WriterLock(database: database, patience: .seconds(600))
        }
        try await Task.sleep(for: .milliseconds(100))
        withExtendedLifetime(brief) {}
        brief = nil
        let held = try await waiting.value
        let begin = ContinuousClock.now
        #expect(throws: StoreError.self) { try WriterLock(database: path) }
        #expect(ContinuousClock.now - begin < .seconds(10))
        withExtendedLifetime(held) {}
    }

    // MARK: Deleted or replaced while it is written

    enum Change: CaseIterable { case deleted, deletedWithLog, replaced, folderDeleted, folderMoved }

    @Test(arguments: Change.allCases)
    func aFileThatIsGoneIsNoticedAndSaved(change: Change) throws {
        let path = folder.file("results/a.sqlite")
        let fixture = try Fixture(path: path)
        try fixture.save("1")
        let files = FileManager.default
        switch change {
        case .deleted: unlink(path)
        case .deletedWithLog: for end in ["", "-wal", "-shm", ".lock"] { unlink(path + end) }
        case .replaced:
            try Fixture(path: folder.file("b.sqlite")).save("other")
            #expect(rename(folder.file("b.sqlite"), path) == 0)
        case .folderDeleted: try files.removeItem(atPath: folder.file("results"))
        case .folderMoved:
            #expect(rename(folder.file("results"), folder.file("elsewhere")) == 0)
        }
        let error = #expect(throws: StoreError.self) { try fixture.save("2") }
        guard case .replaced(path, let saved?) = error else {
            Issue.record("expected a rescue, got \(String(describing: error))")
            return
        }
        // The answer that was being stored is saved, too.
        let reader = try ResultsReader(path: saved)
        #expect(try reader.check().problems == [])
        #expect(try reader.finishedQuestions(of: RowID(1)) == ["1", "2"])
        #expect(error?.description.contains(saved) == true)
        // Once is enough.
        #expect(throws: StoreError.replaced(path: path, saved: saved)) {
            try fixture.store.endAttempt(fixture.attempt, .failed(reason: "gone"))
        }
        if change == .replaced {
            // The new file is spared the old one's log.
            let other = try ResultsReader(path: path)
            #expect(try other.check().problems == [])
            #expect(try other.finishedQuestions(of: RowID(1)) == ["other"])
        }
        try fixture.store.close()
        if change == .replaced {
            #expect(try ResultsStore(path: folder.file("copy")).merge(from: path).samples == 1)
        }
    }
}
