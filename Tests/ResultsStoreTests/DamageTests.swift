import Foundation
import GRDB
import Testing

@testable import ResultsStore

/// Files that are not whole, not ours, or not as any program of ours leaves them: an error each, never a crash and never a change.
final class DamageTests {
    private let folder: TemporaryFolder
    private var path: String { folder.file() }

    init() throws { folder = try TemporaryFolder() }

    private func make() throws -> Data {
        do {
            let fixture = try Fixture(path: path)
            for question in 0..<30 { try fixture.save("\(question)", tokens: 40) }
        }
        return try Data(contentsOf: URL(fileURLWithPath: path))
    }

    @Test(arguments: [0, -1, -7, Int(Int32.min)])
    func aVersionThatNeverWasIsRefused(version: Int) throws {
        _ = try make()
        let queue = try DatabaseQueue(path: path)
        try queue.write { try $0.execute(sql: "PRAGMA user_version = \(version)") }
        try queue.close()
        let before = try Data(contentsOf: URL(fileURLWithPath: path))
        let (path, other) = (path, folder.file("b.sqlite"))
        let attempts: [() throws -> Void] = [
            { _ = try ResultsReader(path: path) }, { _ = try ResultsStore(path: path) },
            { _ = try ResultsStore(path: other).merge(from: path) },
            { _ = try ResultsStore(path: other).publish(to: path) },
        ]
        for open in attempts {
            let error = #expect(throws: StoreError.self) { try open() }
            guard case .oddSchema(path, let found) = error else {
                Issue.record("\(String(describing: error))")
                continue
            }
            #expect(found.contains("schema version is \(version)"))
        }
        #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == before)
    }

    /// A version that contradicts the steps taken would be upgraded twice, or never.
    @Test(arguments: [
        "PRAGMA user_version = 1", "DELETE FROM grdb_migrations WHERE identifier = '2'",
        "DELETE FROM grdb_migrations", "DROP TABLE grdb_migrations",
        "INSERT INTO grdb_migrations VALUES ('9')",
    ])
    func marksThatContradictEachOtherAreRefused(change: String) throws {
        _ = try make()
        let queue = try DatabaseQueue(path: path)
        try queue.write { try $0.execute(sql: change) }
        try queue.close()
        let path = path
        let attempts: [() throws -> Void] = [
            { _ = try ResultsReader(path: path) }, { _ = try ResultsStore(path: path) },
        ]
        for open in attempts {
            let error = #expect(throws: StoreError.self) { try open() }
            guard case .oddSchema? = error else {
                Issue.record("\(String(describing: error))")
                continue
            }
        }
    }

    @Test func nothingStoredYetIsSaidSo() throws {
        #expect(FileManager.default.createFile(atPath: path, contents: nil))
        #expect(throws: StoreError.nothingYet(path: path)) { try ResultsReader(path: path) }
        #expect(throws: StoreError.nothingYet(path: path)) {
            try ResultsStore(path: folder.file("b.sqlite")).merge(from: path)
        }
        #expect(try ResultsStore(path: path).reader.experiments().isEmpty)
    }

    @Test func aFileCutAnywhereIsAnErrorOrAProblem() throws {
        let whole = try make()
        let lengths =
            [2, 15, 16, 99, 100, 511, 512, 1000, 4095]
            + Array(
                stride(from: 4096, to: whole.count, by: max(4096, whole.count / 37)))
            + [whole.count - 4096, whole.count - 1]
        for length in lengths {
            let cut = folder.file("cut.sqlite")
            try whole.prefix(length).write(to: URL(fileURLWithPath: cut))
            do {
                let report = try ResultsReader(path: cut).check()
                #expect(!report.problems.isEmpty, "\(length) of \(whole.count)")
            } catch {
                switch error {
                case .corrupt(cut, _), .notADatabase(cut): break
                default: Issue.record("\(length): \(error)")
                }
            }
        }
    }

    @Test func damagedPagesAreAnErrorOrAProblem() throws {
        let whole = try make()
        for page in 1..<(whole.count / 4096) {
            var bad = whole
            for byte in 0..<64 { bad[page * 4096 + byte] = UInt8(truncatingIfNeeded: 37 &* byte) }
            let path = folder.file("bad.sqlite")
            try bad.write(to: URL(fileURLWithPath: path))
            do {
                let report = try ResultsReader(path: path).check()
                #expect(!report.problems.isEmpty, "page \(page)")
            } catch {
                guard case .corrupt(path, _) = error else {
                    Issue.record("page \(page): \(error)")
                    continue
                }
            }
        }
    }

    /// Of two files the damaged one is named.
    @Test func aMergeNamesTheDamagedFile() throws {
        let whole = try make()
        let bad = folder.file("bad.sqlite")
        var bytes = whole
        for page in 1..<(whole.count / 4096) {
            for byte in 0..<64 { bytes[page * 4096 + byte] = 0xee }
        }
        try bytes.write(to: URL(fileURLWithPath: bad))
        let error = #expect(throws: StoreError.self) {
            try ResultsStore(path: path).merge(from: bad)
        }
        guard case .corrupt(bad, _)? = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(try ResultsReader(path: path).check().problems == [])
    }

    /// The log's index grows by a write of its own, whose failure SQLite does not call a full disk.
    @Test(arguments: [ResultCode.SQLITE_FULL, .SQLITE_IOERR_SHMSIZE])
    func aFullDiskIsToldWhateverFindsItFull(code: ResultCode) {
        #expect(
            StoreError(DatabaseError(resultCode: code), path: "a.sqlite") == .full(path: "a.sqlite")
        )
    }
}
