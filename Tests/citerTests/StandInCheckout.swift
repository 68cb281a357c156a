import Assets
import Foundation
import Inference
import ResultsStore
import Routing
import SweepSupport
import TestSupport

@testable import Specs

/// A checkout in small: the models' names stand for tiny ones, and every experiment for a tiny one of its name with those of its policies
/// that need no router and no calibration. So a documented command runs as it is written.
struct StandInCheckout {
    private let tiny: TinyExperiment
    private let original: String
    private let catalog: AssetCatalog

    private var root: String { tiny.root }

    init(at root: String, for original: String) throws {
        var size = TinyExperiment.Size()
        // README shows question 17.
        size.questions = 18
        size.maxTokens = 4
        tiny = try TinyExperiment(at: root, size: size)
        self.original = original
        catalog = try AssetCatalog(directory: original + "/experiments")
        try writeModels()
        try tiny.write("{\"prompt_ids\": [1, 2], \"ids\": [3, 4]}\n", to: "ROWS.jsonl")
        // A cluster that takes every job and knows of none.
        for (name, text) in [("sbatch", "echo 1"), ("squeue", "true")] {
            try tiny.write("#!/bin/sh\n\(text)\n", to: name)
            chmod("\(root)/\(name)", 0o755)
        }
    }

    private func writeModels() throws {
        var text = "models:\n"
        for model in catalog.models {
            let size = model.name.contains("1.5b") ? "large" : "small"
            let path = "\(root)/models/\(size).gguf"
            let bytes = try FileManager.default.attributesOfItem(atPath: path)[.size] as? Int ?? 0
            text += """
                  \(model.name):
                    architecture: \(model.architecture)
                    licence: none
                    file: models/\(size).gguf
                    bytes: \(bytes)
                    sha256: \(try sha256(ofFile: path))
                    sources: [{ directory: CITER_MODELS }]

                """
        }
        try tiny.write(text, to: "experiments/models.yaml")
    }

    /// Whether nothing is left for the reader to put in, and nothing needs more than this checkout has.
    func canRun(_ words: [String]) -> Bool {
        guard let program = words.first, program != "make",
            !program.contains("/") || program.hasSuffix("/citer")
        else { return false }
        return words.allSatisfy { word in
            !DocumentedCommand.isPlaceholder(word)
                || FileManager.default.fileExists(atPath: "\(root)/\(word)")
        }
    }

    /// Writes the specs that a command names, and runs those whose answers it reads.
    func prepare(for words: [String]) throws {
        let experiments = words.compactMap { word -> String? in
            let file = word.split(separator: "/").last.map(String.init) ?? word
            let name = file.split(separator: ".").first.map(String.init) ?? file
            let spec = "\(original)/experiments/\(name).yaml"
            return FileManager.default.fileExists(atPath: spec) ? name : nil
        }
        for name in experiments where !FileManager.default.fileExists(atPath: spec(name)) {
            try write(name)
        }
        guard !words.contains("sweep") else { return }
        for name in experiments where !FileManager.default.fileExists(atPath: database(name)) {
            let swept = try run(["citer", "sweep", "experiments/\(name).yaml"])
            guard swept.status == 0 else { throw Unprepared(messages: swept.messages) }
        }
    }

    struct Unprepared: Error {
        let messages: String
    }

    private func spec(_ name: String) -> String { "\(root)/experiments/\(name).yaml" }
    private func database(_ name: String) -> String { "\(root)/results/\(name).sqlite" }

    private func write(_ name: String) throws {
        let names = try SpecNames(catalog: catalog, routers: nil, fileExists: { _ in false })
        let spec = try SweepSpec.load(
            path: "\(original)/experiments/\(name).yaml", known: names)
        var text = """
            experiment: \(name)
            models: { slm: \(spec.models.slm), llm: \(spec.models.llm) }
            task: { name: gsm8k, split: test, limit: 18 }
            generation: { max_tokens: 4 }
            run: { fuse: \(spec.run.fused), batch: \(spec.run.batch) }
            policies:

            """
        for setting in spec.settings
        where setting.label == nil && setting.router == nil && setting.method == nil {
            if case .quantile? = setting.threshold { continue }
            let settings = setting.setting?.replacingOccurrences(of: "=", with: ": ")
            text += "  - \(setting.policy.name)\(settings.map { ": { \($0) }" } ?? "")\n"
        }
        try tiny.write(text, to: "experiments/\(name).yaml")
    }

    /// Runs a command as the documentation has it.
    func run(_ words: [String]) throws -> CiterCommand.Result {
        if words.first == "sqlite3" { return try query(words) }
        let path = ProcessInfo.processInfo.environment["PATH"] ?? ""
        return try CiterCommand(
            Array(words.dropFirst()), in: root,
            environment: tiny.environment.merging(["PATH": "\(root):\(path)"]) { $1 }
        ).finish()
    }

    /// `sqlite3 FILE SQL`, `sqlite3 FILE < SCRIPT`, without needing that program.
    private func query(_ words: [String]) throws -> CiterCommand.Result {
        let sql =
            words[2] == "<"
            ? try String(contentsOfFile: "\(original)/\(words[3])", encoding: .utf8) : words[2]
        let rows = try ResultsReader(path: "\(root)/\(words[1])").query(sql).rows
        return CiterCommand.Result(
            status: 0, signalled: false, output: "\(rows)", messages: "")
    }
}
