import Routing
import Schemas
import Servers
import SweepSupport
import Testing

@testable import Specs

/// A model behind a server, as specs say it.
struct ServerSpecTests {
    private static let good =
        "server: \"http://h:1\", api: vllm, model: m, tokenizer: tiny, identity: bf16"

    private func text(_ server: String, policies: String? = nil) -> String {
        let text = SpecFixture.with("models:", "models: { slm: tiny, llm: { \(server) } }")
        guard let policies else {
            // Those of the fixture that any server can answer.
            let lines = text.split(separator: "\n").filter { line in
                !["speculative", "bild", "ablations", "short-sight"].contains(where: line.contains)
            }
            return lines.joined(separator: "\n") + "\n"
        }
        let head = text.split(separator: "\n").prefix { !$0.hasPrefix("policies") }
        return head.joined(separator: "\n") + "\npolicies: \(policies)\n"
    }

    @Test func allKeys() throws {
        let server =
            Self.good + ", concurrency: 3, timeout: 7, key: LLM_KEY, parameters: 1000"
        let models = try SpecFixture.parse(text(server)).models
        let settings = try #require(models.servers.llm)
        #expect(models.servers.slm == nil && models.slm == "tiny" && models.llm == "m")
        #expect(settings.address.text == "http://h:1" && settings.kind == .vllm)
        #expect(settings.tokenizer == "tiny" && settings.identity == "bf16")
        #expect(settings.concurrency == 3 && settings.timeout == 7)
        #expect(settings.keyVariable == "LLM_KEY" && settings.parameters == 1000)
        #expect(models.secrets == ["LLM_KEY"])
        let usual = try #require(SpecFixture.parse(text(Self.good)).models.servers.llm)
        #expect(usual.concurrency == 8 && usual.timeout == 60 && usual.keyVariable == nil)
    }

    @Test(arguments: [
        ("api: vllm, model: m, tokenizer: tiny, identity: x", "missing key \"server\""),
        ("server: \"http://h\", model: m, tokenizer: tiny, identity: x", "missing key \"api\""),
        ("server: \"http://h\", api: vllm, tokenizer: tiny, identity: x", "missing key \"model\""),
        ("server: \"http://h\", api: vllm, model: m, identity: x", "missing key \"tokenizer\""),
        ("server: \"http://h\", api: vllm, model: m, tokenizer: tiny", "missing key \"identity\""),
        (good.replacing("vllm", with: "tgi"), "llama-server"),
        (good.replacing("tiny", with: "tine"), "unknown model \"tine\""),
        (good.replacing("tiny", with: "models/none.gguf"), "no model file"),
        (good.replacing("http:", with: "ftp:"), "must begin with http"),
        (good.replacing("http://h", with: "http://u:p@h"), "must not hold a user's name"),
        (good + ", concurrency: 0", "concurrency"), (good + ", timeout: 0.5", "timeout"),
        (good + ", retries: 3", "unknown key \"retries\""),
        (good + ", parameters: 0", "parameters"),
    ])
    func mistakes(server: String, says: String) {
        #expect(SpecFixture.errors(text(server)).contains(says))
    }

    /// What stands under `key` may be one: no message repeats it, nor a line that holds it.
    @Test(arguments: ["sk-abc123", "lower_case", "A B", "1A", "Ä"])
    func keysAreNamesOfVariables(key: String) {
        let errors = SpecFixture.errors(text(Self.good + ", key: \"\(key)\", concurrency: none"))
        #expect(errors.contains("name of an environment variable"))
        #expect(!errors.contains(key), "\(errors)")
    }

    @Test(arguments: [
        ("[slm, { entropy: { threshold: 1 } }]", nil),
        ("[slm, { citer: { router: sums-citer, threshold: 0.5 } }]", nil),
        ("[llm, { speculative: { draft: 4 } }]", nil),
        ("[llm, { margin: { threshold: 0.5, keep: [strict, ratio: 0.2, top-k: 3, fly] } }]", nil),
        ("[llm, { margin: { threshold: 0.5, keep: { kl: 0.2 } } }]", "whole distributions"),
        ("[llm, { margin: { threshold: 0.5, keep: { judge: sums-citer, recall: 0.9 } } }]", "m to"),
    ])
    func whatVLLMTells(policies: String, lack: String?) {
        let errors = SpecFixture.errors(text(Self.good, policies: policies))
        if let lack {
            #expect(errors.contains(lack) && errors.contains("vllm does not let it"), "\(errors)")
        } else {
            #expect(errors == "no errors")
        }
    }

    /// The small model behind a server tells less than policies may want of it.
    @Test(arguments: [
        ("[slm, llm, { margin: { threshold: 0.5 } }, { random: { ratio: 0.5 } }]", nil),
        ("[slm, { entropy: { threshold: 1 } }]", "give the entropy of its next token"),
        ("[slm, { citer: { router: sums-citer, threshold: 0.5 } }]", "give the entropy"),
        (
            "[llm, { speculative: { draft: 4, drafts: { rows: 600 } } }]",
            "choose among some of its tokens alone"
        ),
    ])
    func aSmallModelBehindAServer(policies: String, lack: String?) {
        let errors = SpecFixture.errors(
            text(Self.good, policies: policies)
                .replacing(
                    "slm: tiny, llm: { \(Self.good) }", with: "slm: { \(Self.good) }, llm: large"))
        if let lack {
            #expect(errors.contains(lack), "\(errors)")
        } else {
            #expect(errors == "no errors")
        }
    }

    @Test func routersAreTrainedHere() {
        let spec =
            text(Self.good)
            + "routers:\n  - { name: r, kind: citer }\n  - { name: j, kind: judge }\n"
        let errors = SpecFixture.errors(spec)
        #expect(
            errors.contains("router \"r\" needs m to") && errors.contains("router \"j\" needs m to")
        )
    }
}
