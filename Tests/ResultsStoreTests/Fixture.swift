import Foundation
import ResultsStore

/// A folder of its own for each test, removed at the end.
struct TemporaryFolder: ~Copyable {
    let path: String

    init() throws {
        path = NSTemporaryDirectory() + "results-store-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    func file(_ name: String = "a.sqlite") -> String { path + "/" + name }
}

/// A store with one experiment, one cell and one attempt.
struct Fixture {
    let store: ResultsStore
    let experiment: RowID<ExperimentRecord>
    let cell: RowID<CellRecord>
    let attempt: RowID<AttemptRecord>

    init(path: String, key: String = key(1)) throws {
        store = try ResultsStore(path: path)
        experiment = try store.register(
            ExperimentRecord(name: "sums", question: "Who adds?", spec: "experiment: sums\n"))
        let slm = try store.register(ModelRecord(name: "small", sha256: "aa"))
        let llm = try store.register(ModelRecord(name: "large", sha256: "bb"))
        let dataset = try store.register(
            DatasetRecord(name: "sums", split: "test", sha256: "cc", rows: 9))
        let vocabulary = try store.register(
            VocabularyRecord(sha256: "dd", size: 1000) { Array("t\($0) ".utf8) })
        cell = try store.register(
            CellRecord(
                experiment: experiment, key: key, canonical: "{\"k\":\"\(key)\"}",
                policy: "entropy", setting: "threshold=0.5", threshold: 0.5, position: 0,
                slm: slm, llm: llm, dataset: dataset, vocabulary: vocabulary))
        attempt = try store.beginAttempt(
            AttemptRecord(
                experiment: experiment, programVersion: "1.0", commit: "abc", dirty: false,
                host: "here", cpu: "some", threads: 2, command: "citer sweep"))
    }

    /// Stores an answer of `tokens` tokens, every third by the large model.
    func save(_ question: String, correct: Bool = true, tokens: Int = 6) throws {
        let decisions = decisions(tokens)
        try store.save(
            sample(question, correct: correct, decisions: decisions), decisions: decisions,
            in: cell, by: attempt)
    }
}

/// A key of 64 digits.
func key(_ number: Int) -> String {
    let digits = String(number, radix: 16)
    return String(repeating: "0", count: 64 - digits.count) + digits
}

func decisions(_ count: Int) -> [DecisionRecord] {
    (0..<count).map { position in
        let isLarge = position % 3 == 2
        return DecisionRecord(
            token: position % 1000, author: isLarge ? .llm : .slm,
            score: Double(position) / 7,
            slm: CandidateRecord(token: isLarge ? 500 : position % 1000, logprob: -0.25),
            llm: isLarge ? CandidateRecord(token: position % 1000, logprob: -1.5) : nil)
    }
}

func sample(
    _ question: String, correct: Bool = true, output: String = "The answer is 4.",
    decisions: [DecisionRecord] = [], seconds: Double? = 0.5
) -> SampleRecord {
    let calls = decisions.count { $0.author == .llm }
    return SampleRecord(
        question: question, output: output, finish: .stop, gold: "4",
        grade: GradeRecord(
            extracted: correct ? "4" : "5", rule: "last number", correct: correct, version: "1"),
        usage: UsageRecord(
            promptTokens: 10, tokens: decisions.count, llmCalls: calls, llmPasses: calls,
            slmProcessed: 20, llmProcessed: 15, flops: 9_007_199_254_740_993, bytes: 1 << 40,
            seconds: seconds))
}
