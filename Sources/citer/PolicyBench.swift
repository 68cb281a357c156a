import ArgumentParser
import Assets
import Foundation
import Generation
import Inference
import Platform
import Routing
import Runs

/// `citer bench --policy`: where the time of answers goes, one at a time, and whether it is what the passes by themselves take (docs/speed.md).
struct PolicyBench {
    struct Options: ParsableArguments {
        @Option(
            name: .customLong("slm"),
            help: "The small model, for --policy. (default: qwen2.5-coder-0.5b)")
        var givenSlm: String?
        @Option(
            name: .customLong("llm"),
            help: "The large model, for --policy. (default: qwen2.5-coder-1.5b)")
        var givenLlm: String?
        @Option(
            name: .customLong("policy"),
            help:
                "A policy instead of a model, such as margin=0.5,keep=strict: its answers by themselves. May be repeated."
        )
        var policies: [String] = []
        @Option(help: "For --policy: the prompts, a line each.", transform: givenPath)
        var promptFile: String?
        @Option(
            name: .customLong("max-tokens"),
            help: "For --policy: most new tokens. (default: 256)")
        var givenMaxTokens: Int?

        var slm: String { givenSlm ?? "qwen2.5-coder-0.5b" }
        var llm: String { givenLlm ?? "qwen2.5-coder-1.5b" }
        var maxTokens: Int { givenMaxTokens ?? 256 }
    }

    /// A policy's answers.
    private struct Run {
        let name: String
        let policy: RoutingPolicy
        let generator: Generator<AnyModel>
        var seconds = 0.0
        var tokens = 0
        var passes: [PassTiming] = []
    }

    private let models: Pair<AnyModel>
    private let pair: ModelPair
    private let prompts: [String]
    private let rounds: Int
    private var runs: [Run]

    init(_ options: Options, assets: AssetStore, threads: Int?, rounds: Int) throws {
        guard let file = options.promptFile else {
            throw ValidationError("--policy needs --prompt-file, a file with a prompt on each line")
        }
        guard options.maxTokens > 0 else {
            throw ValidationError("--max-tokens must be at least 1")
        }
        prompts = try Self.prompts(in: file)
        self.rounds = rounds
        let settings = try options.policies.map { try PolicySetting(text: $0) }
        let pair = try ModelPair(
            Pair(
                slm: Participant(assets.model(options.slm)),
                llm: Participant(assets.model(options.llm))), template: nil)
        self.pair = pair
        let models = try pair.load(Processor(threads: threads))
        self.models = models
        let routers = RouterFiles(folders: assets.catalog.folders)
        runs = try settings.map { setting in
            guard case .routed(let policy) = try routers.method(of: setting, for: pair) else {
                throw ValidationError("\(setting) makes an answer of other answers; time those")
            }
            var generation = Generator<AnyModel>.Options(
                maxTokens: options.maxTokens, endTokens: pair.endTokens, batch: 1)
            generation.keepsPasses = true
            return Run(
                name: "\(setting)", policy: policy,
                generator: try Generator(models, options: generation))
        }
    }

    private static func prompts(in file: String) throws -> [String] {
        let lines = try text(ofFile: file).split(whereSeparator: \.isNewline).map(String.init)
        guard !lines.isEmpty else {
            throw ValidationError("--prompt-file \(file) is empty; give it a prompt on each line")
        }
        return lines
    }

    /// Measures and prints. Policies take turns, prompt by prompt.
    mutating func run() throws {
        var account = PassAccount(times: try passTimes())
        // The first answers tell which passes there are, and warm up.
        for index in runs.indices { try answer(prompts[0], by: index) }
        try account.time(kinds, rounds: rounds)
        for index in runs.indices {
            runs[index].seconds = 0
            runs[index].tokens = 0
            runs[index].passes = []
        }
        for round in 0..<rounds {
            for prompt in prompts {
                for turn in runs.indices {
                    try answer(prompt, by: (turn + round) % runs.count)
                    if Interruption.isRequested { throw CancellationError() }
                }
            }
        }
        try account.time(kinds, rounds: rounds)
        try show(account)
    }

    private var kinds: Set<PassAccount.Kind> {
        Set(runs.flatMap(\.passes).map { PassAccount.Kind($0) }.filter(\.isOfAnswer))
    }

    private mutating func answer(_ prompt: String, by index: Int) throws {
        let prompt = pair.prompt(system: nil, user: prompt)
        var request: Request? = Request(
            question: "prompt", prompt: prompt.tokens, openings: prompt.openings,
            lanes: [Lane(runs[index].policy)])
        let generator = runs[index].generator
        var tokens = 0
        let start = ContinuousClock.now
        try generator.run(
            next: {
                defer { request = nil }
                return request
            },
            report: { _, _, outcome in
                switch outcome {
                case .finished(let trace): tokens = trace.decisions.count
                case .failed(let error): throw error
                }
            })
        runs[index].seconds += (ContinuousClock.now - start) / .seconds(1)
        runs[index].tokens += tokens
        runs[index].passes += generator.takePasses()
    }

    /// Seconds of a pass of a kind by itself, over tokens without meaning.
    private func passTimes() throws -> (PassAccount.Kind, Int) throws -> Double {
        let models = models
        func tokens(_ count: Int, of model: Route) -> [Int32] {
            (0..<count).map { Int32(($0 * 7919 + 13) % models[model].vocabularyCount) }
        }
        let texts = try Pair { model in
            try PassAccount.contexts.map { context in
                let sequence = models[model].makeSequence()
                _ = try models[model].read([Work(sequence, tokens(context, of: model), read: .none)]
                )
                return (context, sequence)
            }
        }
        return { kind, context in
            guard let sequence = texts[kind.model].first(where: { $0.0 == context })?.1 else {
                return 0
            }
            let read = tokens(kind.tokens, of: kind.model)
            let start = ContinuousClock.now
            _ = try models[kind.model].read([
                Work(
                    sequence, read,
                    read: kind.readings > 1
                        ? Read(.from(kind.tokens - kind.readings), targets: read) : .last)
            ])
            defer { sequence.rewind(to: context) }
            return (ContinuousClock.now - start) / .seconds(1)
        }
    }

    // MARK: - The account

    private func show(_ account: PassAccount) throws {
        let first = runs.first { $0.name == "llm" } ?? runs[0]
        try StandardOutput.show(
            "\(prompts.count) prompts, \(rounds) rounds, one text at a time. Predicted: what such passes take by themselves, measured in the same minutes.\n"
        )
        for run in runs {
            let lines = account.lines(run.passes)
            let perAnswer = 1 / Double(prompts.count * rounds)
            let passes = lines.reduce(0) { $0 + $1.measured }
            let predicted = lines.reduce(0) { $0 + $1.predicted }
            let (aToken, theirs) = (
                run.seconds / Double(run.tokens), first.seconds / Double(first.tokens)
            )
            try StandardOutput.show(
                "\(run.name): \(number(run.seconds * perAnswer, 3)) s an answer of "
                    + "\(number(Double(run.tokens) * perAnswer, 1)) tokens, \(number(1000 * aToken, 2)) ms a token, "
                    + "\(number(theirs / aToken, 2)) times as fast as \(first.name); "
                    + "measured / predicted \(number(run.seconds / predicted, 3))")
            try StandardOutput.show(
                "| model | tokens | distributions | passes | measured ms | predicted ms | ratio |")
            try StandardOutput.show(
                "|-------|-------:|--------------:|-------:|------------:|-------------:|------:|")
            for line in lines where line.kind.isOfAnswer { try show(line, perAnswer) }
            for model in Route.allCases {
                let prompts = lines.filter { !$0.kind.isOfAnswer && $0.kind.model == model }
                guard !prompts.isEmpty else { continue }
                try row([
                    "\(model)", "prompts", "",
                    number(Double(prompts.reduce(0) { $0 + $1.passes }) * perAnswer, 1),
                    number(1000 * prompts.reduce(0) { $0 + $1.measured } * perAnswer, 1), "", "",
                ])
            }
            try row([
                "", "", "", "rest", number(1000 * (run.seconds - passes) * perAnswer, 1), "0.0", "",
            ])
            try StandardOutput.show("")
        }
    }

    private func show(_ line: PassAccount.Line, _ perAnswer: Double) throws {
        try row([
            "\(line.kind.model)", "\(line.kind.tokens)", "\(line.kind.readings)",
            number(Double(line.passes) * perAnswer, 1), number(1000 * line.measured * perAnswer, 1),
            number(1000 * line.predicted * perAnswer, 1), number(line.measured / line.predicted, 2),
        ])
    }

    private func row(_ cells: [String]) throws {
        try StandardOutput.show("| \(cells.joined(separator: " | ")) |")
    }

    private func number(_ value: Double, _ decimals: Int) -> String {
        String(format: "%.\(decimals)f", value)
    }
}
