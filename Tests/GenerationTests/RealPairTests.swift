import GGUF
import Hashing
import Inference
import Routing
import TestSupport
import Testing
import Tokenization

@testable import Generation

/// The published pair: what must give the large model's text to the letter does.
@Suite(.timeLimit(.minutes(30))) struct RealPairTests {
    private static let small = ExternalFiles.path(
        "qwen2.5-coder-0.5b-instruct-q4_k_m.gguf", in: .models)
    private static let large = ExternalFiles.path(
        "qwen2.5-coder-1.5b-instruct-q4_k_m.gguf", in: .models)
    static let isHere = small != nil && large != nil

    @Test(.enabled(if: isHere, "needs Qwen2.5-Coder 0.5B and 1.5B"))
    func draftsAndTheOracleGiveTheLargeModelsText() throws {
        let processor = try Processor(threads: 2)
        let file = try GGUFFile(path: try #require(Self.large))
        let tokenizer = try Tokenizer(file)
        let large = try Model(file, processor: processor)
        let small = try Model(
            GGUFFile(path: try #require(Self.small)), processor: processor)
        let options = Generator<Model>.Options(
            maxTokens: 48, endTokens: tokenizer.endIDs, batch: 4)
        let questions = [
            "A crate holds 24 jars. How many jars do 7 crates and a half hold?",
            "Tom reads 12 pages a day. How long does a book of 300 pages take him?",
        ]
        let prompts = questions.map {
            tokenizer.encode(ChatTemplate.chatML.render(system: nil, user: $0))
        }
        let most = TokenRows((0..<Int32(tokenizer.vocabularyCount)).filter { $0 < 40_000 })
        let drafts: [RoutingPolicy] =
            [2, 4, 8].map { .speculative(draft: $0) } + [
                .speculative(draft: 8, ngram: 3), .speculative(draft: 4, rows: most),
                .speculative(draft: 8, ngram: 2, rows: most),
            ]
        var traces = [[Int: Trace]](repeating: [:], count: prompts.count)
        var requests = prompts.enumerated().map {
            Request(
                question: "\($0)", prompt: $1,
                lanes: [Lane(.llm), Lane(.disagree)] + drafts.map { Lane($0) })
        }[...]
        try Generator(Pair(slm: small, llm: large), options: options).run(
            next: { requests.popFirst() },
            report: { request, lane, outcome in
                if case .finished(let trace) = outcome { traces[request][lane] = trace }
            })
        for index in prompts.indices {
            let llm = try #require(traces[index][0])
            let oracle = try #require(traces[index][1])
            #expect(oracle.tokens == llm.tokens)
            #expect(oracle.llmCalls < llm.llmCalls / 2)
            let candidates: [Candidate?] = llm.decisions.map(\.llm)
            for (number, draft) in drafts.enumerated() {
                let trace = try #require(traces[index][2 + number])
                #expect(trace.tokens == llm.tokens, "\(draft.drafts)")
                #expect(trace.decisions.map(\.llm) == candidates)
                #expect(trace.cost.llmPasses < llm.cost.llmPasses)
            }
        }
    }
}
