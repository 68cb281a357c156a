import ArgumentParser
import Assets
import Platform
import Routing
import Schemas

struct ModelsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "models", abstract: "List, fetch and verify models.",
        subcommands: [List.self, Fetch.self, Verify.self, Path.self])

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "What there is, and where.")
        @Flag(help: "One JSON document.") var json = false
        func run() throws { try AssetVerbs(.model, assets: openAssets()).list(json: json) }
    }

    struct Fetch: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Fetch models that are missing, and verify them.")
        @Argument(help: "Names; none: all.") var names: [String] = []
        func run() throws { try AssetVerbs(.model, assets: openAssets()).fetch(names) }
    }

    struct Verify: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Check the SHA-256 of every file that is here.")
        func run() throws {
            guard try AssetVerbs(.model, assets: openAssets()).verify() else {
                throw ExitCode.workFailed
            }
        }
    }

    struct Path: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Where a model's file is; fetched if need be.")
        @Argument(help: "A model's name.") var name: String
        func run() throws { try AssetVerbs(.model, assets: openAssets()).path(name) }
    }
}

struct DataCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "data", abstract: "List, fetch and verify data sets.",
        subcommands: [List.self, Fetch.self, Verify.self])

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "What there is, and where.")
        @Flag(help: "One JSON document.") var json = false
        func run() throws { try AssetVerbs(.dataSet, assets: openAssets()).list(json: json) }
    }

    struct Fetch: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Fetch data sets that are missing, and verify them.")
        @Argument(help: "Names; none: all.") var names: [String] = []
        func run() throws { try AssetVerbs(.dataSet, assets: openAssets()).fetch(names) }
    }

    struct Verify: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Check the SHA-256 of every file that is here.")
        func run() throws {
            guard try AssetVerbs(.dataSet, assets: openAssets()).verify() else {
                throw ExitCode.workFailed
            }
        }
    }
}

struct TokenizeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tokenize", abstract: "Text to token ids.",
        discussion: """
            A text that looks like an option goes behind `--`: citer tokenize --model NAME -- --json
            """)
    @Option(help: "A model's name, or the path of a .gguf file.") var model: String
    @Flag(help: "Read special tokens written in the text as such.") var special = false
    @Option(help: "A JSON Lines file with rows {\"text\", \"special\"}.") var input: String?
    @Argument(help: "The text.") var text: String?
    @Flag(help: "{\"ids\":[...]} for each text.") var json = false

    func validate() throws {
        guard (text == nil) != (input == nil) else {
            throw ValidationError("give a text, or --input FILE.jsonl")
        }
    }

    func run() throws {
        let verb = try TokenizeVerb(model: model, assets: openAssets())
        if let text { try verb.run(text: text, special: special, json: json) }
        if let input { try verb.run(file: input, special: special, json: json) }
    }
}

struct GenerateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "generate", abstract: "A text from one model, or from a routed pair.",
        discussion: """
            Special tokens such as <|im_end|> that are written in the prompt are plain text, as in a \
            sweep's questions: no text can end its turn. With --special they are commands.
            """)
    @Option(help: "A model's name, or the path of a .gguf file.") var model: String?
    @Option(help: "The small model of a pair.") var slm: String?
    @Option(help: "The large model of a pair.") var llm: String?
    @Option(
        help: ArgumentHelp(
            "Who writes, a policy at one setting: "
                + PolicyDefinition.all.filter { !$0.isOracle }.map(\.form).joined(separator: ", ")))
    var policy = "entropy=1.5"
    @Option(
        parsing: .unconditional, help: "The user's turn; with --raw the whole text so far.")
    var prompt: String
    @Option(parsing: .unconditional, help: "The system's turn.") var system: String?
    @Option(help: "Most new tokens.") var maxTokens = 256
    @Flag(
        help: """
            Continue the prompt as it is, without a chat format; the begin token goes before it if the \
            model's file asks for one.
            """)
    var raw = false
    @Flag(help: "Read special tokens written in the prompt as such.") var special = false
    @Option(help: "The chat format, if the model's file does not name one.") var template: String?
    @Option(help: "Threads; the default is one a core.") var threads: Int?
    @Flag(help: "{\"ids\", \"text\", \"logprobs\"}.") var json = false

    func validate() throws {
        guard (model != nil) != (slm != nil && llm != nil), (slm == nil) == (llm == nil) else {
            throw ValidationError("give --model, or --slm and --llm")
        }
        guard maxTokens > 0 else { throw ValidationError("--max-tokens must be at least 1") }
        guard !prompt.isEmpty else {
            throw ValidationError("--prompt is empty; give it some text")
        }
    }

    func run() throws {
        var options = GenerateVerb.Options()
        options.prompt = prompt
        options.system = system
        options.maxTokens = maxTokens
        options.raw = raw
        options.special = special
        options.template = template
        options.json = json
        options.threads = threads
        let verb = GenerateVerb(assets: try openAssets(), options: options)
        if let model { try verb.run(model: model) }
        if let slm, let llm { try verb.run(slm: slm, llm: llm, policy: policy) }
    }
}

struct ScoreCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "score", abstract: "Log-probabilities of given continuations.")
    @Option(help: "A model's name, or the path of a .gguf file.") var model: String
    @Option(help: "A JSON Lines file with rows {\"prompt_ids\", \"ids\"}.") var input: String
    @Option(help: "Threads; the default is one a core.") var threads: Int?
    @Flag(help: "{\"logprobs\", \"argmax\"} for each row.") var json = false

    func run() throws {
        try ScoreVerb(model: model, assets: openAssets(), threads: threads)
            .run(file: input, json: json)
    }
}

struct BenchCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bench", abstract: "Time a model, or a sweep, on this machine.")
    @Option(help: "A model's name, or the path of a .gguf file.") var model: String?
    @Option(help: "A spec instead of a model: its sweep, fused and cell by cell, at each --batch.")
    var sweep: String?
    @Option(name: .customLong("set"), help: "Change the spec of --sweep: task.limit=10.")
    var overrides: [String] = []
    @Option(help: "Tokens of the prompt; 0: no prefill.") var prompt = 256
    @Option(help: "Steps of decoding; 0: none.") var generate = 64
    @Option(help: "Sequences that decode together, such as 1,8.") var batch = "1"
    @Option(name: .customLong("pass"), help: "Tokens of one text in one pass, such as 4,8,32.")
    var passes = ""
    @Flag(help: "Each kind of weight matrix by itself, with one token and with --pass.")
    var products = false
    @Option(help: "Threads; the default is one a core.") var threads: Int?
    @Option(help: "Rounds, of which the median counts.") var rounds = 3
    @Flag(help: "One JSON document.") var json = false
    @Flag(help: "A Markdown table (the default).") var markdown = false

    func run() throws {
        var options = BenchVerb.Options()
        options.prompt = prompt
        options.generate = generate
        options.threads = threads
        options.rounds = rounds
        options.json = json
        options.batches = try sizes(batch, of: "--batch")
        options.passes = try sizes(passes, of: "--pass")
        options.products = products
        guard (0...100_000).contains(prompt), (0...100_000).contains(generate) else {
            throw ValidationError("--prompt and --generate must be 0 to 100000")
        }
        guard (model == nil) != (sweep == nil) else {
            throw ValidationError(
                "give one of --model, to time a model, and --sweep, to time a sweep")
        }
        if let sweep {
            let bench = SweepBench(
                spec: sweep, assets: try openAssets(spec: sweep), overrides: overrides,
                batches: options.batches, threads: threads)
            return try bench.run { try StandardOutput.show($0) }
        }
        guard let model else { return }
        try BenchVerb(model: model, assets: openAssets(), options: options).run()
    }

    private func sizes(_ list: String, of option: String) throws -> [Int] {
        try list.split(separator: ",").map { part in
            guard let size = Int(part), (1...512).contains(size) else {
                throw ValidationError(
                    "\(option) \(list): expected numbers of 1 to 512, such as 1,8")
            }
            return size
        }
    }
}
