import Foundation
import GRDB
import ResultsStore
import SweepSupport
import TestSupport
import Testing

@testable import Runs

/// A sweep that is written in a scratch directory and published to its place, beside others and after kills.
struct ScratchTests {
    /// What lies beside a database, without its lock.
    private func company(of database: String, in fixture: SweepFixture) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: fixture.root + "/results")
            .filter { $0.hasPrefix("\(database).sqlite-") }
    }

    /// Leaves the database as a killed run does: all but its schema in a log beside it.
    private func leaveKilled(_ database: String, in fixture: SweepFixture) throws {
        let path = fixture.path(database)
        let queue = try DatabaseQueue(path: path)
        try queue.writeWithoutTransaction { db in
            try db.execute(sql: "PRAGMA journal_mode = WAL")
            try db.execute(sql: "PRAGMA wal_autocheckpoint = 0")
            try db.execute(sql: "UPDATE sample SET tries = tries")
            try db.execute(sql: "UPDATE decision SET score = score")
        }
        for end in ["", "-wal"] {
            try FileManager.default.copyItem(atPath: path + end, toPath: path + end + ".kept")
        }
        try queue.close()
        for end in ["", "-wal"] {
            unlink(path + end)
            #expect(rename(path + end + ".kept", path + end) == 0)
        }
    }

    @Test(arguments: [nil, Shard(1, of: 2)])
    func whatAKilledRunLeftIsKept(shard: Shard?) throws {
        try SweepFixture.with { fixture in
            try fixture.run("whole") { $0.shard = shard }
            try fixture.run("a", set: ["task.limit=4"]) { $0.shard = shard }
            let before = try fixture.attempts("a").count
            try leaveKilled("a", in: fixture)
            let scratch = fixture.root + "/scratch"
            let set = ["task.limit=2"]
            try fixture.run("a", set: set) {
                $0.scratch = scratch
                $0.shard = shard
            }
            #expect(try fixture.attempts("a").count == before)
            #expect(try company(of: "a", in: fixture) == [])
            try fixture.run("a") { $0.shard = shard }
            #expect(try ResultsReader(path: fixture.path("a")).check().problems == [])
            #expect(try fixture.rows("a") == fixture.rows("whole"))
        }
    }

    @Test func itsOwnPlaceIsRefusedUnderAnyName() throws {
        try SweepFixture.with { fixture in
            let link = fixture.root + "/elsewhere"
            try FileManager.default.createSymbolicLink(
                atPath: link, withDestinationPath: "results")
            for scratch in ["results", link, fixture.root + "/results/../results/"] {
                let result = try fixture.citer(
                    "sweep", "experiments/tiny.yaml", "--scratch", scratch)
                #expect(result.status == 2, "\(scratch): \(result.messages)")
                #expect(result.messages.contains("are one file"))
            }
            #expect(!FileManager.default.fileExists(atPath: fixture.path("tiny")))
        }
    }

    @Test func aPlaceThatIsBeingWrittenIsRefusedAtOnce() throws {
        try SweepFixture.with { fixture in
            let store = try ResultsStore(path: fixture.path("tiny"))
            let result = try fixture.citer(
                "sweep", "experiments/tiny.yaml", "--scratch", "scratch")
            #expect(result.status == 2, "\(result.messages)")
            #expect(result.messages.contains("by process \(getpid()) on"))
            #expect(!result.messages.contains("answers to go"))
            withExtendedLifetime(store) {}
        }
    }

    /// A place that another writes from some moment on: the answers stay, and the error says where.
    @Test func aPlaceThatBecomesLockedIsToldAtTheEnd() throws {
        try SweepFixture.with { fixture in
            let scratch = fixture.root + "/scratch"
            let store = try ResultsStore(path: scratch + "/a.sqlite")
            let publication = try Publication(store, to: fixture.path("a"), every: .zero)
            let writer = try ResultsStore(path: fixture.path("a"))
            // On the way it is no reason to end.
            publication.update()
            let error = #expect(throws: Unpublished.self) {
                try publication.finish(patience: .milliseconds(10))
            }
            #expect(error?.work == scratch + "/a.sqlite")
            #expect(error?.description.contains("by process \(getpid()) on") == true)
            #expect(error?.description.contains("citer db merge") == true)
            try writer.close()
            withExtendedLifetime(writer) {}
        }
    }

    /// Who interrupts such a sweep learns where its answers are; the same command brings them.
    @Test func anInterruptedSweepSaysWhereItsAnswersAre() throws {
        var size = TinyExperiment.Size()
        size.questions = 40
        try SweepFixture.with(size: size) { fixture in
            let command = [
                "sweep", "experiments/tiny.yaml", "--scratch", "scratch", "--no-fuse", "--set",
                "policies=[slm, llm]",
            ]
            let sweep = try CiterCommand(
                command, in: fixture.root,
                environment: fixture.tiny.environment.merging(["CITER_PUBLISH_PATIENCE": "1"]) {
                    _, own in own
                })
            let began = sweep.wait { sweep.complaints.contains("tiny: 80 answers to go") }
            try #require(began)
            do {
                let writer = try ResultsStore(path: fixture.path("tiny"))
                sweep.send(SIGINT)
                let result = sweep.finish()
                #expect(result.status == 130, "\(result.messages)")
                #expect(result.messages.contains("scratch/tiny.sqlite; run the same command"))
                try writer.close()
            }
            let again = try CiterCommand(
                command, in: fixture.root, environment: fixture.tiny.environment
            ).finish()
            #expect(again.status == 0, "\(again.messages)")
            #expect(try fixture.count("SELECT count(*) FROM sample", in: "tiny") == 80)
        }
    }

    /// The end waits for a writer that is soon done.
    @Test func theEndWaitsForAnotherWriter() async throws {
        let tiny = NSTemporaryDirectory() + "citer-" + UUID().uuidString
        defer { try? FileManager.default.removeItem(atPath: tiny) }
        let store = try ResultsStore(path: tiny + "/scratch/a.sqlite")
        let publication = try Publication(store, to: tiny + "/a.sqlite")
        let writer = Task.detached {
            let writer = try ResultsStore(path: tiny + "/a.sqlite")
            usleep(400_000)
            try writer.close()
        }
        usleep(100_000)
        try publication.finish(patience: .seconds(30))
        try await writer.value
        #expect(FileManager.default.fileExists(atPath: tiny + "/a.sqlite"))
    }

    @Test func twoWithOneDestinationLoseNothing() throws {
        try SweepFixture.with { fixture in
            try fixture.run("whole")
            func start(_ scratch: String, _ policies: String) throws -> CiterCommand {
                try fixture.start(
                    "sweep", "experiments/tiny.yaml", "--db", "results/a.sqlite", "--scratch",
                    scratch, "--no-fuse", "--set", "policies=\(policies)")
            }
            let runs = [
                try start("s1", "[slm, llm, random: { ratio: [0.3, 0.7] }]"),
                try start("s2", "[slm, entropy: { threshold: { quantiles: 3 } }]"),
            ]
            for result in runs.map({ $0.finish() }) {
                #expect(result.status == 0, "\(result.messages)")
            }
            let cells = try fixture.count(
                "SELECT count(*) FROM curve WHERE experiment = 'tiny'", in: "a")
            #expect(cells == 7)
            #expect(try company(of: "a", in: fixture) == [])
            try fixture.run("a")
            #expect(try fixture.rows("a") == fixture.rows("whole"))
        }
    }

    /// Answers that another sweep brings while this one is at them are kept, and no reason to end.
    @Test func answersThatComeMeanwhileAreNoConflict() throws {
        var size = TinyExperiment.Size()
        size.questions = 20
        try SweepFixture.with(size: size) { fixture in
            try fixture.run("whole")
            let sweep = try CiterCommand(
                [
                    "sweep", "experiments/tiny.yaml", "--db", "results/a.sqlite", "--scratch",
                    "scratch", "--no-fuse",
                ], in: fixture.root,
                environment: fixture.tiny.environment.merging(["CITER_PUBLISH_SECONDS": "0"]) {
                    _, own in own
                })
            let began = sweep.wait { sweep.complaints.contains("tiny: 220 answers to go") }
            try #require(began)
            do {
                let store = try ResultsStore(path: fixture.path("a"))
                #expect(try store.merge(from: fixture.path("whole")).samples > 110)
            }
            let result = sweep.finish()
            #expect(result.status == 0, "\(result.messages)")
            #expect(try fixture.rows("a") == fixture.rows("whole"))
        }
    }

    /// A sweep that is killed and goes on by other means: directly, by scratch, by another scratch.
    @Test func everyWayGoesOnFromEveryOther() throws {
        try SweepFixture.with { fixture in
            try fixture.run("whole")
            for limit in 1...5 {
                let set = ["task.limit=\(limit)"]
                let scratch = [nil, "one", nil, "two", "one"][limit - 1]
                let outcome = try fixture.run("a", set: set) {
                    $0.scratch = scratch.map { fixture.root + "/" + $0 }
                }
                #expect(outcome.answers == 11)
            }
            try fixture.run("a")
            #expect(try fixture.rows("a") == fixture.rows("whole"))
        }
    }

    @Test func anotherExperimentsScratchIsRefused() throws {
        try SweepFixture.with { fixture in
            let scratch = fixture.root + "/scratch"
            do {
                let other = try ResultsStore(path: scratch + "/tiny.sqlite")
                _ = try other.register(ExperimentRecord(name: "other", spec: ""))
            }
            try fixture.run("tiny", set: ["task.limit=1"])
            let before = try fixture.rows("tiny")
            let result = try fixture.citer(
                "sweep", "experiments/tiny.yaml", "--scratch", "scratch")
            #expect(result.status == 2 && result.messages.contains("experiment tiny"))
            #expect(try fixture.rows("tiny") == before)
        }
    }

    /// A first run that was killed at once leaves an empty file, which is in nobody's way.
    @Test func anEmptyDatabaseIsNoObstacle() throws {
        try SweepFixture.with { fixture in
            #expect(
                FileManager.default.createFile(atPath: fixture.path("tiny"), contents: nil))
            for more in [["--dry-run"], ["--shard", "1/2"], ["--scratch", "scratch"]] {
                let result = try CiterCommand(
                    ["sweep", "experiments/tiny.yaml", "--set", "task.limit=2"] + more,
                    in: fixture.root, environment: fixture.tiny.environment
                ).finish()
                #expect(result.status == 0, "\(more): \(result.messages)")
            }
        }
    }

    // MARK: What happens to the file under a running sweep

    @Test(arguments: [false, true])
    func aDatabaseThatIsGoneIsNoticedAndSaved(replaced: Bool) throws {
        var size = TinyExperiment.Size()
        size.questions = 60
        try SweepFixture.with(size: size) { fixture in
            try fixture.run("other", set: ["task.limit=1"])
            let other = try ResultsReader(path: fixture.path("other")).check()
            let sweep = try fixture.start("sweep", "experiments/tiny.yaml", "--no-fuse")
            let path = fixture.path("tiny")
            let began = sweep.wait {
                FileManager.default.fileExists(atPath: path)
                    && (try? ResultsReader(path: path).check().samples) ?? 0 > 3
            }
            try #require(began)
            if replaced {
                #expect(rename(fixture.path("other"), path) == 0)
            } else {
                unlink(path)
            }
            let result = sweep.finish()
            #expect(result.status == 1 && !result.signalled, "\(result.messages)")
            let saved = try #require(
                result.messages.firstMatch(of: /saved in (\S+\.sqlite)/)?.output.1)
            func report(_ path: String) throws -> CheckReport {
                try ResultsReader(path: path).check()
            }
            #expect(try report(String(saved)).problems == [])
            #expect(try report(String(saved)).samples > 3)
            if replaced { #expect(try report(path) == other) }
            // Put back, it goes on.
            unlink(path)
            #expect(rename(String(saved), path) == 0)
            let again = try fixture.citer("sweep", "experiments/tiny.yaml")
            #expect(again.status == 0, "\(again.messages)")
            try fixture.run("whole")
            #expect(try fixture.rows("tiny") == fixture.rows("whole"))
        }
    }
}
