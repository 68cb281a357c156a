import Foundation
import ResultsStore
import Schemas
import ServerSupport
import Servers
import Specs
import SweepSupport
import TestSupport
import Testing
import Tokenization

@testable import Runs

/// Sweeps of a pair whose large model is behind a server: a fake that speaks HTTP.
@Suite(.timeLimit(.minutes(10))) struct ServerSweepTests {
    /// A tiny experiment, and what starts fakes of its vocabulary.
    private struct Setting {
        let fixture: SweepFixture
        let tokenizer: Tokenizer

        /// A fake server; of another seed it is another model.
        func server(
            _ kind: ServerKind, slots: Int = 3, seed: Int = 0, faults: [String] = [],
            _ arguments: [String] = []
        ) throws -> FakeServer {
            try FakeServer(
                kind, vocabulary: tokenizer.vocabularyCount, faults: faults,
                arguments: [
                    "--tokenizer", fixture.root + "/table.json", "--slots", "\(slots)",
                    "--seed", "\(seed)", "--dissent", "1",
                ] + arguments)
        }

        /// What makes a sweep ask it.
        func changes(
            _ server: FakeServer, policies: String = "[slm, llm, margin: { threshold: 0.05 }]",
            more: String = ""
        ) -> [String] {
            let model =
                "{ server: \"\(server.address)\", api: \(server.kind.rawValue), model: fake, "
                + "tokenizer: \(fixture.root)/models/small.gguf, identity: seed 0, "
                + "concurrency: 3, timeout: 5\(more) }"
            return [
                "models={ slm: \(fixture.root)/models/small.gguf, llm: \(model) }",
                "policies=\(policies)", "ablations=[]",
            ]
        }
    }

    private func with<R>(_ body: (Setting) throws -> R) throws -> R {
        try SweepFixture.with { fixture in
            let tokenizer = try fixture.load("small").tokenizer
            try tokenTable(of: tokenizer).write(
                to: URL(fileURLWithPath: fixture.root + "/table.json"))
            return try body(Setting(fixture: fixture, tokenizer: tokenizer))
        }
    }

    @Test(arguments: ServerKind.allCases)
    func answersAreStoredWithWhoGaveThem(kind: ServerKind) throws {
        try with { setting in
            let server = try setting.server(kind)
            let changes = setting.changes(server)
            let outcome = try setting.fixture.run("a", set: changes)
            #expect(outcome.answers == 18 && outcome.failures == 0 && outcome.missing == 0)
            let reader = try ResultsReader(path: setting.fixture.path("a"))
            let models = try reader.models()
            let large = try #require(models.first { $0.name == "fake" })
            let told = try #require(large.server)
            #expect(told.contains("\"identity\":\"seed 0\"") && told.contains(kind.rawValue))
            #expect(large.parameters == nil && large.fileBytes == nil)
            #expect(models.contains { $0.server == nil })
            let traffic = try reader.traffic()
            #expect(traffic.count == 1)
            let row = try #require(traffic.first)
            #expect(row.requests > 100 && row.failures == 0 && row.sentBytes > 20_000)
            #expect(row.seconds > 0)
            #expect((row.serverSeconds != nil) == (kind != .vllm))
            // Nobody knows what its passes cost.
            let count = try setting.fixture.count(
                "SELECT count(*) FROM sample WHERE flops IS NOT NULL", in: "a")
            #expect(count == 6)
            #expect(
                try setting.fixture.outputs(of: "slm", in: "a")
                    != setting.fixture.outputs(of: "llm", in: "a"))
            // What is finished is not asked again; what a server said first is what it is held to.
            let again = try setting.fixture.run("a", set: changes)
            #expect(again.answers == 0)
            #expect(try reader.check().problems == [])
        }
    }

    /// The order of answers, the number of requests at a time and faults that pass decide nothing.
    @Test func textsDoNotDependOnTheWay() throws {
        try with { setting in
            let changes: (FakeServer) -> [String] = {
                setting.changes(
                    $0,
                    policies: "[llm, margin: { threshold: [0.05, 0.2] }, random: { ratio: 0.5 }]")
            }
            let server = try setting.server(.llamaServer)
            try setting.fixture.run("a", set: changes(server))
            server.stop()
            let troubled = try setting.server(
                .llamaServer, faults: ["busy:1", "reset:3", "unavailable:2"])
            try setting.fixture.run("b", set: changes(troubled)) { $0.batch = 1 }
            troubled.stop()
            #expect(try setting.fixture.rows("a") == setting.fixture.rows("b"))
        }
    }

    @Test func strictDraftsAreTheServersText() throws {
        try with { setting in
            for kind in [ServerKind.vllm, .sglang] {
                let server = try setting.server(kind)
                try setting.fixture.run(
                    kind.rawValue,
                    set: setting.changes(
                        server,
                        policies: "[llm, speculative: { draft: 3 }, "
                            + "margin: { threshold: 0.05, keep: [strict, top-k: 2], drafts: { most: 4 } }]"
                    ))
                let whole = try setting.fixture.outputs(of: "llm", in: kind.rawValue)
                #expect(
                    try setting.fixture.outputs(of: "speculative", "draft=3", in: kind.rawValue)
                        == whole)
            }
            #expect(
                try setting.fixture.outputs(of: "llm", in: "vllm")
                    == setting.fixture.outputs(of: "llm", in: "sglang"))
        }
    }

    /// The server goes away in the middle: nothing is lost, and the next run goes on.
    @Test func aServerThatGoesAway() throws {
        try with { setting in
            let server = try setting.server(.sglang)
            try setting.fixture.run("whole", set: setting.changes(server))
            let first = try setting.server(.sglang, faults: ["slow"])
            let process = first.processIdentifier
            Thread {
                Thread.sleep(forTimeInterval: 2)
                kill(process, SIGKILL)
            }.start()
            let changes = setting.changes(first).map {
                $0.replacing("timeout: 5", with: "timeout: 1")
            }
            #expect { try setting.fixture.run("cut", set: changes) } throws: { error in
                "\(error)".contains("answered none of the last")
                    || "\(error)".contains("gave no answer")
            }
            // Questions that failed are tried again.
            let outcome = try setting.fixture.run("cut", set: setting.changes(server))
            server.stop()
            #expect(outcome.missing == 0 && outcome.failures == 0)
            #expect(try setting.fixture.rows("cut") == setting.fixture.rows("whole"))
        }
    }

    @Test func anotherModelUnderTheSameIdentity() throws {
        try with { setting in
            let server = try setting.server(.vllm)
            try setting.fixture.run("a", set: setting.changes(server))
            server.stop()
            let other = try setting.server(.vllm, seed: 9)
            let error = try #require(throws: ServerError.self) {
                try setting.fixture.run("a", set: setting.changes(other))
            }
            #expect(error.description.contains("another identity") && error.isBadInput)
            // Under another it is another model, with cells of its own.
            let renamed = setting.changes(other).map {
                $0.replacing("identity: seed 0", with: "identity: seed 9")
            }
            #expect(try setting.fixture.run("b", set: renamed).answers == 18)
            other.stop()
        }
    }

    /// A key is sent and written nowhere.
    @Test func keysStayOutOfEverything() throws {
        try with { setting in
            let variable = "CITER_TEST_SERVER_KEY"
            setenv(variable, "very-s3cret-key", 1)
            defer { unsetenv(variable) }
            let server = try setting.server(.vllm, ["--key", "very-s3cret-key"])
            try setting.fixture.run("a", set: setting.changes(server, more: ", key: \(variable)"))
            let stored = try Data(contentsOf: URL(fileURLWithPath: setting.fixture.path("a")))
            #expect(stored.range(of: Data("very-s3cret-key".utf8)) == nil)
            #expect(stored.range(of: Data(variable.utf8)) != nil)
            let error = try #require(throws: SpecErrors.self) {
                try setting.fixture.run(
                    "b", set: setting.changes(server, more: ", key: very-s3cret-key"))
            }
            #expect(error.description.contains("must be the name of an environment variable"))
            #expect(!error.description.contains("very-s3cret-key"))
        }
    }

    /// What a server does not tell is refused before anything runs, by name.
    @Test(arguments: [
        ("[slm, speculative: { draft: 2 }]", "judge several positions of a text in one pass"),
        ("[slm, margin: { threshold: 0.1, keep: strict }]", "judge several positions"),
        ("[slm, margin: { threshold: 0.1, floor: 0.01 }]", "judge several positions"),
    ])
    func whatLlamaServerDoesNotTell(policies: String, lack: String) throws {
        try with { setting in
            let server = try setting.server(.llamaServer)
            let error = try #require(throws: SpecErrors.self) {
                try setting.fixture.run("a", set: setting.changes(server, policies: policies))
            }
            #expect(error.description.contains(lack))
            #expect(error.description.contains("llama-server does not let it"))
        }
    }

    @Test func whatNoServerTells() throws {
        try with { setting in
            let server = try setting.server(.vllm)
            func refusal(_ policies: String) throws -> String {
                try #require(throws: SpecErrors.self) {
                    try setting.fixture.run("a", set: setting.changes(server, policies: policies))
                }.description
            }
            let kl = "[slm, margin: { threshold: 0.1, keep: { kl: 0.1 } }]"
            #expect(try refusal(kl).contains("give its whole distributions"))
        }
    }

    @Test func trainingNeedsModelsThatAreHere() throws {
        try with { setting in
            let server = try setting.server(.vllm)
            var options = RouterTraining.Options()
            options.overrides =
                setting.changes(server) + ["routers=[{ name: r, kind: citer, limit: 2 }]"]
            options.database = setting.fixture.path("a")
            let error = try #require(throws: SpecErrors.self) {
                _ = try RouterTraining(
                    path: setting.fixture.tiny.spec, assets: setting.fixture.assets(),
                    options: options
                ).run()
            }
            #expect(error.description.contains("router \"r\" needs fake to"))
        }
    }

    /// Two vocabularies joined, one of them a server's: its own text is the same, and its traffic is kept.
    @Test func joinedWithAServer() throws {
        try with { setting in
            let server = try setting.server(.sglang)
            let plain = setting.changes(server, policies: "[slm, llm]")
            try setting.fixture.run("a", set: plain)
            let joint = plain.map {
                $0.replacing("models={ ", with: "models={ vocabulary: joint, ")
            }
            try setting.fixture.run("b", set: joint)
            let alone = try setting.fixture.outputs(of: "llm", in: "a")
            #expect(try setting.fixture.outputs(of: "llm", in: "b") == alone)
            let traffic = try ResultsReader(path: setting.fixture.path("b")).traffic()
            #expect(traffic.count == 1 && traffic.allSatisfy { $0.requests > 50 })
        }
    }

    /// Costs of a model whose size the spec tells.
    @Test func parametersGiveCosts() throws {
        try with { setting in
            let server = try setting.server(.sglang)
            try setting.fixture.run(
                "a", set: setting.changes(server, more: ", parameters: 1000000"))
            let unknown = try setting.fixture.count(
                "SELECT count(*) FROM sample WHERE flops IS NULL OR bytes IS NULL", in: "a")
            #expect(unknown == 0)
        }
    }
}
