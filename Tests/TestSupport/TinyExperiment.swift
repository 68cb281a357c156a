import Foundation
import Hashing

/// A whole experiment that needs no download: two tiny models of one vocabulary, own questions in
/// GSM8K's layout, catalogues and specs, laid out as a checkout and its data directories are.
///
///     root/experiments/{datasets,tiny}.yaml
///     root/models/{small,large}.gguf
///     root/data/gsm8k/{train,test}.jsonl
package struct TinyExperiment: Sendable {
    /// How much there is to do.
    package struct Size: Sendable {
        /// Questions of the test split; the train split has as many.
        package var questions = 6
        /// Most tokens of an answer.
        package var maxTokens = 16
        /// Positions of both models; a prompt takes about 210.
        package var context = 512
        /// The large model's layers; the small one has 2.
        package var layers = 3
        /// The width of both models.
        package var width = 64

        /// What suits a quick test.
        package init() {}
    }

    /// Everything lies below it.
    package let root: String
    private let size: Size

    /// Writes models, data and catalogues; the spec is `root/experiments/tiny.yaml`.
    package init(at root: String, size: Size = Size()) throws {
        self.root = root
        self.size = size
        for folder in ["experiments", "models", "data/gsm8k", "results"] {
            try FileManager.default.createDirectory(
                atPath: "\(root)/\(folder)", withIntermediateDirectories: true)
        }
        try model("small", layers: 2, seed: 1)
        try model("large", layers: size.layers, seed: 2)
        try writeQuestions(count: size.questions)
        try write(Self.spec(models: root + "/models", size: size), to: "experiments/tiny.yaml")
    }

    /// The path of the spec with every policy.
    package var spec: String { root + "/experiments/tiny.yaml" }

    /// What `CITER_MODELS` and its like should be.
    package var environment: [String: String] {
        ["CITER_DATA": root + "/data", "CITER_CACHE": root + "/cache", "CITER_MODELS": root]
    }

    /// Writes `root/models/<name>.gguf`; `words` are tokens in place of the first padding ones, `metadata` as for `TinyModel`.
    package func model(
        _ name: String, layers: Int = 2, seed: UInt64, vocabulary: Int = 288,
        context: Int? = nil, words: [String] = [], metadata: [String: TinyGGUF.Value] = [:]
    ) throws {
        var tokens = TinyVocabulary(count: vocabulary)
        for (index, word) in words.enumerated() {
            tokens.replace(TinyVocabulary.leastCount + index, with: word, type: 1)
        }
        try TinyModel.write(
            to: "\(root)/models/\(name).gguf", width: size.width, layers: layers, heads: 4,
            kvHeads: 2, feedForward: 2 * size.width, vocabulary: vocabulary,
            context: context ?? size.context, seed: seed,
            metadata: tokens.metadata.merging(metadata) { $1 })
    }

    /// Writes both splits and their catalogue anew; question number `long` is repeated until no
    /// context holds it.
    package func writeQuestions(count: Int, long: Int? = nil) throws {
        var files = ""
        for (split, offset) in [("train", 1000), ("test", 0)] {
            let rows = (0..<count).map { number -> String in
                let copies = number == long && split == "test" ? 40 : 1
                return Self.row(number + offset, copies: copies)
            }
            let text = rows.joined(separator: "\n") + "\n"
            try write(text, to: "data/gsm8k/\(split).jsonl")
            let hash = SHA256.hexadecimal(of: text.utf8)
            files += """
                      - split: \(split)
                        file: gsm8k/\(split).jsonl
                        rows: \(count)
                        bytes: \(text.utf8.count)
                        sha256: \(hash)
                        sources: [{ directory: CITER_DATA }]

                """
        }
        try write(
            """
            datasets:
              gsm8k:
                licence: none
                origin: written for tests
                format: gsm8k
                files:
            \(files)
            """, to: "experiments/datasets.yaml")
    }

    /// Writes a file below the root.
    package func write(_ text: String, to path: String) throws {
        try writeFile(Array(text.utf8), to: "\(root)/\(path)")
    }

    /// One row: a sum in words, different for each number, of lengths that differ, too.
    package static func row(_ number: Int, copies: Int = 1) -> String {
        let things = ["hens", "boats", "letters", "stones", "old books", "jars of plum jam"]
        let thing = things[number % things.count]
        let (a, b) = (number % 17 + 3, number % 11 + 2)
        let more = String(repeating: "It rains. ", count: number % 4)
        let question =
            "\(more)A shed holds \(a) \(thing), and \(b) more are brought. How many \(thing) are "
            + "in the shed?"
        let text = Array(repeating: question, count: copies).joined(separator: " ")
        return "{\"question\": \"\(text)\", \"answer\": \"\(a) + \(b) = \(a + b)\\n#### \(a + b)\"}"
    }

    /// A spec with every policy that needs no trained router, some by quantiles.
    package static func spec(models: String, size: Size = Size()) -> String {
        """
        experiment: tiny
        question: Does the runner keep its promises?
        models: { slm: \(models)/small.gguf, llm: \(models)/large.gguf }
        task: { name: gsm8k, split: test, limit: \(size.questions) }
        generation: { max_tokens: \(size.maxTokens) }
        calibration: { split: train, limit: 3 }
        policies:
          - slm
          - llm
          - random: { ratio: [0.3, 0.7] }
          - entropy: { threshold: { quantiles: 3 } }
          - margin: { threshold: { quantiles: 2 } }
          - max-prob: { threshold: [0.02, 0.05] }

        """
    }
}
