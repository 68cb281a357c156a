import Foundation
import Hashing
import ResultsStore
import Testing

@testable import Reporting

/// A made-up experiment whose policies behave as real ones do: a higher share of calls to the
/// large model gives more right answers, and one policy spends its calls better than the other.
struct Synthetic {
    static let experimentName = "sums <&> 100%_\\|"
    let path: String
    let reader: ResultsReader

    /// Writes `questions` answers for each of 10 cells into a file in `folder`.
    init(folder: TemporaryFolder, questions: Int = 60, joules: Double? = nil) throws {
        try self.init(
            folder: folder, name: "synthetic", questions: Array(0..<questions), joules: joules)
    }

    /// Writes an experiment of many methods, ten settings each: what figures must find room for.
    static func wide(folder: TemporaryFolder, questions: Int) throws -> Synthetic {
        try Synthetic(
            folder: folder, name: "wide", questions: Array(0..<questions),
            methods: [
                Method(policy: "random", skill: 1), Method(policy: "max-prob", skill: 0.7),
                Method(policy: "entropy", skill: 0.6), Method(policy: "margin", skill: 0.5),
                Method(policy: "citer", skill: 0.35), Method(policy: "co-llm", skill: 0.8),
                Method(policy: "r2r", skill: 0.55),
                Method(policy: "citer", label: "no-long-term", skill: 0.45),
                Method(
                    policy: "citer", label: "without-any-spaces-in-its-very-long-name", skill: 0.3),
                Method(
                    policy: "max-prob", method: "max-prob, keep strict, most 16, rows 32768",
                    keep: "strict", skill: 0.4),
                Method(
                    policy: "margin", method: "margin, keep kl, most 5", keep: "kl", skill: 0.5),
            ].map { method in
                var method = method
                method.isAsked = true
                method.shares = (0..<10).map { 0.05 + 0.1 * Double($0) }
                return method
            })
    }

    /// One method of the experiment, at several shares of calls.
    struct Method {
        var policy: String
        var label: String?
        var method: String?
        var keep: String?
        /// Gains grow with the share of calls to this power.
        var skill: Double
        var shares = [0.1, 0.3, 0.5, 0.8]
        /// Whether its thresholds were chosen for these shares.
        var isAsked = false

        static let usual = [
            Method(policy: "random", skill: 1), Method(policy: "citer", skill: 0.35),
        ]
    }

    /// Writes these questions, as one shard of a sweep would.
    ///
    /// `joules`: the energy of every answer and of every phase; `named`: the setting of the router at 0.3, asked for 2.5 % of the calls;
    /// `isTimed`: whether seconds were measured; `unfinished`: policies whose cells have no answers.
    init(
        folder: TemporaryFolder, name: String, questions: [Int], joules: Double? = nil,
        named setting: String? = nil, isTimed: Bool = true, unfinished: Set<String> = [],
        methods: [Method] = Method.usual
    ) throws {
        path = folder.file("\(name).sqlite")
        var writer = try SyntheticWriter(path: path, named: setting, methods: methods)
        writer.joules = joules
        writer.isTimed = isTimed
        writer.unfinished = unfinished
        for question in questions { try writer.write(question) }
        try writer.finish()
        reader = try ResultsReader(path: path)
    }
}

extension Table {
    /// What its entries say, without emphasis.
    var values: [[Entry.Value]] { rows.map { $0.map(\.value) } }
}

/// A folder of its own for each test, removed at the end.
final class TemporaryFolder: Sendable {
    let path: String

    init() throws {
        path = NSTemporaryDirectory() + "reporting-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    func file(_ name: String) -> String { path + "/" + name }
}

private struct SyntheticWriter {
    private let store: ResultsStore
    private let attempt: RowID<AttemptRecord>
    private let dataset: RowID<DatasetRecord>
    private var cells: [Cell] = []
    var joules: Double?
    var isTimed = true
    var unfinished: Set<String> = []
    private var random = SplitMix64(seed: 0)
    private var times: [RowID<CellRecord>: [TimingRecord]] = [:]

    private struct Cell {
        let id: RowID<CellRecord>
        let policy: String
        let share: Double
        let skill: Double
        /// Whether its decisions have scores.
        let isScored: Bool
    }

    /// Words of the vocabulary. The last two halves make one character; some are hostile.
    private static let words: [[UInt8]] =
        [
            " the", " sum", " of", " is", " we", " add", " and", " so", " then", " first", "\n",
            " 1", " 2", " 3", " 4", " 7", " 12", " =", " +", ".", ",", " gives", " answer",
            "</script><script>alert(1)</script>", " \u{2028}", "\u{1B}[31m", " <b>&amp;", " 日本",
        ].map { Array($0.utf8) } + [[0xF0, 0x9F, 0x99], [0x82]]

    init(path: String, named name: String? = nil, methods: [Synthetic.Method]) throws {
        let store = try ResultsStore(path: path)
        self.store = store
        let experiment = try store.register(
            ExperimentRecord(
                name: Synthetic.experimentName, question: "How many calls do sums need?",
                spec: "experiment: sums\n", seed: 7))
        let slm = try store.register(ModelRecord(name: "small-0.5b", sha256: "aa"))
        let llm = try store.register(ModelRecord(name: "large-1.5b", sha256: "bb"))
        let router = try store.register(
            RouterRecord(name: "sums-citer", kind: "citer", sha256: "r"))
        dataset = try store.register(
            DatasetRecord(name: "sums", split: "test", sha256: "cc", rows: 1000))
        let words = Self.words
        let vocabulary = try store.register(
            VocabularyRecord(sha256: "dd", size: words.count) { words[$0] })
        attempt = try store.beginAttempt(
            AttemptRecord(
                experiment: experiment, programVersion: "0.1.0",
                commit: "0123456789abcdef0123456789abcdef01234567", dirty: true, host: "here",
                cpu: "some", threads: 2, command: "citer sweep sums.yaml",
                environment: ["fused": "no"]))
        for round in 1...2 {
            try store.record(
                TrainingRecord(
                    round: round, tokens: 5000, case1: 4000, case2: 500, case3: 500, rollouts: 90,
                    churn: round == 1 ? nil : 0.05, trainingLoss: 0.3 / Double(round),
                    validationLoss: 0.35, accuracy: 0.9, flops: 9_000_000_000_000,
                    bytes: 800_000_000_000, seconds: 120),
                of: router, by: attempt)
        }
        // Eight questions of ten tokens; scores that tell most labels, and shortcuts that are wrong at one in five.
        try store.record(
            (0..<80).map { number in
                let wanted = number % 5 == 0
                let isRolledOut = number % 2 == 0
                return RouterLabelRecord(
                    question: "\(number / 10)", position: number % 10,
                    shortcut: wanted != (number % 25 == 0) ? 2 : 1, label: wanted ? 0 : 1,
                    weight: 1,
                    score: wanted ? 0.2 + Double(number) / 100 : 0.9 - Double(number % 7) / 100,
                    isHeldOut: number < 60, slmRight: isRolledOut ? !wanted : nil,
                    llmRight: isRolledOut ? true : nil)
            }, of: router)
        // The spec names the single models last; reports put them first.
        let single = { (policy: String, share: Double) in
            Synthetic.Method(policy: policy, skill: 1, shares: [share])
        }
        let all = (methods + [single("slm", 0), single("llm", 1)]).flatMap { method in
            method.shares.map { (method, $0) }
        }
        for (position, (method, share)) in all.enumerated() {
            let policy = method.policy
            let isSingle = policy == "slm" || policy == "llm"
            let isScored = !isSingle && policy != "random"
            let isNamed = name != nil && policy == "citer" && share == 0.3
            let setting =
                isNamed ? name : isSingle ? nil : isScored ? "threshold=\(share)" : "ratio=\(share)"
            let digits = String(position + 1, radix: 16)
            let id = try store.register(
                CellRecord(
                    experiment: experiment,
                    key: String(repeating: "a", count: 64 - digits.count) + digits,
                    canonical: "{\"policy\":{\"position\":\(position)}}", policy: policy,
                    setting: setting, keep: method.keep, method: method.method,
                    threshold: isScored ? share : nil,
                    asked: isNamed ? 0.025 : method.isAsked ? share : nil, label: method.label,
                    position: position, slm: slm, llm: llm,
                    router: policy == "citer" ? router : nil,
                    dataset: dataset, vocabulary: vocabulary))
            cells.append(
                Cell(id: id, policy: policy, share: share, skill: method.skill, isScored: isScored))
        }
    }

    /// Answers one question in every cell; one question fails in one cell.
    mutating func write(_ question: Int) throws {
        random = SplitMix64(seed: UInt64(question))
        let name = "\(question)"
        let text = "What is \(question) + 7? </script> \u{2028} <img src=x onerror=alert(1)>"
        try store.register([QuestionRecord(name: name, text: text)], of: dataset)
        let difficulty = Double.random(in: 0..<1, using: &random)
        let words = Self.words.count - 2
        let length = Int.random(in: 20..<60, using: &random)
        let small = (0..<length).map { _ in Int.random(in: 0..<words, using: &random) }
        let large = small.map { word in
            Double.random(in: 0..<1, using: &random) < 0.9
                ? word : Int.random(in: 0..<words, using: &random)
        }
        var batch: [FinishedQuestion] = []
        for cell in cells where !unfinished.contains(cell.policy) {
            if question == 5, cell.policy == "random", cell.share == 0.3 {
                try store.saveFailure(
                    of: name, reason: "prompt of 9000 tokens exceeds the context of 8192",
                    in: cell.id,
                    by: attempt)
                continue
            }
            let decisions = decisions(cell, small, large)
            let calls = decisions.count { $0.author == .llm }
            let gain = pow(cell.share, cell.skill)
            let correct = difficulty < 0.25 + 0.4 * gain
            let text = decisions.flatMap { Self.words[$0.token] }
            let sample = SampleRecord(
                question: name, output: String(decoding: text, as: UTF8.self),
                finish: question % 17 == 0 ? .length : .stop, gold: "\(question + 7)",
                grade: GradeRecord(
                    extracted: correct
                        ? "\(question + 7)" : question % 5 == 0 ? nil : "\(question)",
                    rule: "last number", correct: correct, version: "1"),
                usage: UsageRecord(
                    promptTokens: 30, tokens: decisions.count, llmCalls: calls,
                    llmPasses: calls, slmProcessed: cell.policy == "llm" ? 0 : 30 + length,
                    llmProcessed: calls == 0 ? 0 : 30 + length,
                    flops: (30 + length) * (1_000_000_000 + calls * 50_000_000),
                    bytes: length * 400_000_000 + calls * 1_000_000_000,
                    seconds: isTimed ? Double(length) * 0.02 + Double(calls) * 0.035 : nil,
                    joules: joules))
            batch.append(FinishedQuestion(cell: cell.id, sample: sample, decisions: decisions))
            times[cell.id, default: []] += [
                TimingRecord(
                    phase: .slmStep, seconds: 0.02 * Double(length), passes: length, tokens: length,
                    joules: joules),
                TimingRecord(
                    phase: .llmStep, seconds: 0.035 * Double(calls), passes: calls, tokens: calls,
                    joules: joules),
            ]
        }
        try store.save(batch, by: attempt)
    }

    func finish() throws {
        for (cell, records) in times.sorted(by: { $0.key < $1.key }) {
            try store.record(records, in: cell, by: attempt)
        }
        try store.endAttempt(attempt, .finished, peakMemory: 3_000_000_000)
        try store.close()
    }

    private mutating func decisions(
        _ cell: Cell, _ small: [Int], _ large: [Int]
    ) -> [DecisionRecord] {
        let (policy, share) = (cell.policy, cell.share)
        // A character in two halves ends every answer.
        let tail = [Self.words.count - 2, Self.words.count - 1]
        let pairs = Array(zip(small + tail, large + tail))
        return pairs.map { slm, llm in
            // A pure function of the words, so that a higher share calls for a superset.
            let score = Double((slm * 31 + llm * 17) % 101) / 101
            let asksLarge = policy == "llm" || (policy != "slm" && score < share)
            let token = asksLarge ? llm : slm
            return DecisionRecord(
                token: token, author: asksLarge ? .llm : .slm,
                score: cell.isScored ? score : nil,
                slm: policy == "llm"
                    ? nil : CandidateRecord(token: slm, logprob: -0.1 - score),
                llm: asksLarge ? CandidateRecord(token: llm, logprob: -0.05) : nil)
        }
    }
}

extension TokenPage {
    /// All files at once, by name.
    func allFiles() throws -> [ReportFile] {
        var found: [ReportFile] = []
        try files { found.append($0) }
        return found
    }

    /// The page alone.
    func html() throws -> String { try #require(allFiles().last).text }
}
