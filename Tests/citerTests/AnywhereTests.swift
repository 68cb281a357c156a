import Foundation
import SweepSupport
import TestSupport
import Testing

/// The command from any directory: what a spec names is found beside it, then in the program's checkout.
struct AnywhereTests {
    /// Runs the command in an empty directory.
    private func elsewhere(
        _ fixture: SweepFixture, _ arguments: [String]
    ) throws -> (result: CiterCommand.Result, folder: String) {
        let folder = fixture.root + "/elsewhere-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let result = try CiterCommand(
            arguments, in: folder, environment: fixture.tiny.environment
        ).finish()
        return (result, folder)
    }

    @Test func aSweepRuns() throws {
        try SweepFixture.with { fixture in
            let (result, folder) = try elsewhere(fixture, ["sweep", fixture.tiny.spec])
            #expect(result.status == 0, "\(result.messages)")
            // Results are kept where the command is given.
            #expect(FileManager.default.fileExists(atPath: folder + "/results/tiny.sqlite"))
            // Its own data set counts, and that is said.
            #expect(
                result.messages.contains(
                    "the data set gsm8k is that of \(fixture.root)/experiments/datasets.yaml"))
            let plan = try elsewhere(
                fixture, ["sweep", fixture.tiny.spec, "--dry-run", "--set", "task.limit=2"])
            #expect(plan.result.output.contains("slm: 2 questions"))
        }
    }

    @Test func routersAreBesideTheSpec() throws {
        try SweepFixture.with { fixture in
            let spec = try String(contentsOfFile: fixture.tiny.spec, encoding: .utf8)
            try fixture.tiny.write(
                spec + """
                    routers:
                      - { name: near, kind: co-llm, reference: gold, limit: 2 }

                    """, to: "experiments/train.yaml")
            try fixture.tiny.write(
                spec + "  - co-llm: { router: near, threshold: 0.5 }\n",
                to: "experiments/routed.yaml")
            let experiments = fixture.root + "/experiments"
            let trained = try elsewhere(fixture, ["train", experiments + "/train.yaml"])
            #expect(trained.result.status == 0, "\(trained.result.messages)")
            #expect(
                FileManager.default.fileExists(atPath: experiments + "/routers/near.router"))
            let plan = ["sweep", experiments + "/routed.yaml", "--dry-run"]
            let routed = try elsewhere(fixture, plan)
            #expect(routed.result.output.contains("co-llm near"), "\(routed.result.messages)")
            let again = try elsewhere(
                fixture, ["train", experiments + "/train.yaml", "--missing"])
            #expect(again.result.status == 0 && again.result.output.isEmpty)
        }
    }

    @Test func theCheckoutsCatalogueIsKnown() throws {
        try withTemporaryDirectory { folder in
            for arguments in [["models", "list"], ["data", "list"]] {
                let result = try CiterCommand(arguments, in: folder).finish()
                #expect(result.status == 0, "\(result.messages)")
                #expect(result.output.contains(arguments[0] == "models" ? "smollm2-135m" : "gsm8k"))
            }
            let unknown = try CiterCommand(["models", "path", "smollm"], in: folder).finish()
            #expect(unknown.status == 2)
            #expect(unknown.messages.contains("did you mean \"smollm2-135m\"?"))
            // A built-in task and model in a spec of one's own.
            try writeFile(
                Array(
                    """
                    experiment: mine
                    models: { slm: smollm2-135m, llm: smollm2-135m }
                    task: { name: arithmetic-chains, split: tset, limit: 3 }
                    generation: { max_tokens: 8 }
                    policies: [slm, llm]
                    """.utf8), to: folder + "/mine.yml")
            let spec = try CiterCommand(["sweep", "mine.yml", "--dry-run"], in: folder).finish()
            #expect(spec.status == 2)
            #expect(spec.messages.hasPrefix("citer: mine.yml:3:"), "\(spec.messages)")
            #expect(!spec.messages.contains("known are ;"))
            let twin = try CiterCommand(["sweep", "mine.yaml"], in: folder).finish()
            #expect(twin.status == 2)
            #expect(twin.messages.contains("no such file; there is mine.yml"))
        }
    }

    @Test func ownTasksExtendTheOthers() throws {
        try SweepFixture.with { fixture in
            let tasks = fixture.root + "/experiments/tasks"
            try FileManager.default.createDirectory(
                atPath: tasks, withIntermediateDirectories: true)
            try writeFile(Array(OwnTasksTests.trivia.utf8), to: tasks + "/trivia.yml")
            try writeFile(Array(OwnTasksTests.rows.utf8), to: tasks + "/trivia.jsonl")
            let own = [
                "--set", "task={name: trivia, split: test}", "--set", "policies=[slm, llm]",
                "--set", "calibration=null",
            ]
            let (result, _) = try elsewhere(fixture, ["sweep", fixture.tiny.spec] + own)
            #expect(result.status == 0, "\(result.messages)")
            try writeFile(Array(OwnTasksTests.trivia.utf8), to: tasks + "/trivia.yaml")
            let both = try elsewhere(fixture, ["sweep", fixture.tiny.spec] + own).result
            #expect(both.status == 2)
            #expect(both.messages.contains("trivia.yml:1:1: there is"), "\(both.messages)")
        }
    }

    @Test(arguments: ["../x", "a b", "", "x/y", "-"])
    func aNameThatIsNoFilesIsRefused(name: String) throws {
        try withTemporaryDirectory { folder in
            for arguments in [["report"], ["db", "export"]] {
                let result = try CiterCommand(arguments + ["--", name], in: folder).finish()
                #expect(result.status == 2)
                #expect(result.messages.contains("a name of at most 64"), "\(result.messages)")
            }
        }
    }

    /// The runs that thresholds come from are in the experiment's database, and their files are named by one rule.
    @Test func calibrationRunsCanBeReported() throws {
        try SweepFixture.with { fixture in
            #expect(try fixture.citer("sweep", "experiments/tiny.yaml").status == 0)
            // Answers of an earlier page, of more files.
            let answers = fixture.root + "/results/tiny_calibration/tokens"
            try FileManager.default.createDirectory(
                atPath: answers, withIntermediateDirectories: true)
            try writeFile(Array("old".utf8), to: answers + "/0002.js")
            for format in ["markdown", "html"] {
                let result = try fixture.citer("report", "tiny calibration", "--format", format)
                #expect(result.status == 0, "\(result.messages)")
            }
            let files = try FileManager.default.contentsOfDirectory(
                atPath: fixture.root + "/results/tiny_calibration")
            #expect(files.sorted() == ["README.md", "tables", "tokens.html"])
        }
    }
}
