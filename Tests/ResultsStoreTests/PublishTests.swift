import Foundation
import GRDB
import Simulation
import Testing

@testable import ResultsStore

/// Publishing: a database is written in one place, and brought to another.
final class PublishTests {
    private let folder: TemporaryFolder
    private var work: String { folder.file("work.sqlite") }
    private var place: String { folder.file("place.sqlite") }

    init() throws { folder = try TemporaryFolder() }

    /// What lies beside a file, without its lock.
    private func company(of path: String) throws -> [String] {
        let name = (path as NSString).lastPathComponent
        return try FileManager.default.contentsOfDirectory(atPath: folder.path)
            .filter { $0.hasPrefix(name) && $0 != name && $0 != name + ".lock" }
    }

    private func questions(_ path: String) throws -> Set<String> {
        let reader = try ResultsReader(path: path)
        #expect(try reader.check().problems == [])
        return try reader.finishedQuestions(of: RowID(1))
    }

    /// A store at `path` that a kill cuts short: its files as they are while it is open, its log included.
    private func killed(at path: String, _ questions: String...) throws {
        let fixture = try Fixture(path: folder.file("alive.sqlite"))
        for question in questions { try fixture.save(question) }
        for end in ["", "-wal", "-shm"] {
            unlink(path + end)
            try FileManager.default.copyItem(atPath: fixture.store.path + end, toPath: path + end)
        }
        #expect(try SideFile.log.hasContent(beside: path))
        try fixture.store.close()
        for end in ["", "-wal", "-shm"] {
            try? FileManager.default.removeItem(atPath: fixture.store.path + end)
        }
    }

    @Test func theCopyIsWholeAndAlone() throws {
        let fixture = try Fixture(path: work)
        try fixture.save("1")
        let first = try fixture.store.publish(to: place)
        #expect(try questions(place) == ["1"])
        #expect(try company(of: place) == [])
        try fixture.save("2")
        _ = try fixture.store.publish(to: place, since: first)
        #expect(try questions(place) == ["1", "2"])
        #expect(try company(of: place) == [])
    }

    /// What a killed run has left in its log is recovered and kept, and never replayed into the new file.
    @Test func theLogOfAKilledRunIsMergedAndGone() throws {
        try killed(at: place, "1", "2", "3")
        let fixture = try Fixture(path: work)
        try fixture.save("4")
        _ = try fixture.store.publish(to: place)
        #expect(try company(of: place) == [])
        for _ in 0..<2 {
            #expect(try questions(place) == ["1", "2", "3", "4"])
            // A writer would replay what is left.
            #expect(try ResultsStore(path: place).reader.check().problems == [])
        }
        #expect(
            try fixture.store.reader.finishedQuestions(of: fixture.cell) == ["1", "2", "3", "4"])
    }

    /// The same where another program keeps the file open, so that SQLite itself leaves its log there.
    @Test(arguments: [false, true])
    func programsThatHaveItOpenKeepWhatTheySee(isReading: Bool) throws {
        try killed(at: place, "1", "2")
        let other = try DatabaseQueue(path: place)
        #expect(try other.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM sample") } == 2)
        let reader = isReading ? try ResultsReader(path: place) : nil
        let fixture = try Fixture(path: work)
        try fixture.save("3")
        if isReading {
            // The log can't be emptied under a reader of the state before; nothing is lost, and later it goes.
            #expect(throws: StoreError.busy(path: place)) {
                try fixture.store.publish(to: place, readers: .milliseconds(200))
            }
            #expect(try reader?.finishedQuestions(of: RowID(1)) == ["1", "2"])
            return
        }
        _ = try fixture.store.publish(to: place)
        #expect(try company(of: place) == [])
        #expect(try questions(place) == ["1", "2", "3"])
        let direct = try Fixture(path: place)
        try direct.save("4")
        // It goes on with the old file, and its end takes nothing of the new one away.
        #expect(try other.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM sample") } != nil)
        try other.close()
        try direct.store.close()
        #expect(try questions(place) == ["1", "2", "3", "4"])
    }

    /// A transaction that a kill has cut short in a file without a write-ahead log.
    @Test func anUnfinishedTransactionIsTakenBack() throws {
        do {
            let fixture = try Fixture(path: work)
            for question in 1...40 { try fixture.save("\(question)", tokens: 60) }
            _ = try fixture.store.publish(to: folder.file("alive"))
        }
        let writer = try DatabaseQueue(path: folder.file("alive"))
        try writer.writeWithoutTransaction { db in
            try db.execute(sql: "PRAGMA cache_size = 2")
            try db.inTransaction {
                try db.execute(sql: "UPDATE decision SET score = 1")
                for end in ["", "-journal"] {
                    try FileManager.default.copyItem(
                        atPath: folder.file("alive") + end, toPath: place + end)
                }
                return .rollback
            }
        }
        #expect(try SideFile.journal.hasContent(beside: place))
        let copy = folder.file("read.sqlite")
        for end in ["", "-journal"] {
            try FileManager.default.copyItem(atPath: place + end, toPath: copy + end)
        }
        let scores = "SELECT count(*) FROM decision WHERE score = 1"
        #expect(try ResultsReader(path: copy).query(scores).rows == [[.integer(0)]])

        let other = try Fixture(path: folder.file("other.sqlite"))
        try other.save("41")
        _ = try other.store.publish(to: place)
        #expect(try company(of: place) == [])
        #expect(try questions(place).count == 41)
        #expect(try ResultsReader(path: place).query(scores).rows == [[.integer(0)]])
    }

    /// Logs whose file is gone belong to nothing.
    @Test(arguments: ["-wal", "-journal"])
    func aLogWithoutItsFileIsNotReplayed(end: String) throws {
        try killed(at: place, "1")
        try FileManager.default.removeItem(atPath: place)
        if end != "-wal" { #expect(rename(place + "-wal", place + end) == 0) }
        let fixture = try Fixture(path: work)
        try fixture.save("2")
        _ = try fixture.store.publish(to: place)
        #expect(try company(of: place) == [])
        #expect(try questions(place) == ["2"])
    }

    @Test func severalPublishersLoseNothing() throws {
        let stores = try (1...3).map { try Fixture(path: folder.file("work\($0).sqlite")) }
        var known = try stores.map { try $0.store.takeOver(place) }
        for (index, fixture) in stores.enumerated() { try fixture.save("\(index)") }
        for round in 1...2 {
            for (index, fixture) in stores.enumerated() {
                try fixture.save("\(round) \(index)")
                known[index] = try fixture.store.publish(to: place, since: known[index])
            }
        }
        #expect(
            try questions(place) == [
                "0", "1", "2", "1 0", "1 1", "1 2", "2 0", "2 1", "2 2",
            ])
    }

    /// Only what has not changed since is left unread.
    @Test func whatOthersAddInPlaceIsTakenOver() throws {
        let fixture = try Fixture(path: work)
        try fixture.save("1")
        let known = try fixture.store.publish(to: place)
        try Fixture(path: place).save("2")
        _ = try fixture.store.publish(to: place, since: known)
        #expect(try questions(place) == ["1", "2"])
        // Deleted meanwhile: it comes back.
        try FileManager.default.removeItem(atPath: place)
        _ = try fixture.store.publish(to: place, since: known)
        #expect(try questions(place) == ["1", "2"])
    }

    @Test func aPlaceThatIsBeingWrittenIsRefusedByItsHoldersName() throws {
        let writer = try Fixture(path: place)
        let fixture = try Fixture(path: work)
        try fixture.save("1")
        for path in [place, folder.path + "/./place.sqlite"] {
            let error = #expect(throws: StoreError.self) {
                try fixture.store.publish(to: path, patience: .zero)
            }
            guard case .locked(let named, let holder?) = error else {
                Issue.record("expected a lock, got \(String(describing: error))")
                return
            }
            #expect(named == place && holder.pid == Int(getpid()))
            #expect(throws: StoreError.self) { try fixture.store.takeOver(path) }
        }
        try writer.save("2")
        #expect(try writer.store.reader.check().problems == [])
    }

    @Test func itselfIsRefusedUnderAnyName() throws {
        let fixture = try Fixture(path: work)
        try FileManager.default.createSymbolicLink(
            atPath: folder.file("link.sqlite"), withDestinationPath: "work.sqlite")
        try FileManager.default.createSymbolicLink(
            atPath: folder.file("folder"), withDestinationPath: folder.path)
        for name in ["work.sqlite", "link.sqlite", "folder/work.sqlite", "folder/../work.sqlite"] {
            let path = folder.file(name)
            // The folder's parent is reached through the link.
            guard FileManager.default.fileExists(atPath: path) else { continue }
            #expect(throws: StoreError.sameFile(path: path, other: work)) {
                try fixture.store.publish(to: path)
            }
            #expect(throws: StoreError.sameFile(path: path, other: work)) {
                try fixture.store.merge(from: path)
            }
        }
        #expect(link(work, folder.file("hard.sqlite")) == 0)
        #expect(throws: StoreError.self) {
            try fixture.store.publish(to: folder.file("hard.sqlite"))
        }
    }

    /// A link at the place stays a link, and its target is what is written, there or not.
    @Test(arguments: [false, true]) func aLinkIsPublishedThrough(exists: Bool) throws {
        if exists { try Fixture(path: place).save("1") }
        let link = folder.file("link.sqlite")
        try FileManager.default.createSymbolicLink(
            atPath: link, withDestinationPath: "place.sqlite")
        let fixture = try Fixture(path: work)
        try fixture.save("2")
        _ = try fixture.store.publish(to: link)
        #expect(
            try FileManager.default.destinationOfSymbolicLink(atPath: link) == "place.sqlite")
        #expect(try questions(place) == (exists ? ["1", "2"] : ["2"]))
    }

    @Test func whatCannotBeReplacedSafelyIsRefusedAndKept() throws {
        let fixture = try Fixture(path: work)
        try fixture.save("1")
        // A folder.
        #expect(throws: StoreError.notAFile(path: folder.path, found: "a folder")) {
            try fixture.store.publish(to: folder.path)
        }
        // Not a database.
        try "a text that someone needs\n".write(
            toFile: place, atomically: true, encoding: .utf8)
        #expect(throws: StoreError.notADatabase(path: place)) {
            try fixture.store.publish(to: place)
        }
        #expect(try String(contentsOfFile: place, encoding: .utf8).hasPrefix("a text"))
        try FileManager.default.removeItem(atPath: place)
        // Another program's.
        try DatabaseQueue(path: place).write { try $0.execute(sql: "CREATE TABLE precious (a)") }
        #expect(throws: StoreError.notResults(path: place)) {
            try fixture.store.publish(to: place)
        }
        try FileManager.default.removeItem(atPath: place)
        // A newer program's.
        try Fixture(path: place).save("2")
        try DatabaseQueue(path: place).write { try $0.execute(sql: "PRAGMA user_version = 99") }
        #expect(throws: StoreError.newerSchema(path: place, found: 99, supported: 6)) {
            try fixture.store.publish(to: place)
        }
    }

    @Test func anotherExperimentsFileIsRefused() throws {
        let fixture = try Fixture(path: work)
        do {
            let other = try ResultsStore(path: place)
            _ = try other.register(ExperimentRecord(name: "other", spec: ""))
        }
        #expect(
            throws: StoreError.otherExperiment(
                source: place, found: ["other"], expected: ["sums"])
        ) { try fixture.store.publish(to: place) }
        #expect(try ResultsReader(path: place).experiments().map(\.record.name) == ["other"])
    }

    /// An empty file, or one that a run was killed over before it stored anything, is no obstacle.
    @Test func anEmptyFileIsReplaced() throws {
        #expect(FileManager.default.createFile(atPath: place, contents: nil))
        let fixture = try Fixture(path: work)
        try fixture.save("1")
        #expect(try fixture.store.takeOver(place) == nil)
        _ = try fixture.store.publish(to: place)
        #expect(try questions(place) == ["1"])
    }

    @Test func anOlderSchemaIsTakenOver() throws {
        try DatabaseQueue(path: place).write { try $0.execute(sql: frozenSchema1) }
        let store = try ResultsStore(path: work)
        _ = try store.publish(to: place)
        #expect(try ResultsReader(path: place).experiments().map(\.record.name) == ["old"])
        #expect(try company(of: place) == [])
        #expect(try company(of: work).allSatisfy { !$0.contains("upgrade") })
    }

    @Test func permissionsStay() throws {
        try Fixture(path: place).save("1")
        chmod(place, 0o664)
        _ = try Fixture(path: work).store.publish(to: place)
        let mode = try FileManager.default.attributesOfItem(atPath: place)[.posixPermissions]
        #expect(mode as? Int == 0o664)
    }

    /// A reader that opens the file while it is replaced, again and again, sees the old or the new one, whole.
    @Test func readersNeverSeeAMixture() async throws {
        let fixture = try Fixture(path: work)
        try fixture.save("0")
        _ = try fixture.store.publish(to: place)
        let published = place
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                for _ in 0..<60 {
                    let reader = try ResultsReader(path: published)
                    let report = try reader.check()
                    #expect(report.problems == [])
                    #expect(report.decisions == report.samples * 6)
                }
            }
            for question in 1...30 {
                try fixture.save("\(question)")
                // Someone who reads just then may make it wait; that is told, and tried again.
                do { _ = try fixture.store.publish(to: place) } catch StoreError.busy {}
            }
            try await group.waitForAll()
        }
        _ = try fixture.store.publish(to: place)
        #expect(try questions(place).count == 31)
    }

    /// A publisher killed at any moment leaves a whole file, and nothing that a later one trips over.
    @Test(.timeLimit(.minutes(30))) func killedPublishersLoseNothing() async throws {
        try killed(at: place, "first")
        do {
            let fixture = try Fixture(path: work)
            for question in 0..<20 { try fixture.save("\(question)", tokens: 200) }
        }
        for round in 0..<kills {
            await #expect(processExitsWith: .signal(SIGKILL)) {
                [work = work as String, place = place as String] in
                Thread.detachNewThread {
                    usleep(UInt32.random(in: 1_000...60_000))
                    kill(getpid(), SIGKILL)
                }
                let store = try ResultsStore(path: work)
                while true { _ = try store.publish(to: place) }
            }
            let seen = try questions(place)
            #expect(seen.contains("first"), "round \(round)")
            #expect(seen.count == 1 || seen.count == 21)
            // Another direct run is killed there, too, and its log is hot.
            if round.isMultiple(of: 3) {
                try FileManager.default.removeItem(atPath: place)
                try killed(at: place, "first")
            }
        }
        _ = try ResultsStore(path: work).publish(to: place)
        #expect(try questions(place).count == 21)
        #expect(try company(of: place) == [])
    }
}

/// How often each test kills; `CITER_KILLS=100` for a long look.
private let kills = Int(ProcessInfo.processInfo.environment["CITER_KILLS"] ?? "") ?? 15
