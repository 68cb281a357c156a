import ArgumentParser
import Assets
import Foundation
import Generation
import Inference
import Platform
import Routing
import Runs
import Tokenization

struct GenerateCommand: PollingCommand {
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
                + PolicyDefinition.all.filter { !$0.isOracle }.map(\.form).joined(separator: ", ")
                + ". (default: entropy=1.5)"))
    var policy: String?
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
    @OptionGroup var threading: ThreadOptions
    @Flag(help: "{\"ids\", \"text\", \"logprobs\"}.") var json = false

    func validate() throws {
        guard (model != nil) != (slm != nil && llm != nil), (slm == nil) == (llm == nil) else {
            throw ValidationError("give --model, or --slm and --llm")
        }
        guard model == nil || policy == nil else {
            throw ValidationError(
                "--policy is of a pair, --slm and --llm; leave it out with --model")
        }
        guard !raw || template == nil else {
            throw ValidationError("give --raw, for no chat format, or --template, for that one")
        }
        guard system == nil || templateName != "raw" else {
            throw ValidationError(
                "--system is a turn of a chat format, and without one there are no turns: put it in --prompt"
            )
        }
        guard maxTokens > 0 else { throw ValidationError("--max-tokens must be at least 1") }
        guard !prompt.isEmpty else {
            throw ValidationError("--prompt is empty; give it some text")
        }
    }

    func run() throws {
        let assets = try openAssets()
        if let model { try run(model: model, assets) }
        if let slm, let llm { try run(slm: slm, llm: llm, assets) }
    }

    private struct Output: Encodable {
        let ids: [Int32]
        let text: String
        let logprobs: [Float]
        let routes: [String]?
    }

    /// With one model, greedily.
    private func run(model: String, _ assets: AssetStore) throws {
        let loaded = try LoadedModel(
            assets.model(model), processor: Processor(threads: threading.threads))
        let ids = ids(
            for: loaded.participant, try loaded.participant.template(named: templateName))
        let generator = try Generator(
            Pair(both: AnyModel(loaded.model)),
            options: generation(endTokens: loaded.tokenizer.endIDs))
        try show(trace(generator, ids, .slm), loaded.tokenizer, coloured: false)
    }

    /// With a pair, under the policy.
    private func run(slm: String, llm: String, _ assets: AssetStore) throws {
        let policy = policy ?? "entropy=1.5"
        let setting = try PolicySetting(text: policy)
        guard !setting.policy.isOracle else { throw RunError.needsGrades(policy: policy) }
        let processor = try Processor(threads: threading.threads)
        let pair = try ModelPair(
            Pair(slm: Participant(assets.model(slm)), llm: Participant(assets.model(llm))),
            template: templateName)
        let ids = ids(for: pair[.llm], pair.template)
        let generator = try Generator(
            pair.load(processor), options: generation(endTokens: pair.endTokens))
        let method = try RouterFiles(folders: assets.catalog.folders).method(of: setting, for: pair)
        // What is not graded has no right answer.
        let traces = try method.lanes.map { try trace(generator, ids, $0) }
        try show(
            method.answer(of: traces) { _ in false }, pair[.llm].tokenizer, coloured: isColourful)
    }

    private var templateName: String? { raw ? "raw" : template }

    private func ids(for model: Participant, _ template: ChatTemplate?) -> [Int32] {
        model.prompt(system: system, user: prompt, template: template, special: special)
    }

    private func generation(endTokens: Set<Int32>) -> Generator<AnyModel>.Options {
        .init(maxTokens: maxTokens, endTokens: endTokens)
    }

    private func trace(
        _ generator: Generator<AnyModel>, _ prompt: [Int32], _ policy: RoutingPolicy
    ) throws -> Trace {
        var request: Request? = Request(question: "prompt", prompt: prompt, lanes: [Lane(policy)])
        var result: Generator<AnyModel>.Outcome?
        try generator.run(
            next: {
                defer { request = nil }
                return request
            },
            isCancelled: { Interruption.isRequested },
            report: { _, _, outcome in result = outcome })
        switch result {
        case .finished(let trace): return trace
        case .failed(let error): throw error
        case nil: throw CancellationError()
        }
    }

    private func show(_ trace: Trace, _ tokenizer: Tokenizer, coloured: Bool) throws {
        var ids = trace.tokens
        if trace.finish == .stop { ids.removeLast() }
        let text = tokenizer.decode(ids)
        let routed = trace.decisions.contains { $0.route == .llm }
        if json {
            try printJSON(
                Output(
                    ids: trace.tokens, text: text,
                    logprobs: trace.decisions.map {
                        ($0.route == .llm ? $0.llm : $0.slm)?.logProbability ?? 0
                    },
                    routes: routed
                        ? trace.decisions.map { $0.route == .llm ? "llm" : "slm" } : nil))
        } else if coloured {
            var decoder = StreamingDecoder(tokenizer)
            var out = ""
            for decision in trace.decisions.prefix(ids.count) {
                let piece = decoder.append(decision.token)
                let shown = visible(piece)
                out += decision.route == .llm ? "\u{1B}[38;5;208m\(shown)\u{1B}[0m" : shown
            }
            try StandardOutput.write(out + visible(decoder.finish()) + "\n")
            StandardError.note(
                "\(trace.llmCalls) of \(trace.decisions.count) tokens by the large model (orange)")
        } else {
            try StandardOutput.show(text)
        }
    }
}
