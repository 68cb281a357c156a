import Foundation
import Inference
import Runs
import SweepSupport
import TestSupport
import Testing

/// `citer bench --sweep`: what it counts; what it times is this machine's.
struct SweepBenchTests {
    /// The numbers of a row of the table.
    private func numbers(_ line: Substring) -> [Int] {
        line.split(separator: "|").compactMap { Int($0.trimmingCharacters(in: .whitespaces)) }
    }

    /// A fused sweep reads each distinct prefix once, and cells by themselves read what they are charged with.
    @Test func workIsWhatThePrefixesNeed() throws {
        try SweepFixture.with { fixture in
            let bench = try fixture.citer(
                "bench", "--sweep", "experiments/tiny.yaml", "--batch", "4")
            #expect(bench.status == 0, "\(bench.messages)")
            let lines = bench.output.split(separator: "\n")
            let fused = numbers(try #require(lines.first { $0.hasPrefix("| fused") }))
            let single = numbers(try #require(lines.first { $0.hasPrefix("| cell by cell") }))
            let needed = try #require(lines.first { $0.hasPrefix("needed") })
            // Batch, tokens written a second, passes and tokens of S, then of L.
            #expect(fused.count == 6 && single.count == 6)
            #expect(
                needed.hasSuffix(
                    "run alone, SLM \(single[3]) and LLM \(single[5]) tokens; "
                        + "distinct prefixes, SLM \(fused[3]) and LLM \(fused[5])"), "\(needed)")
            #expect(fused[3] < single[3] && fused[5] < single[5])
        }
    }

    /// Every matrix of the model is in one kind, with the bytes that it has in memory.
    @Test func productsOfEveryMatrix() throws {
        try SweepFixture.with { fixture in
            let bench = try fixture.citer(
                "bench", "--model", "models/small.gguf", "--prompt", "0", "--generate", "0",
                "--pass", "4", "--products", "--json")
            #expect(bench.status == 0, "\(bench.messages)")
            struct Report: Decodable {
                struct Product: Decodable {
                    let matrices, bytes, tokens: Int
                    let seconds: Double
                }
                let products: [Product]
            }
            let products = try JSONDecoder().decode(Report.self, from: Data(bench.output.utf8))
                .products
            let model = try fixture.load("small").model
            for tokens in [1, 4] {
                let kinds = products.filter { $0.tokens == tokens }
                #expect(kinds.reduce(0) { $0 + $1.matrices } == 7 * model.config.layers + 1)
                // The rest of the weights are norms and biases.
                let bytes = kinds.reduce(0) { $0 + $1.bytes }
                #expect(bytes < model.weightBytes && bytes * 10 > model.weightBytes * 9)
                #expect(kinds.allSatisfy { $0.seconds > 0 })
            }
        }
    }

    /// The passes that are timed by themselves read tokens of the models' own vocabulary, whatever its size.
    @Test func policiesOfASmallVocabulary() throws {
        var size = TinyExperiment.Size()
        size.context = 1024
        try SweepFixture.with(size: size) { fixture in
            try fixture.tiny.write("Name a river.\n", to: "prompts.txt")
            let bench = try fixture.citer(
                "bench", "--policy", "llm", "--policy", "margin=0.5", "--slm", "models/small.gguf",
                "--llm", "models/large.gguf", "--prompt-file", "prompts.txt", "--max-tokens", "3",
                "--rounds", "1")
            #expect(bench.status == 0, "\(bench.messages)")
            #expect(bench.output.hasPrefix("1 prompts, 1 rounds"))
        }
    }

    /// What says nothing of what is timed is refused by name, and so is what can't be counted.
    @Test func whatDoesNotBelongTogetherIsRefused() throws {
        let model = ["--model", "models/small.gguf"]
        let sweep = ["--sweep", "experiments/tiny.yaml"]
        let policy = ["--policy", "slm", "--prompt-file", "prompts.txt"]
        let cases: [([String], [[String]])] = [
            (
                model,
                [
                    ["--set", "nonsense"], ["--slm", "none"], ["--llm", "none"],
                    ["--prompt-file", "none"], ["--max-tokens", "0"], ["--rounds", "0"],
                    ["--rounds=-3"],
                ]
            ),
            (
                sweep,
                [
                    ["--json"], ["--prompt", "1"], ["--generate", "1"], ["--pass", "2"],
                    ["--products"], ["--rounds", "3"], ["--slm", "none"], ["--max-tokens", "256"],
                ]
            ),
            (
                policy,
                [
                    ["--json"], ["--set", "task.limit=1"], ["--batch", "1"], ["--prompt", "256"],
                    ["--pass", "2"], ["--products"], ["--rounds", "0"],
                ]
            ),
        ]
        try SweepFixture.with { fixture in
            for (timed, others) in cases {
                for words in others {
                    let result = try fixture.citer(["bench"] + timed + words)
                    #expect(result.status == 2 && result.output.isEmpty, "\(timed) \(words)")
                    let name = words[0].split(separator: "=")[0]
                    #expect(result.messages.contains("Error: \(name)"), "\(result.messages)")
                }
            }
        }
    }

    @Test func eitherAModelOrASweep() throws {
        try SweepFixture.with { fixture in
            let none = try fixture.citer("bench")
            #expect(none.status == 2 && none.messages.contains("--sweep"))
        }
    }
}
