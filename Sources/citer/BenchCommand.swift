import ArgumentParser
import Assets
import Platform

struct BenchCommand: PollingCommand {
    static let configuration = CommandConfiguration(
        commandName: "bench", abstract: "Time a model, a sweep, or policies, on this machine.")
    @Option(help: "A model's name, or the path of a .gguf file.") var model: String?
    @Option(help: "A spec instead of a model: its sweep, fused and cell by cell, at each --batch.")
    var sweep: String?
    @Option(name: .customLong("set"), help: "Change the spec of --sweep: task.limit=10.")
    var overrides: [String] = []
    @OptionGroup var policy: PolicyBench.Options
    @OptionGroup var options: ModelBench.Options

    func validate() throws {
        guard [model != nil, sweep != nil, !policy.policies.isEmpty].count(where: \.self) == 1
        else {
            throw ValidationError(
                "give one of --model, to time a model, --sweep, to time a sweep, and --policy, to time answers"
            )
        }
        guard foreign.isEmpty else {
            let timed = sweep != nil ? "--sweep" : model != nil ? "--model" : "--policy"
            throw ValidationError(
                "\(foreign.joined(separator: ", ")): of no use with \(timed); leave that out")
        }
    }

    /// The options that were given and say nothing of what is timed.
    private var foreign: [String] {
        let ofSweep = [("--set", !overrides.isEmpty)]
        let ofModel = [
            ("--prompt", options.givenPrompt != nil), ("--generate", options.givenGenerate != nil),
            ("--pass", !options.passes.isEmpty), ("--products", options.products),
            ("--json", options.json),
        ]
        let ofPolicy = [
            ("--slm", policy.givenSlm != nil), ("--llm", policy.givenLlm != nil),
            ("--prompt-file", policy.promptFile != nil),
            ("--max-tokens", policy.givenMaxTokens != nil),
        ]
        let others =
            if sweep != nil {
                ofModel + ofPolicy + [("--rounds", options.givenRounds != nil)]
            } else if model != nil {
                ofSweep + ofPolicy
            } else {
                ofSweep + ofModel + [("--batch", options.givenBatches != nil)]
            }
        return others.filter(\.1).map(\.0)
    }

    var isPolling: Bool { model == nil }

    func run() throws {
        if let sweep {
            let bench = SweepBench(
                spec: sweep, assets: try openAssets(spec: sweep), overrides: overrides,
                batches: options.batches, threads: options.threading.threads)
            try bench.run { try StandardOutput.show($0) }
        } else if let model {
            try ModelBench(model: model, assets: openAssets(), options: options).run()
        } else {
            var bench = try PolicyBench(
                policy, assets: openAssets(), threads: options.threading.threads,
                rounds: options.rounds)
            try bench.run()
        }
    }
}
