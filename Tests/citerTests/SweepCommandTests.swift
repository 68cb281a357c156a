import Foundation
import GRDB
import SweepSupport
import TestSupport
import Testing

@testable import ResultsStore

/// `citer sweep` as a process: exit statuses, signals, messages.
struct SweepCommandTests {
    @Test func aSweepEndsInOneScreenOrInItsTables() throws {
        try SweepFixture.with { fixture in
            let first = try fixture.citer("sweep", "experiments/tiny.yaml")
            #expect(first.status == 0, "\(first.messages)")
            let lines = first.output.split(separator: "\n")
            #expect(lines.count <= 15 && lines.allSatisfy { $0.count <= 100 })
            #expect(
                first.output.hasPrefix("tiny: 6 questions") && !first.output.contains("| entropy"))
            #expect(first.output.contains("citer report tiny"))
            let second = try fixture.citer("sweep", "experiments/tiny.yaml")
            #expect(second.status == 0)
            #expect(second.output == first.output)
            let all = try fixture.citer("sweep", "experiments/tiny.yaml", "--verbose")
            #expect(all.status == 0 && all.output.contains("| entropy"))
        }
    }

    @Test func failuresAreToldAtOnceAndByTheStatus() throws {
        try SweepFixture.with { fixture in
            try fixture.tiny.writeQuestions(count: 6, long: 2)
            let result = try fixture.citer("sweep", "experiments/tiny.yaml")
            #expect(result.status == 1)
            #expect(
                result.messages.contains(
                    "failed: entropy threshold=")
                    && result.messages.contains("question 2: the prompt"))
            #expect(result.messages.contains("11 answers failed"))
            // What is known is said all the same.
            #expect(result.output.hasPrefix("tiny: 5 questions"))
        }
    }

    /// Options that would be taken and dropped are refused by name.
    @Test(arguments: [
        (["--status", "--dry-run"], "give --dry-run, for the plan, or --status"),
        (["--dry-run", "--verbose"], "--verbose is of the tables"),
        (["--status", "--verbose"], "--verbose is of the tables"),
        (["--launcher", "slurm", "--verbose"], "--verbose is of the tables"),
        (["--max-time", "1000001s"], "at most 1000000"),
    ])
    func optionsThatSayNothingTogether(arguments: [String], says: String) throws {
        try SweepFixture.with { fixture in
            let result = try fixture.citer(["sweep", "experiments/tiny.yaml"] + arguments)
            #expect(result.status == 2 && result.output.isEmpty)
            #expect(result.messages.contains(says), "\(result.messages)")
            let both = try fixture.citer(
                "train", "experiments/tiny.yaml", "--router", "r", "--missing")
            #expect(both.status == 2 && both.messages.contains("give --router"))
        }
    }

    @Test func badInputIsRefused() throws {
        try SweepFixture.with { fixture in
            let unknown = try fixture.citer(
                "sweep", "experiments/tiny.yaml", "--set", "task.limits=3")
            #expect(unknown.status == 2)
            #expect(unknown.messages.contains("limits"))
            try fixture.tiny.model("large", seed: 2, vocabulary: 320, words: ["extra"])
            let pair = try fixture.citer("sweep", "experiments/tiny.yaml")
            #expect(pair.status == 2)
            #expect(pair.messages.contains("280") && pair.messages.contains("281"))
            #expect(pair.output.isEmpty)
        }
    }

    @Test func aSignalEndsCleanly() throws {
        var size = TinyExperiment.Size()
        size.questions = 40
        try SweepFixture.with(size: size) { fixture in
            try fixture.run("b")
            for signal in [SIGINT, SIGTERM, SIGHUP] {
                let database = "a-\(signal).sqlite"
                let command = try fixture.start(
                    "sweep", "experiments/tiny.yaml", "--db", database)
                let began = command.wait { command.complaints.contains("answers to go") }
                #expect(began)
                command.send(signal)
                let result = command.finish()
                #expect(result.status == 130 && !result.signalled)
                #expect(result.messages.contains("run the same command to go on"))
                let outcomes = try ResultsReader(path: "\(fixture.root)/\(database)").query(
                    "SELECT outcome FROM attempt")
                #expect(outcomes.rows == [[.text("interrupted")]])
                let again = try fixture.citer("sweep", "experiments/tiny.yaml", "--db", database)
                #expect(again.status == 0)
                #expect(
                    try resultRows(of: "\(fixture.root)/\(database)") == fixture.rows("b"))
            }
        }
    }

    @Test func theSecondProcessLearnsWhoHoldsTheDatabase() throws {
        try SweepFixture.with { fixture in
            let store = try ResultsStore(path: fixture.path("tiny"))
            let result = try fixture.citer("sweep", "experiments/tiny.yaml")
            #expect(result.status == 2)
            #expect(
                result.messages.contains(
                    "in use for writing by process \(ProcessInfo.processInfo.processIdentifier) "
                        + "on"))
            #expect(result.messages.contains(" since 20"))
            withExtendedLifetime(store) {}
        }
    }

    /// On a machine that has no training split, own questions calibrate.
    @Test func ownQuestionsCalibrateWhereTheSplitIsMissing() throws {
        try SweepFixture.with { fixture in
            try FileManager.default.removeItem(
                atPath: fixture.root + "/data/gsm8k/train.jsonl")
            let refused = try fixture.citer("sweep", "experiments/tiny.yaml", "--db", "a.sqlite")
            #expect(refused.status == 1)
            #expect(refused.messages.contains("cannot get data set gsm8k train"))

            try FileManager.default.createDirectory(
                atPath: fixture.root + "/experiments/calibration",
                withIntermediateDirectories: true)
            let rows = (500..<504).map { TinyExperiment.row($0) }.joined(separator: "\n")
            try fixture.tiny.write(rows + "\n", to: "experiments/calibration/gsm8k.jsonl")
            let result = try fixture.citer("sweep", "experiments/tiny.yaml", "--db", "a.sqlite")
            #expect(result.status == 0, "\(result.messages)")
            #expect(
                result.messages.contains("calibrating on experiments/calibration/gsm8k.jsonl"))
            let sources = try ResultsReader(path: fixture.root + "/a.sqlite").query(
                "SELECT name, split FROM dataset ORDER BY name")
            #expect(
                sources.rows == [
                    [.text("gsm8k"), .text("test")], [.text("gsm8k-own"), .text("train")],
                ])
        }
    }

    static let canMount = {
        let script = "mkdir -p \"$0\" && mount -t tmpfs -o size=1m none \"$0\""
        let folder = NSTemporaryDirectory() + "citer-mount-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let result = try? CiterCommand(
            ["-rm", "sh", "-c", script, folder], in: NSTemporaryDirectory(),
            program: "/usr/bin/unshare"
        ).finish()
        return result?.status == 0
    }()

    /// A real disk of 400 kB: a file system in memory that only the command sees.
    @Test(.enabled(if: canMount, "this system lets users mount nothing"))
    func aFullDiskKeepsWhatWasFinished() throws {
        var size = TinyExperiment.Size()
        size.questions = 60
        try SweepFixture.with(size: size) { fixture in
            let script = """
                mount -t tmpfs -o size=1200k none results || exit 99
                "$0" sweep experiments/tiny.yaml --no-fuse
                status=$?
                cp results/* kept/ || exit 98
                exit $status
                """
            try FileManager.default.createDirectory(
                atPath: fixture.root + "/kept", withIntermediateDirectories: true)
            let result = try CiterCommand(
                ["-rm", "sh", "-c", script, CiterCommand.path], in: fixture.root,
                environment: fixture.tiny.environment, program: "/usr/bin/unshare"
            ).finish()
            #expect(result.status == 1, "\(result.messages)")
            #expect(result.messages.contains("no space left to write; what was finished is kept"))
            let kept = fixture.root + "/kept/tiny.sqlite"
            let report = try ResultsReader(path: kept).check()
            #expect(report.problems == [])
            #expect(report.samples > 10)
            // With room again it goes on where it stopped.
            let again = try fixture.citer("sweep", "experiments/tiny.yaml", "--db", kept)
            #expect(again.status == 0)
            try fixture.run("b")
            #expect(try resultRows(of: kept) == fixture.rows("b"))
        }
    }

    /// A file that an older program left is named as such, and upgraded by the command that the error names.
    @Test func anOlderDatabaseIsUpgradedWhereTheErrorSays() throws {
        try SweepFixture.with { fixture in
            try fixture.run("tiny", set: ["task.limit=1"])
            let database = "results/tiny.sqlite"
            let older = try DatabaseQueue(path: fixture.path("tiny"))
            try older.write { db in
                try db.execute(
                    sql: """
                        DROP TABLE router_label;
                        DROP TABLE server_probe;
                        DROP TABLE traffic;
                        ALTER TABLE model DROP COLUMN server;
                        DROP VIEW curve;
                        DROP VIEW verification;
                        ALTER TABLE sample DROP COLUMN joules;
                        ALTER TABLE sample DROP COLUMN drafted;
                        ALTER TABLE cell DROP COLUMN keep;
                        ALTER TABLE cell DROP COLUMN method;
                        ALTER TABLE cell DROP COLUMN judge;
                        ALTER TABLE cell DROP COLUMN asked;
                        ALTER TABLE timing DROP COLUMN joules;
                        ALTER TABLE cell DROP COLUMN scope;
                        ALTER TABLE cell DROP COLUMN calls;
                        DROP VIEW token;
                        \(Schema1.views)
                        DELETE FROM grdb_migrations WHERE identifier IN ('2', '3', '4', '5', '6');
                        PRAGMA user_version = 1;
                        """)
            }
            try older.close()
            let report = try fixture.citer("report", "tiny", "--db", database)
            #expect(report.status == 2 && report.messages.contains("citer db check"))
            let check = try fixture.citer("db", "check", database)
            #expect(check.status == 0 && check.messages.contains("schema 1 to schema 6"))
            #expect(try fixture.citer("report", "tiny", "--db", database).status == 0)
        }
    }
}
