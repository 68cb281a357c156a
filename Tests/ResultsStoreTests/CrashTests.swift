import Foundation
import GRDB
import Testing

@testable import ResultsStore

struct CrashTests {
    /// A process that writes as fast as it can is killed at a random moment, many times over the
    /// same file; each time the file must be sound and hold whole answers only.
    @Test(.timeLimit(.minutes(30)))
    func killedWritersLeaveWholeAnswers() async throws {
        let folder = try TemporaryFolder()
        let path = folder.file()
        var seen = 0
        for number in 0..<kills {
            // Some while they open the file, which is most of the time on a busy machine; the others while they write.
            await #expect(processExitsWith: .signal(SIGKILL)) {
                [path = path as String, opensFirst = !number.isMultiple(of: 3) as Bool] in
                func endSoon() {
                    Thread.detachNewThread {
                        usleep(UInt32.random(in: 1_000...120_000))
                        kill(getpid(), SIGKILL)
                    }
                }
                if !opensFirst { endSoon() }
                let fixture = try Fixture(path: path)
                if opensFirst { endSoon() }
                let done = try fixture.store.reader.finishedQuestions(of: fixture.cell)
                for question in (done.count)... {
                    try fixture.save("\(question)", tokens: 50 + question % 300)
                }
            }
            guard FileManager.default.fileExists(atPath: path) else { continue }
            let store = try ResultsStore(path: path)
            let report = try store.reader.check()
            #expect(report.problems == [])
            #expect(report.samples >= seen)
            seen = report.samples
            let names =
                try store.reader.experiments().isEmpty
                ? [] : store.reader.finishedQuestions(of: RowID(1))
            #expect(names == Set((0..<seen).map { "\($0)" }))
            let whole = try store.transaction { db in
                try Int.fetchOne(
                    db,
                    sql: """
                        SELECT count(*) FROM sample
                        WHERE tokens = (SELECT count(*) FROM decision WHERE sample = sample.id)
                        """)
            }
            #expect(whole == seen)
        }
        #expect(seen > 0)
    }

    /// A killed merge has merged nothing or all.
    @Test(.timeLimit(.minutes(30)))
    func killedMergesAreAllOrNothing() async throws {
        let folder = try TemporaryFolder()
        let (source, target) = (folder.file("source.sqlite"), folder.file("target.sqlite"))
        do {
            let fixture = try Fixture(path: source)
            let batch = (0..<200).map { question in
                FinishedQuestion(
                    cell: fixture.cell, sample: sample("\(question)", decisions: decisions(200)),
                    decisions: decisions(200))
            }
            try fixture.store.save(batch, by: fixture.attempt)
        }
        for _ in 0..<kills {
            await #expect(processExitsWith: .signal(SIGKILL)) {
                [source = source as String, target = target as String] in
                Thread.detachNewThread {
                    usleep(UInt32.random(in: 1_000...80_000))
                    kill(getpid(), SIGKILL)
                }
                let store = try ResultsStore(path: target)
                _ = try store.merge(from: source)
                sleep(10)
            }
            let store = try ResultsStore(path: target)
            let report = try store.reader.check()
            #expect(report.problems == [])
            #expect([0, 200].contains(report.samples))
            #expect(report.decisions == report.samples * 200)
        }
        let store = try ResultsStore(path: target)
        _ = try store.merge(from: source)
        #expect(try store.reader.check().samples == 200)
    }

    /// What was finished stays when there is no room for more.
    @Test func fullFileKeepsWhatWasFinished() throws {
        let folder = try TemporaryFolder()
        let fixture = try Fixture(path: folder.file())
        // SQLite reports its own limit on the file's size as it reports a full disk.
        try fixture.store.queue.writeWithoutTransaction { db in
            try db.execute(sql: "PRAGMA max_page_count = 60")
        }
        var saved = 0
        let error = #expect(throws: StoreError.self) {
            while true {
                try fixture.save("\(saved)", tokens: 200)
                saved += 1
            }
        }
        #expect(error == .full(path: folder.file()))
        #expect(saved > 0)
        let report = try fixture.store.reader.check()
        #expect(report == CheckReport(problems: [], samples: saved, decisions: saved * 200))
    }

    /// A real full disk: `CITER_SMALL_DISK` names a folder on one of a few megabytes, such as
    /// `mount -t tmpfs -o size=2m none FOLDER`.
    @Test(.enabled(if: smallDisk != nil, "CITER_SMALL_DISK unset"))
    func fullDiskKeepsWhatWasFinished() throws {
        let path = try #require(smallDisk) + "/\(UUID().uuidString).sqlite"
        defer {
            for end in ["", "-wal", "-shm", ".lock"] {
                try? FileManager.default.removeItem(atPath: path + end)
            }
        }
        var saved = 0
        do {
            let fixture = try Fixture(path: path)
            let error = #expect(throws: StoreError.self) {
                while true {
                    try fixture.save("\(saved)", tokens: 200)
                    saved += 1
                }
            }
            #expect(error == .full(path: path))
        }
        #expect(saved > 0)
        let report = try ResultsReader(path: path).check()
        #expect(report == CheckReport(problems: [], samples: saved, decisions: saved * 200))
    }
}

/// How often each test kills; `CITER_KILLS=100` for a long look.
private let kills = Int(ProcessInfo.processInfo.environment["CITER_KILLS"] ?? "") ?? 15

private let smallDisk = ProcessInfo.processInfo.environment["CITER_SMALL_DISK"]
