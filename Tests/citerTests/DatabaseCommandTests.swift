import Foundation
import GRDB
import ResultsStore
import SweepSupport
import TestSupport
import Testing

/// `citer db` and `--db` with what is not a database of ours: exit statuses and messages.
struct DatabaseCommandTests {
    /// A packed database is all that a fresh clone has: reports are made of it, and it can be packed again.
    @Test func aPackedDatabaseStandsForALiveOne() throws {
        try SweepFixture.with { fixture in
            #expect(try fixture.citer("sweep", "experiments/tiny.yaml").status == 0)
            let report = try fixture.citer("report", "tiny")
            let pack = try fixture.citer("db", "pack", "results/tiny.sqlite")
            #expect(pack.status == 0, "\(pack.messages)")
            let live = fixture.root + "/results/tiny.sqlite"
            for name in ["", "-wal", "-shm", ".lock"] {
                try? FileManager.default.removeItem(atPath: live + name)
            }
            let again = try fixture.citer("report", "tiny")
            #expect(again.status == 0 && again.output == report.output)
            #expect(again.messages.contains("unpacked"))
            #expect(try fixture.citer("db", "check", "results/tiny.sqlite").status == 0)
            #expect(try fixture.citer("db", "pack", "results/tiny.sqlite").status == 0)
            let places = try fixture.count(
                "SELECT count(*) FROM attempt WHERE environment LIKE '%\"/%'", in: "tiny")
            #expect(places == 0)
            // A live database is never replaced.
            let over = try fixture.citer("db", "unpack", "results/tiny/answers.sqlite.zst")
            #expect(over.status == 2 && over.messages.contains("never replaces"))
            #expect(!over.messages.contains("contradiction"))
            let other = try fixture.citer(
                "db", "unpack", "results/tiny/answers.sqlite.zst", "--to", "other.sqlite")
            #expect(other.status == 0)
            #expect(
                try fixture.citer("report", "tiny", "--db", "other.sqlite").output == report.output)
        }
    }

    /// Logs of other harnesses: a file or two a cell, the same bytes each time; what is not understood is refused by name.
    @Test func exportsLogsOfOtherHarnesses() throws {
        try SweepFixture.with { fixture in
            try fixture.run("tiny", set: ["task.limit=2"])
            func files(_ format: String, _ folder: String) throws -> [String: Data] {
                let result = try fixture.citer(
                    "db", "export", "tiny", "--format", format, "--output", folder)
                #expect(result.status == 0 && result.output.isEmpty, "\(result.messages)")
                let root = "\(fixture.root)/\(folder)"
                let names = try FileManager.default.subpathsOfDirectory(atPath: root)
                    .filter { $0.hasSuffix(".json") || $0.hasSuffix(".jsonl") }
                for name in names { #expect(result.messages.contains("wrote \(folder)/\(name)")) }
                return Dictionary(
                    uniqueKeysWithValues: try names.map { name in
                        (name, try Data(contentsOf: URL(fileURLWithPath: "\(root)/\(name)")))
                    })
            }
            let cells = try fixture.count(
                """
                SELECT count(*) FROM cell JOIN experiment ON experiment.id = cell.experiment
                WHERE experiment.name = 'tiny'
                """, in: "tiny")
            let logs = try files("inspect", "one")
            #expect(logs.count == cells)
            #expect(logs.keys.allSatisfy { $0.hasPrefix("tiny/inspect/") })
            let harness = try files("lm-eval", "two")
            #expect(harness.count == 2 * cells)
            #expect(try files("inspect", "three") == logs)
            #expect(try files("lm-eval", "four") == harness)
            for (words, message) in [
                (["--format", "eval"], "'lm-eval' or 'inspect'"),
                (["--to", "inspect", "--content", "decisions"], "--content decisions"),
                (["--to", "csv", "--output", "F"], "--output is where"),
                (["--output", "F"], "--output is where"),
            ] {
                let result = try CiterCommand(
                    ["db", "export", "tiny"] + words, in: fixture.root,
                    environment: fixture.tiny.environment
                ).finish()
                #expect(result.status == 2 && result.messages.contains(message))
            }
        }
    }

    @Test func whatCannotBePackedOrUnpackedIsNamed() throws {
        try SweepFixture.with { fixture in
            try Data("no zstd".utf8).write(
                to: URL(fileURLWithPath: fixture.root + "/bad.sqlite.zst"))
            // Zstandard's frame, by the program itself: of something else than a database.
            try fixture.tiny.write(
                String(repeating: "no database, but long enough for one\n", count: 40), to: "text")
            let zstd = try CiterCommand(
                ["zstd", "-q", "text", "-o", "text.sqlite.zst"], in: fixture.root,
                program: "/usr/bin/env"
            ).finish()
            #expect(zstd.status == 0, "\(zstd.messages)")
            try fixture.tiny.write("", to: "empty.sqlite.zst")
            try FileManager.default.createDirectory(
                atPath: fixture.root + "/folder.sqlite.zst", withIntermediateDirectories: true)
            let cases: [(words: [String], message: String)] = [
                (["pack", "none.sqlite"], "no such results database"),
                (["unpack", "none.sqlite.zst"], "no such packed database"),
                (["unpack", "experiments/tiny.yaml"], "ends in .zst"),
                (["unpack", "bad.sqlite.zst"], "bad.sqlite.zst: not a packed database"),
                (["unpack", "empty.sqlite.zst"], "empty.sqlite.zst: not a packed database"),
                (["unpack", "folder.sqlite.zst"], "a folder"),
                (["unpack", "text.sqlite.zst"], "text.sqlite.zst: not an SQLite database"),
            ]
            for (words, message) in cases {
                let result = try fixture.citer("db", words[0], words[1])
                #expect(
                    result.status == 2 && result.messages.contains(message), "\(result.messages)")
                #expect(!result.messages.contains(".part"), "\(result.messages)")
            }
            for name in ["bad", "empty", "text", "folder"] {
                #expect(!FileManager.default.fileExists(atPath: "\(fixture.root)/\(name).sqlite"))
            }
        }
    }

    @Test func whatIsNoDatabaseIsNamed() throws {
        try SweepFixture.with { fixture in
            try fixture.run("a", set: ["task.limit=1"])
            let whole = try Data(contentsOf: URL(fileURLWithPath: fixture.path("a")))
            func file(_ name: String, _ data: Data) throws -> String {
                try data.write(to: URL(fileURLWithPath: "\(fixture.root)/\(name)"))
                return name
            }
            func marked(_ name: String, version: Int) throws -> String {
                let queue = try DatabaseQueue(path: fixture.root + "/" + file(name, whole))
                try queue.write { try $0.execute(sql: "PRAGMA user_version = \(version)") }
                return name
            }
            let cases: [(path: String, status: Int32, words: String)] = [
                ("none.sqlite", 2, "no such results database"),
                ("results", 2, "a folder"), (".", 2, "a folder"), ("/dev/null", 2, "a device"),
                (try file("empty.sqlite", Data()), 2, "no run has stored anything"),
                (try file("text", Data("some text\n".utf8)), 2, "not an SQLite database"),
                (try file("long", Data(repeating: 65, count: 9000)), 2, "not an SQLite"),
                (try marked("zero.sqlite", version: 0), 2, "schema version is 0"),
                (try marked("less.sqlite", version: -4), 2, "schema version is -4"),
                (try marked("newer.sqlite", version: 50), 2, "use a newer citer"),
                (try file("cut.sqlite", whole.prefix(whole.count / 2)), 1, "cut.sqlite: damaged"),
                (try file("torn.sqlite", whole.dropLast()), 1, "the file is cut"),
            ]
            for (path, status, words) in cases {
                let check = try fixture.citer("db", "check", path)
                #expect(check.status == status && !check.signalled, "\(path)")
                #expect(
                    (check.messages + check.output).contains(words),
                    "\(path): \(check.messages)\(check.output)")
                for command in [
                    ["report", "tiny", "--db", path], ["db", "export", "tiny", "--db", path],
                    ["db", "merge", "new.sqlite", path],
                ] where status == 2 {
                    let result = try CiterCommand(
                        command, in: fixture.root, environment: fixture.tiny.environment
                    ).finish()
                    #expect(result.status == 2 && !result.signalled, "\(command)")
                }
            }
            // What can't be merged leaves nothing behind.
            #expect(!FileManager.default.fileExists(atPath: fixture.root + "/new.sqlite"))
            let folder = try fixture.citer("sweep", "experiments/tiny.yaml", "--db", "results")
            #expect(folder.status == 2 && folder.messages.contains("a folder"))
        }
    }

    /// Damage that only reading everything finds: no empty database is left behind, and one that was there stays, empty or not.
    @Test func aMergeThatFailsLeavesNoEmptyDatabase() throws {
        try SweepFixture.with { fixture in
            try fixture.run("whole", set: ["task.limit=1"])
            try fixture.run("damaged", set: ["task.limit=2"])
            let path = fixture.path("damaged")
            do {
                let queue = try DatabaseQueue(path: path)
                let (page, size) = try queue.writeWithoutTransaction { db in
                    try db.execute(sql: "PRAGMA wal_checkpoint(TRUNCATE)")
                    return (
                        try Int.fetchOne(
                            db, sql: "SELECT rootpage FROM sqlite_schema WHERE name = 'decision'"),
                        try Int.fetchOne(db, sql: "PRAGMA page_size")
                    )
                }
                try queue.close()
                let length = try #require(size)
                let file = try #require(FileHandle(forUpdatingAtPath: path))
                try file.seek(toOffset: UInt64((try #require(page) - 1) * length))
                try file.write(contentsOf: Data(repeating: 255, count: length))
                try file.close()
            }
            func merge(_ target: String, _ sources: String...) throws -> CiterCommand.Result {
                try fixture.citer(
                    ["db", "merge", target] + sources.map { "results/\($0).sqlite" })
            }
            let fresh = try merge("fresh.sqlite", "damaged")
            #expect(fresh.status == 1 && fresh.messages.contains("damaged.sqlite: damaged"))
            for name in ["fresh.sqlite", "fresh.sqlite-wal", "fresh.sqlite-shm"] {
                #expect(!FileManager.default.fileExists(atPath: "\(fixture.root)/\(name)"))
            }
            // What the first one gave is kept.
            #expect(try merge("both.sqlite", "whole", "damaged").status == 1)
            let both = try fixture.citer("db", "check", "both.sqlite")
            #expect(both.status == 0 && !both.output.contains("\n0 answers"))
            #expect(!both.output.hasPrefix("0 answers"))
            try ResultsStore(path: fixture.root + "/own.sqlite").close()
            #expect(try merge("own.sqlite", "damaged").status == 1)
            #expect(FileManager.default.fileExists(atPath: fixture.root + "/own.sqlite"))
        }
    }

    @Test func mergesThatMakeNoSenseAreRefused() throws {
        try SweepFixture.with { fixture in
            try fixture.run("a", set: ["task.limit=1"])
            try FileManager.default.createSymbolicLink(
                atPath: fixture.path("link"), withDestinationPath: "a.sqlite")
            do {
                let other = try ResultsStore(path: fixture.path("other"))
                _ = try other.register(ExperimentRecord(name: "other", spec: ""))
            }
            let before = try fixture.rows("a")
            for (source, words) in [
                ("a", "are one file"), ("link", "are one file"),
                ("other", "holds the experiment other"),
            ] {
                let result = try fixture.citer(
                    "db", "merge", "results/a.sqlite", "results/\(source).sqlite")
                #expect(result.status == 2, "\(source)")
                #expect(result.messages.contains(words), "\(result.messages)")
            }
            #expect(try fixture.rows("a") == before)
        }
    }

    /// Where nothing can be written, a packed database is read all the same, and what was unpacked for it is gone afterwards.
    @Test(.enabled(if: SweepCommandTests.canMount, "this system lets users mount nothing"))
    func aPackedDatabaseIsReadWhereNothingCanBeWritten() throws {
        try SweepFixture.with { fixture in
            try fixture.run("tiny", set: ["task.limit=1", "policies=[slm, llm]"])
            #expect(try fixture.citer("db", "pack", "results/tiny.sqlite").status == 0)
            let shown = try fixture.citer("show", "tiny", "llm", "0")
            #expect(shown.status == 0)
            for end in ["", "-wal", "-shm", ".lock"] {
                unlink(fixture.root + "/results/tiny.sqlite" + end)
            }
            let script = """
                mount --bind results results && mount -o remount,bind,ro results || exit 99
                mkdir temporary && export TMPDIR=$PWD/temporary
                "$0" report tiny --output pages >/dev/null || exit 98
                "$0" show tiny llm 0 || exit 97
                "$0" show tiny llm none && exit 96
                "$0" show other llm 0 && exit 95
                ls temporary
                """
            let result = try CiterCommand(
                ["-rm", "sh", "-c", script, CiterCommand.path], in: fixture.root,
                environment: fixture.tiny.environment, program: "/usr/bin/unshare"
            ).finish()
            #expect(result.status == 0, "\(result.messages)")
            #expect(result.output == shown.output)
            #expect(!FileManager.default.fileExists(atPath: fixture.path("tiny")))
        }
    }

    /// A folder that can't be written: an error that names it, and a reader that reads all the same.
    @Test(.enabled(if: SweepCommandTests.canMount, "this system lets users mount nothing"))
    func aReadOnlyPlaceIsNamed() throws {
        try SweepFixture.with { fixture in
            try fixture.run("tiny", set: ["task.limit=1"])
            let script = """
                mount --bind results results && mount -o remount,bind,ro results || exit 99
                "$0" db check results/tiny.sqlite || exit 98
                "$0" sweep experiments/tiny.yaml && exit 97
                "$0" sweep experiments/tiny.yaml --scratch scratch && exit 96
                "$0" db merge results/new.sqlite results/tiny.sqlite && exit 95
                exit 0
                """
            let result = try CiterCommand(
                ["-rm", "sh", "-c", script, CiterCommand.path], in: fixture.root,
                environment: fixture.tiny.environment, program: "/usr/bin/unshare"
            ).finish()
            #expect(result.status == 0, "\(result.messages)")
            let complaints = result.messages.split(whereSeparator: \.isNewline).filter {
                $0.contains("Read-only file system")
            }
            #expect(complaints.count == 3, "\(result.messages)")
            #expect(!result.messages.contains("answers to go"))
        }
    }
}
