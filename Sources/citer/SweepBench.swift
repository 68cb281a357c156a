import Assets
import Foundation
import Platform
import ResultsStore
import Runs

/// `citer bench --sweep`: what fusing a sweep's cells and batching its texts save on this machine, and how near the saving is to what any method could do.
///
/// Calibration and the first question are run beforehand, and loading the models is not counted.
struct SweepBench {
    /// One way to run the sweep.
    struct Mode: Equatable {
        let fused: Bool
        let batch: Int

        var name: String { fused ? "fused" : "cell by cell" }
    }

    /// What a run measured: its own work, not the work that its cells are charged with.
    struct Result: Equatable {
        let mode: Mode
        let seconds: Double
        /// Tokens written, all answers together.
        let written: Int
        let slm: Work
        let llm: Work
    }

    /// One model's part.
    struct Work: Equatable {
        var passes = 0
        var tokens = 0
    }

    /// Tokens that each model must read.
    struct Tokens: Equatable {
        var slm = 0
        var llm = 0
    }

    private let path: String
    private let assets: AssetStore
    private let options: Sweep.Options
    private let modes: [Mode]

    /// A benchmark of a spec; each mode in turn, so that the first has no advantage, `fused` of each batch before cell by cell.
    init(
        spec: String, assets: AssetStore, overrides: [String], batches: [Int], threads: Int?
    ) {
        path = spec
        self.assets = assets
        var options = Sweep.Options()
        options.overrides = overrides
        options.threads = threads
        self.options = options
        modes = batches.flatMap { [Mode(fused: true, batch: $0), Mode(fused: false, batch: $0)] }
    }

    /// Runs every mode in a scratch directory; `show` gets the report's lines, for people, each as soon as it is known.
    func run(show: (String) throws -> Void) throws {
        let directory = FileManager.default.temporaryDirectory
            .appendingPathComponent("citer-bench-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: directory) }
        let prepared = directory.appendingPathComponent("prepared.sqlite").path
        var first = options
        first.overrides.removeAll { $0.hasPrefix("task.limit=") }
        first.overrides.append("task.limit=1")
        first.database = prepared
        _ = try Sweep(path: path, assets: assets, options: first).run()
        try Interruption.check()
        try Self.head.forEach(show)
        var results: [Result] = []
        var needed: (alone: Tokens, distinct: Tokens)?
        for (number, mode) in modes.enumerated() {
            let database = directory.appendingPathComponent("\(number).sqlite").path
            try FileManager.default.copyItem(atPath: prepared, toPath: database)
            let result = try measure(mode, database)
            results.append(result)
            try show(Self.row(result))
            if needed == nil {
                needed = try Self.needed(
                    ResultsReader(path: database), besides: ResultsReader(path: prepared))
            }
        }
        try Self.summary(results, needed).forEach(show)
    }

    private func measure(_ mode: Mode, _ database: String) throws -> Result {
        let before = try Self.measured(ResultsReader(path: database))
        var options = self.options
        options.database = database
        options.fused = mode.fused
        options.batch = mode.batch
        _ = try Sweep(path: path, assets: assets, options: options).run()
        try Interruption.check()
        let after = try Self.measured(ResultsReader(path: database))
        return Result(
            mode: mode, seconds: after.seconds - before.seconds,
            written: after.written - before.written,
            slm: Work(
                passes: after.slm.passes - before.slm.passes,
                tokens: after.slm.tokens - before.slm.tokens),
            llm: Work(
                passes: after.llm.passes - before.llm.passes,
                tokens: after.llm.tokens - before.llm.tokens))
    }

    private static func measured(
        _ reader: ResultsReader
    ) throws -> (seconds: Double, written: Int, slm: Work, llm: Work) {
        var (seconds, slm, llm) = (0.0, Work(), Work())
        for timing in try reader.timings().map(\.record) {
            seconds += timing.seconds
            switch timing.phase {
            case .slmPrefill, .slmStep:
                slm.passes += timing.passes
                slm.tokens += timing.tokens
            case .llmCatchUp, .llmStep:
                llm.passes += timing.passes
                llm.tokens += timing.tokens
            default: break
            }
        }
        let written = try reader.query("SELECT ifnull(sum(tokens), 0) FROM sample").rows[0][0]
            .number
        return (seconds, Int(written), slm, llm)
    }

    /// What the questions that `first` does not have need: summed over cells, and once for each distinct prefix (docs/design.md, section 3).
    ///
    /// A model must read a prefix's last token if it was asked there or at a prefix that goes on from it, and the prompt once.
    private static func needed(
        _ reader: ResultsReader, besides first: ResultsReader
    ) throws -> (alone: Tokens, distinct: Tokens) {
        func cells(of reader: ResultsReader) throws -> [CellRow] {
            try reader.experiments().filter { !ExperimentName.isCalibration($0.record.name) }
                .flatMap { try reader.cells(of: $0.id) }
        }
        let done = Set(
            try cells(of: first).flatMap { try first.samples(of: $0.id).map(\.question) })
        /// The texts of one question as a tree of tokens.
        final class Node {
            var next: [Int: Node] = [:]
            var slm = false
            var llm = false

            var sum: Tokens {
                next.values.map(\.sum).reduce(Tokens(slm: slm ? 1 : 0, llm: llm ? 1 : 0)) {
                    Tokens(slm: $0.slm + $1.slm, llm: $0.llm + $1.llm)
                }
            }
        }
        var (alone, distinct) = (Tokens(), Tokens())
        var roots: [String: (node: Node, prompt: Int)] = [:]
        for cell in try cells(of: reader) {
            for sample in try reader.samples(of: cell.id) where !done.contains(sample.question) {
                guard let usage = sample.sample?.usage else { continue }
                alone.slm += usage.slmProcessed
                alone.llm += usage.llmProcessed
                let root = roots[sample.question] ?? (Node(), usage.promptTokens)
                roots[sample.question] = root
                // The prefixes before each token, and how many of them each model has read.
                var path = [root.node]
                var (slmRead, llmRead) = (0, 0)
                for token in try reader.tokens(of: sample) {
                    let node = path[path.count - 1]
                    if token.slm != nil {
                        for prefix in path[slmRead...] { prefix.slm = true }
                        slmRead = path.count
                    }
                    if token.llm != nil {
                        for prefix in path[llmRead...] { prefix.llm = true }
                        llmRead = path.count
                    }
                    let following = node.next[token.token] ?? Node()
                    node.next[token.token] = following
                    path.append(following)
                }
            }
        }
        for (_, root) in roots {
            let sum = root.node.sum
            // The root is the prompt.
            distinct.slm += sum.slm + (root.node.slm ? root.prompt - 1 : 0)
            distinct.llm += sum.llm + (root.node.llm ? root.prompt - 1 : 0)
        }
        return (alone, distinct)
    }

    private static let head = [
        "| Run | Batch | Seconds | Tokens written/s | SLM passes | SLM tokens | LLM passes | LLM tokens |",
        "|---|---:|---:|---:|---:|---:|---:|---:|",
    ]

    private static func row(_ result: Result) -> String {
        let rate = Double(result.written) / max(result.seconds, 1e-9)
        return "| \(result.mode.name) | \(result.mode.batch) | "
            + String(format: "%.1f | %.0f", result.seconds, rate)
            + " | \(result.slm.passes) | \(result.slm.tokens) | \(result.llm.passes) | \(result.llm.tokens) |"
    }

    private static func summary(
        _ results: [Result], _ needed: (alone: Tokens, distinct: Tokens)?
    ) -> [String] {
        var lines = results.dropFirst().map { result in
            let ratio = String(format: "%.2f", result.seconds / max(results[0].seconds, 1e-9))
            return
                "\(result.mode.name) at batch \(result.mode.batch): \(ratio) times the first row's seconds"
        }
        if let needed {
            lines.append(
                "needed: as if each cell had run alone, SLM \(needed.alone.slm) and LLM \(needed.alone.llm) tokens; "
                    + "distinct prefixes, SLM \(needed.distinct.slm) and LLM \(needed.distinct.llm)"
            )
        }
        return lines
    }
}
