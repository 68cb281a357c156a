import ArgumentParser
import Assets
import Foundation
import Generation
import Inference
import Platform
import Runs

/// `citer bench --model`: how fast a model reads prompts and decodes, by batch size; medians of several rounds after a warm-up.
struct ModelBench {
    /// What to time, and how.
    struct Options: ParsableArguments {
        @Option(
            name: .customLong("prompt"),
            help: "Tokens of the prompt; 0: no prefill. (default: 256)")
        var givenPrompt: Int?
        @Option(
            name: .customLong("generate"), help: "Steps of decoding; 0: none. (default: 64)")
        var givenGenerate: Int?
        @Option(
            name: .customLong("batch"),
            help: "Sequences that decode together, such as 1,8. (default: 1)",
            transform: sizes)
        var givenBatches: [Int]?
        @Option(
            name: .customLong("pass"),
            help: "Tokens of one text in one pass, such as 4,8,32 or 1...40; with a curve of them.",
            transform: sizes)
        var passes: [Int] = []
        @Flag(help: "Each kind of weight matrix by itself, with one token and with --pass.")
        var products = false
        @OptionGroup var threading: ThreadOptions
        @Option(
            name: .customLong("rounds"),
            help: "Rounds, of which the median counts. (default: 3)")
        var givenRounds: Int?
        @Flag(help: "One JSON document instead of a table, for --model.") var json = false

        // What was given is known apart from what is usual: not everything is of every benchmark.
        var prompt: Int { givenPrompt ?? 256 }
        var generate: Int { givenGenerate ?? 64 }
        var batches: [Int] { givenBatches ?? [1] }
        var rounds: Int { givenRounds ?? 3 }

        func validate() throws {
            guard (1...10_000).contains(rounds) else {
                throw ValidationError("--rounds must be 1 to 10000")
            }
            guard (0...100_000).contains(prompt), (0...100_000).contains(generate) else {
                throw ValidationError("--prompt and --generate must be 0 to 100000")
            }
        }
    }

    struct Result: Encodable {
        let phase: String
        let batch: Int  // tokens of a prompt or pass, sequences of decoding
        let tokensPerSecond: Double
        /// Shares of what the machine can read and multiply.
        let memoryShare: Double?
        let multiplyShare: Double?
        enum CodingKeys: String, CodingKey {
            case phase, batch
            case tokensPerSecond = "tokens_per_second"
            case memoryShare = "memory_share"
            case multiplyShare = "multiply_share"
        }
    }
    private struct Limits: Encodable {
        let readBytesPerSecond: Double
        let multiplyAddsPerSecond: Double
        enum CodingKeys: String, CodingKey {
            case readBytesPerSecond = "read_bytes_per_second"
            case multiplyAddsPerSecond = "multiply_adds_per_second"
        }
    }
    private struct Report: Encodable {
        let model: String
        let threads: Int
        let instructions: String
        let loadSeconds: Double
        let limits: Limits
        let results: [Result]
        let products: [ProductTiming]
        /// With --pass.
        let stepSeconds: Double?
        let curve: [PassCurve.Point]?
        enum CodingKeys: String, CodingKey {
            case model, threads, instructions, limits, results, products, curve
            case loadSeconds = "load_seconds"
            case stepSeconds = "step_seconds"
        }
    }

    private let options: Options
    private let loaded: LoadedModel
    private let processor: Processor
    private let loadSeconds: Double
    private let clock = ContinuousClock()

    /// Loads the model; the time is reported.
    init(model: String, assets: AssetStore, options: Options) throws {
        self.options = options
        processor = try Processor(threads: options.threading.threads)
        let file = try assets.model(model)
        let start = clock.now
        loaded = try LoadedModel(file, processor: processor)
        loadSeconds = (clock.now - start) / .seconds(1)
    }

    /// Measures and prints.
    func run() throws {
        let limits = Limits(
            readBytesPerSecond: processor.measureReadBandwidth(),
            multiplyAddsPerSecond: processor.measureMultiplyPeak())
        var results: [Result] = []
        if options.prompt > 0 {
            let rate = try median { try pass(options.prompt, read: .last) }
            results.append(
                result("prefill", options.prompt, rate, tokens: options.prompt, logits: 1, limits))
        }
        let curve = options.passes.isEmpty ? nil : try measurePasses(limits)
        for point in curve?.points ?? [] {
            let count = point.tokens
            let (last, all) = (Double(count) / point.seconds, Double(count) / point.verifySeconds)
            results.append(result("pass", count, last, tokens: count, logits: 1, limits))
            results.append(result("verify", count, all, tokens: count, logits: count, limits))
        }
        if options.generate > 0 {
            for batch in options.batches {
                let rate = try median { try decode(batch: batch, steps: options.generate) }
                results.append(result("decode", batch, rate, tokens: batch, logits: batch, limits))
            }
        }
        var products: [ProductTiming] = []
        for tokens in options.products ? [1] + options.passes.filter({ $0 > 1 }) : [] {
            products += try loaded.model.timeProducts(tokens: tokens, rounds: options.rounds)
        }
        if options.json {
            try printJSON(
                Report(
                    model: loaded.participant.identity.name, threads: processor.threads,
                    instructions: processor.instructions.rawValue, loadSeconds: loadSeconds,
                    limits: limits, results: results, products: products,
                    stepSeconds: curve?.stepSeconds, curve: curve?.points))
        } else {
            try show(results, limits)
            for line in curve.map({ [""] + $0.lines }) ?? [] { try StandardOutput.show(line) }
            try show(products)
        }
    }

    /// A phase whose pass reads `tokens` tokens and computes `logits` distributions.
    private func result(
        _ phase: String, _ batch: Int, _ rate: Double, tokens: Int, logits: Int, _ limits: Limits
    ) -> Result {
        let config = loaded.model.config
        let passes = rate / Double(tokens)
        let bytes = Double(loaded.weightBytes) * passes
        let products =
            Double(config.bodyParameters * tokens + config.vocabulary * config.width * logits)
            * passes
        func share(_ value: Double, of limit: Double) -> Double? {
            limit > 0 ? value / limit : nil
        }
        return Result(
            phase: phase, batch: batch, tokensPerSecond: rate,
            memoryShare: share(bytes, of: limits.readBytesPerSecond),
            multiplyShare: share(products, of: limits.multiplyAddsPerSecond))
    }

    private func show(_ results: [Result], _ limits: Limits) throws {
        let read = String(format: "%.1f", limits.readBytesPerSecond / 1e9)
        let products = String(format: "%.0f", limits.multiplyAddsPerSecond / 1e9)
        try StandardOutput.show(
            "\(loaded.participant.identity.name): \(processor.threads) threads, \(processor.instructions.rawValue);"
                + " loaded in \(String(format: "%.2f", loadSeconds)) s.")
        try StandardOutput.show(
            "This machine reads \(read) GB/s and multiplies \(products) G bytes/s.\n")
        try StandardOutput.show("| phase   | tokens | tokens/s | of memory | of multiplying |")
        try StandardOutput.show("|---------|-------:|---------:|----------:|---------------:|")
        func percent(_ share: Double?) -> String {
            share.map { String(format: "%.0f %%", $0 * 100) } ?? "-"
        }
        for result in results {
            let cells = [
                pad(result.phase, 7, left: false), pad("\(result.batch)", 6),
                pad(String(format: "%.1f", result.tokensPerSecond), 8),
                pad(percent(result.memoryShare), 9), pad(percent(result.multiplyShare), 14),
            ]
            try StandardOutput.show("| \(cells.joined(separator: " | ")) |")
        }
    }

    private func show(_ products: [ProductTiming]) throws {
        guard !products.isEmpty else { return }
        try StandardOutput.show(
            "\n| weights |  rows x columns | matrices |     MB | tokens |  GB/s "
                + "| G multiply-adds/s |")
        try StandardOutput.show(
            "|---------|----------------:|---------:|-------:|-------:|------:"
                + "|------------------:|")
        for product in products {
            let cells = [
                pad(product.type, 7, left: false),
                pad("\(product.rows) x \(product.columns)", 15), pad("\(product.matrices)", 8),
                pad(String(format: "%.1f", Double(product.bytes) / 1e6), 6),
                pad("\(product.tokens)", 6),
                pad(String(format: "%.1f", product.bytesPerSecond / 1e9), 5),
                pad(String(format: "%.0f", product.multiplyAddsPerSecond / 1e9), 17),
            ]
            try StandardOutput.show("| \(cells.joined(separator: " | ")) |")
        }
    }

    private func pad(_ text: String, _ width: Int, left: Bool = true) -> String {
        let space = String(repeating: " ", count: max(width - text.count, 0))
        return left ? space + text : text + space
    }

    private func median(_ measure: () throws -> Double) throws -> Double {
        _ = try measure()
        let rates = try (0..<options.rounds).map { _ in try measure() }.sorted()
        return rates[rates.count / 2]
    }

    /// Tokens without meaning: time does not depend on which they are.
    private func tokens(_ count: Int, from start: Int = 0) -> [Int32] {
        (start..<(start + count)).map { Int32(($0 * 7919 + 13) % loaded.model.config.vocabulary) }
    }

    /// All lengths of --pass and a step of decoding in every round, so that a change of the machine's speed meets them all; medians.
    private func measurePasses(_ limits: Limits) throws -> PassCurve {
        var (steps, passes): ([Double], [[(pass: Double, verify: Double)]]) = ([], [])
        for _ in 0...options.rounds {
            steps.append(1 / (try decode(batch: 1, steps: 16)))
            passes.append(
                try options.passes.map { count in
                    // Catching up needs the last position's logits; verifying a draft needs all.
                    (
                        Double(count) / (try pass(count, read: .last, of: 16)),
                        Double(count) / (try pass(count, read: Read(.all), of: 16))
                    )
                })
        }
        func middle(_ seconds: [Double]) -> Double {
            let sorted = seconds.dropFirst().sorted()  // the first warms up
            return sorted[sorted.count / 2]
        }
        let config = loaded.model.config
        let bound = PassCurve.Bound(
            bytes: Double(loaded.weightBytes),
            bodyProducts: Double(config.bodyParameters),
            outputProducts: Double(config.vocabulary * config.width),
            bytesPerSecond: limits.readBytesPerSecond,
            productsPerSecond: limits.multiplyAddsPerSecond)
        let seconds = options.passes.enumerated().map { index, count in
            (
                count, middle(passes.map { $0[index].pass }),
                middle(passes.map { $0[index].verify })
            )
        }
        return PassCurve(stepSeconds: middle(steps), seconds: seconds, bound: bound)
    }

    /// One text of `count` tokens in one pass; short ones several times, so that the clock sees enough.
    private func pass(_ count: Int, read: Read, of enough: Int = 64) throws -> Double {
        let repetitions = max(1, enough / count)
        let start = clock.now
        for _ in 0..<repetitions {
            let sequence = loaded.model.makeSequence()
            _ = try loaded.model.forward([Segment(sequence, tokens(count), read: read)])
        }
        return Double(count * repetitions) / ((clock.now - start) / .seconds(1))
    }

    /// All sequences of the batch step together, after a prompt of 64 tokens each.
    private func decode(batch: Int, steps: Int) throws -> Double {
        let sequences = (0..<batch).map { _ in loaded.model.makeSequence() }
        for (index, sequence) in sequences.enumerated() {
            _ = try loaded.model.forward([Segment(sequence, tokens(64, from: index), read: .none)])
        }
        let start = clock.now
        for step in 0..<steps {
            let token = tokens(1, from: step)
            _ = try loaded.model.forward(sequences.map { Segment($0, token) })
        }
        return Double(batch * steps) / ((clock.now - start) / .seconds(1))
    }
}

/// A list of sizes as it was written.
private func sizes(_ list: String) throws -> [Int] {
    guard let sizes = parseSizes(list) else {
        throw ValidationError("expected numbers of 1 to 512, such as 1,8 or 1...40")
    }
    return sizes
}
