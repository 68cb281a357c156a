package import Assets
import Foundation
import Generation
import Inference
import Platform
import Routing
import Runs
import Tokenization

/// `citer generate`: one text from one model, or from a pair under a policy.
package struct GenerateVerb {
    private struct Output: Encodable {
        let ids: [Int32]
        let text: String
        let logprobs: [Float]
        let routes: [String]?
    }

    /// What to write.
    package struct Options: Sendable {
        /// The user's turn, or with `raw` the text so far.
        package var prompt = ""
        /// The system's turn.
        package var system: String?
        /// Most new tokens.
        package var maxTokens = 256
        /// Without a chat format.
        package var raw = false
        /// Whether special tokens that are written in the texts are commands.
        package var special = false
        /// The chat format; nil: the model's own.
        package var template: String?
        /// One JSON object.
        package var json = false
        /// Threads; nil: one a core.
        package var threads: Int?
        /// The defaults.
        package init() {}
    }

    private let options: Options
    private let assets: AssetStore

    /// A generation still without models.
    package init(assets: AssetStore, options: Options) {
        self.assets = assets
        self.options = options
    }

    /// With one model, greedily.
    package func run(model: String) throws {
        let loaded = try LoadedModel(
            assets.model(model), processor: Processor(threads: options.threads))
        let ids = try prompt(
            for: loaded.participant, loaded.participant.template(named: templateName))
        let generator = try Generator(
            Pair(both: AnyModel(loaded.model)),
            options: generation(endTokens: loaded.tokenizer.endIDs))
        try show(trace(generator, ids, .slm), loaded.tokenizer, coloured: false)
    }

    /// With a pair, under a policy such as `entropy=1.5`, `bild:fallback=0.5,rollback=2` or `llm`.
    package func run(slm: String, llm: String, policy: String) throws {
        let setting = try PolicySetting(text: policy)
        guard !setting.policy.isOracle else { throw RunError.needsGrades(policy: policy) }
        let processor = try Processor(threads: options.threads)
        let small = try LoadedModel(assets.model(slm), processor: processor)
        let large = try LoadedModel(assets.model(llm), processor: processor)
        let loaded = try LoadedPair(Pair(slm: small, llm: large), template: templateName)
        let pair = loaded.pair
        let ids = try prompt(for: large.participant, pair.template)
        let generator = try Generator(
            loaded.models,
            options: generation(endTokens: pair.endTokens))
        let router = try setting.router.map {
            try RouterFiles(folders: assets.catalog.folders).router($0, for: pair)
        }
        guard let method = setting.method(seed: 0, routers: { _ in router?.score }) else {
            throw RunError.noScores(cell: "\(setting)")
        }
        // What is not graded has no right answer.
        let traces = try method.lanes.map { try trace(generator, ids, $0) }
        try show(
            method.answer(of: traces) { _ in false }, large.tokenizer, coloured: isatty(1) == 1)
    }

    private var templateName: String? { options.raw ? "raw" : options.template }

    private func prompt(
        for model: Participant, _ template: ChatTemplate?
    ) throws -> [Int32] {
        guard !options.prompt.isEmpty else { throw InputError.emptyPrompt }
        return model.prompt(
            system: options.system, user: options.prompt, template: template,
            special: options.special)
    }

    private func generation(endTokens: Set<Int32>) -> Generator<AnyModel>.Options {
        .init(maxTokens: options.maxTokens, endTokens: endTokens)
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
        if options.json {
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
            note(
                "\(trace.llmCalls) of \(trace.decisions.count) tokens by the large model (orange)")
        } else {
            try StandardOutput.show(text)
        }
    }
}
