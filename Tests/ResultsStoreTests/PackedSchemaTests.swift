import Foundation
import GRDB
import Testing

@testable import ResultsStore

struct PackedSchemaTests {
    /// A packed database is read by programs that came later: it is brought to their schema as it is unpacked, and the packed file stays as it was.
    @Test func anOlderSchemaIsUpgraded() throws {
        let folder = try TemporaryFolder()
        let path = folder.file("old.sqlite")
        try Fixture(path: path).save("1")
        try DatabaseQueue(path: path).write {
            try $0.execute(
                sql: """
                    DROP VIEW curve;
                    ALTER TABLE cell DROP COLUMN asked;
                    CREATE VIEW curve AS SELECT cell FROM sample;
                    ALTER TABLE model DROP COLUMN server;
                    DROP TABLE server_probe;
                    DROP TABLE traffic;
                    \(Schema4.curve)
                    DELETE FROM grdb_migrations WHERE identifier IN ('5', '6');
                    PRAGMA user_version = 4;
                    """)
        }
        let packed = PackedDatabase(of: path).with(path: folder.file("old.zst"))
        try packed.pack()
        let before = try Data(contentsOf: URL(fileURLWithPath: packed.path))
        let target = folder.file("new.sqlite")
        try packed.with(database: target).unpack()
        let reader = try ResultsReader(path: target)
        #expect(try reader.check().problems == [])
        let experiment = try #require(reader.experiments().first)
        #expect(try reader.curve(of: experiment.id).map(\.n) == [1])
        #expect(try Data(contentsOf: URL(fileURLWithPath: packed.path)) == before)
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
        #expect(names.allSatisfy { !$0.contains(".part") }, "\(names)")
    }
}

struct UnpackingTests {
    /// A log that was left by a database which is no more would be replayed into the one that takes its place.
    @Test(arguments: ["-wal", "-journal"])
    func aLogOfAnotherFileIsNotReplayed(end: String) throws {
        let folder = try TemporaryFolder()
        let path = folder.file("old.sqlite")
        do { try Fixture(path: path).save("1") }
        let packed = PackedDatabase(of: path).with(path: folder.file("old.zst"))
        try packed.pack()
        let fixture = try Fixture(path: path)
        for question in 2...20 { try fixture.save("\(question)") }
        let target = folder.file("new.sqlite")
        try FileManager.default.copyItem(atPath: path + "-wal", toPath: target + end)
        try packed.with(database: target).unpack()
        let reader = try ResultsReader(path: target)
        #expect(try reader.check().problems == [])
        #expect(try reader.finishedQuestions(of: RowID(1)) == ["1"])
        #expect(!FileManager.default.fileExists(atPath: target + end))
    }
}
