import Foundation
import ResultsStore
import Runs
import ServerSupport
import Servers
import SweepSupport
import TestSupport
import Testing
import Tokenization

/// The command with models behind servers: fakes that speak HTTP.
@Suite(.timeLimit(.minutes(10))) struct ServerCommandTests {
    /// A tiny experiment and fakes of its vocabulary.
    private func with<R>(_ body: (SweepFixture, Tokenizer) throws -> R) throws -> R {
        try SweepFixture.with { fixture in
            let tokenizer = try fixture.load("small").tokenizer
            try tokenTable(of: tokenizer).write(
                to: URL(fileURLWithPath: fixture.root + "/table.json"))
            try writeFile(
                Array("{\"prompt\": \"Name a river.\"}\n{\"prompt_ids\": [3, 5, 7]}\n".utf8),
                to: fixture.root + "/prompts.jsonl")
            return try body(fixture, tokenizer)
        }
    }

    private func server(
        _ kind: ServerKind, _ fixture: SweepFixture, _ tokenizer: Tokenizer, seed: Int = 0,
        faults: [String] = [], _ arguments: [String] = []
    ) throws -> FakeServer {
        try FakeServer(
            kind, vocabulary: tokenizer.vocabularyCount, faults: faults,
            arguments: [
                "--tokenizer", fixture.root + "/table.json", "--slots", "4", "--seed", "\(seed)",
                "--dissent", "1",
            ] + arguments)
    }

    private func agree(_ fixture: SweepFixture, _ arguments: [String]) throws -> CiterCommand.Result
    {
        try CiterCommand(
            ["agree", "--input", "prompts.jsonl", "--name", "fake"] + arguments, in: fixture.root,
            environment: fixture.tiny.environment
        ).finish()
    }

    @Test(arguments: ServerKind.allCases)
    func aServerAgreesWithItself(kind: ServerKind) throws {
        try with { fixture, tokenizer in
            let server = try server(kind, fixture, tokenizer)
            let result = try agree(
                fixture,
                [
                    "--server", server.address, "--api", kind.rawValue, "--tokenizer",
                    "models/small.gguf", "--at-once", "1,4", "--max-tokens", "12",
                ])
            #expect(result.status == 0, "\(result.messages)")
            #expect(result.output.contains("2 of 2 texts are equal (100 %); of 0 partings"))
            #expect(result.output.contains("1: equal, 12 tokens"))
        }
    }

    @Test func twoServersPart() throws {
        try with { fixture, tokenizer in
            let one = try server(.vllm, fixture, tokenizer)
            let other = try server(.sglang, fixture, tokenizer, seed: 5)
            let arguments = [
                "--server", one.address, "--server", other.address, "--api", "vllm", "--api",
                "sglang", "--tokenizer", "models/small.gguf", "--max-tokens", "12",
            ]
            let result = try agree(fixture, arguments)
            #expect(result.status == 0, "\(result.messages)")
            #expect(result.output.contains("part at token 1: A "))
            #expect(result.output.contains(" ahead of "))
            let json = try agree(fixture, arguments + ["--json", "--near", "1.5"])
            let document = try #require(
                try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [String: Any])
            #expect(document["partings"] as? Int == 2 && document["equalTexts"] as? Int == 0)
            let texts = try #require(document["texts"] as? [[String: Any]])
            #expect(
                texts.count == 2 && texts.allSatisfy { $0["first"] != nil && $0["place"] != nil })
        }
    }

    /// Our own decoder of the same file on both sides would be another test; here the two are different models.
    @Test func aServerAndTheDecoderPart() throws {
        try with { fixture, tokenizer in
            let server = try server(.llamaServer, fixture, tokenizer)
            let result = try agree(
                fixture,
                ["--server", server.address, "--model", "models/large.gguf", "--max-tokens", "8"])
            #expect(result.status == 0, "\(result.messages)")
            #expect(result.output.contains("B: citer, large"))
            #expect(result.output.contains("of 2 texts are equal"))
        }
    }

    @Test(arguments: [
        (["--server", "http://127.0.0.1:1"], "what to compare it with"),
        (["--server", "http://127.0.0.1:1", "--at-once", "1,2"], "give --tokenizer"),
        (
            ["--server", "http://127.0.0.1:1", "--model", "models/small.gguf", "--at-once", "x"],
            "found \"x\""
        ),
        (["--server", "here", "--model", "models/small.gguf"], "must begin with http"),
        (["--server", "http://a@b", "--model", "models/small.gguf"], "environment variable"),
        (
            ["--server", "http://127.0.0.1:1", "--model", "models/small.gguf", "--api", "tgi"],
            "unknown --api"
        ),
        (["--server", "http://127.0.0.1:1", "--model", "models/none.gguf"], "none.gguf"),
        (
            [
                "--server", "http://127.0.0.1:1", "--model", "models/small.gguf", "--key",
                "NO_SUCH_KEY",
            ], "is not set"
        ),
        (
            [
                "--server", "http://127.0.0.1:1", "--tokenizer", "models/small.gguf", "--at-once",
                "1,2", "--threads", "1",
            ], "--threads is for --model"
        ),
    ])
    func wrongUsage(arguments: [String], says: String) throws {
        try with { fixture, _ in
            let result = try agree(fixture, arguments)
            #expect(result.status == 2 && result.output.isEmpty)
            #expect(result.messages.contains(says), "\(result.messages)")
        }
    }

    /// What was given in a variable's place may be the key itself.
    @Test(arguments: ["sk-secret", "SECRET.KEY", "5ECRET", "hunter2"])
    func aKeyIsNeverRepeated(key: String) throws {
        try with { fixture, _ in
            let result = try agree(
                fixture,
                [
                    "--server", "http://127.0.0.1:1", "--model", "models/small.gguf",
                    "--key=\(key)",
                ])
            #expect(result.status == 2 && result.output.isEmpty)
            #expect(result.messages.contains("is not repeated here"), "\(result.messages)")
            #expect(!result.messages.contains(key), "\(result.messages)")
        }
    }

    @Test func nobodyListens() throws {
        try with { fixture, _ in
            let result = try agree(
                fixture,
                [
                    "--server", "http://127.0.0.1:1", "--model", "models/small.gguf", "--timeout",
                    "1",
                ])
            #expect(result.status == 1)
            #expect(result.messages.contains("gave no answer within 1 s"))
        }
    }

    /// Ctrl-C while a server is waited for that never answers.
    @Test func interruptedWhileWaiting() throws {
        try with { fixture, tokenizer in
            // The probe asks six times.
            let server = try server(.vllm, fixture, tokenizer)
            let sleepy = try self.server(.vllm, fixture, tokenizer, faults: ["hang"])
            func arguments(_ server: FakeServer) -> [String] {
                let model =
                    "{ server: \"\(server.address)\", api: vllm, model: fake, tokenizer: models/small.gguf, "
                    + "identity: x, concurrency: 3 }"
                return [
                    "sweep", "experiments/tiny.yaml", "--db", "results/a.sqlite", "--set",
                    "models={ slm: models/small.gguf, llm: \(model) }", "--set",
                    "policies=[slm, llm, margin: { threshold: 0.05 }]", "--set", "ablations=[]",
                ]
            }
            let command = try CiterCommand(
                arguments(sleepy), in: fixture.root, environment: fixture.tiny.environment)
            Thread.sleep(forTimeInterval: 2)
            let start = ContinuousClock.now
            command.send(SIGINT)
            let result = command.finish()
            #expect(result.status == 130 && ContinuousClock.now - start < .seconds(1))
            let whole = try CiterCommand(
                arguments(server), in: fixture.root, environment: fixture.tiny.environment
            ).finish()
            #expect(whole.status == 0, "\(whole.messages)")
            #expect(whole.output.contains("llm fake behind vllm"))
            let report = try CiterCommand(
                ["report", "tiny", "--db", "results/a.sqlite"], in: fixture.root,
                environment: fixture.tiny.environment
            ).finish()
            #expect(report.status == 0 && report.output.contains("llm †"))
            // Who never asks it has no mark, and LaTeX has its own.
            #expect(!report.output.contains("slm †"))
            let paper = try CiterCommand(
                ["report", "tiny", "--db", "results/a.sqlite", "--format", "latex"],
                in: fixture.root, environment: fixture.tiny.environment
            ).finish()
            #expect(paper.output.contains("$\\dagger$") && !paper.output.contains("U+2020"))
            #expect(report.output.contains("no promise") || report.output.contains("may differ"))
        }
    }
}
