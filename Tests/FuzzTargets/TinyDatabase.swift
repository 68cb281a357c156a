import Foundation
import ResultsStore

/// Results databases with a row or two in every table, in pages so small that the file has few bytes.
enum TinyDatabase {
    /// The bytes of a database with answers to `questions`; all of them agree but for who wrote them.
    static func file(at path: String, questions: [String]) throws -> [UInt8] {
        let store = try ResultsStore(path: path)
        let experiment = try store.register(
            ExperimentRecord(name: "sums", question: "Who adds?", spec: "experiment: sums\n"))
        let slm = try store.register(ModelRecord(name: "small", sha256: "aa"))
        let llm = try store.register(ModelRecord(name: "large", sha256: "bb"))
        let dataset = try store.register(
            DatasetRecord(name: "sums", split: "test", sha256: "cc", rows: 3))
        try store.register(
            questions.map { QuestionRecord(name: $0, text: "\($0) + 1?") }, of: dataset)
        let vocabulary = try store.register(
            VocabularyRecord(sha256: "dd", size: 9) { $0 == 3 ? [0xC3] : Array("t\($0)".utf8) })
        let router = try store.register(RouterRecord(name: "r", kind: "citer", sha256: "ee"))
        let attempt = try store.beginAttempt(
            AttemptRecord(
                experiment: experiment, programVersion: "1.0", commit: "abc", dirty: false,
                host: "here", cpu: "some", threads: 2, command: "citer sweep"))
        for (number, policy) in ["entropy", "slm"].enumerated() {
            let cell = try store.register(
                CellRecord(
                    experiment: experiment, key: String(repeating: "\(number)", count: 64),
                    canonical: "{\"k\":\(number)}", policy: policy,
                    setting: number == 0 ? "threshold=0.5" : nil,
                    threshold: number == 0 ? 0.5 : nil, position: number, slm: slm,
                    llm: llm, router: number == 0 ? router : nil, dataset: dataset,
                    vocabulary: vocabulary))
            for question in questions {
                let decisions = decisions(number == 0)
                try store.save(
                    sample(question, decisions), decisions: decisions, in: cell, by: attempt)
            }
            try store.saveFailure(of: "9", reason: "out of memory", in: cell, by: attempt)
            try store.record(
                [TimingRecord(phase: .slmStep, seconds: 0.5, passes: 2, tokens: 4)], in: cell,
                by: attempt)
        }
        try store.record(
            TrainingRecord(round: 1, tokens: 10, case1: 3, case2: 3, case3: 4), of: router,
            by: attempt)
        try store.record(
            [
                RouterLabelRecord(
                    question: "1", position: 0, shortcut: nil, label: 1, weight: 1, score: 0.25,
                    isHeldOut: false)
            ], of: router)
        _ = try store.probe("{\"places\":[]}", of: llm)
        try store.record(
            TrafficRow(
                attempt: attempt, model: llm, requests: 3, retries: 0, failures: 0, sentBytes: 100,
                receivedBytes: 200, readTokens: 5, cachedTokens: nil, seconds: 1.5,
                serverSeconds: nil))
        try store.endAttempt(attempt, .finished)
        try store.close()
        let database = try RawDatabase(path: path)
        // The same bytes at each run.
        let name = questions.joined(separator: " and ")
        database.run(
            "UPDATE attempt SET uid = '\(name)', started = '2026-01-01T00:00:00Z', ended = '2026-01-02T00:00:00Z'"
        )
        database.run("PRAGMA page_size = 512")
        database.run("VACUUM")
        return [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
    }

    private static func decisions(_ isRouted: Bool) -> [DecisionRecord] {
        (0..<4).map { position in
            let isLarge = isRouted && position == 2
            return DecisionRecord(
                token: position, author: isLarge ? .llm : .slm,
                score: isRouted ? Double(position) / 7 : nil,
                slm: CandidateRecord(token: isLarge ? 5 : position, logprob: -0.25),
                llm: isLarge ? CandidateRecord(token: position, logprob: -1.5) : nil)
        }
    }

    private static func sample(_ question: String, _ decisions: [DecisionRecord]) -> SampleRecord {
        let calls = decisions.count { $0.author == .llm }
        return SampleRecord(
            question: question, output: "The answer is 4.", finish: .stop, gold: "4",
            grade: GradeRecord(extracted: "4", rule: "last-number", correct: true, version: "1"),
            usage: UsageRecord(
                promptTokens: 10, tokens: decisions.count, llmCalls: calls, llmPasses: calls,
                slmProcessed: 14, llmProcessed: 13 * calls, flops: 1000, bytes: 2000,
                seconds: 0.5))
    }
}
