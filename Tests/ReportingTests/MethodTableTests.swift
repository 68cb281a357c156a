import Foundation
import ResultsStore
import Routing
import Statistics
import Testing

@testable import Reporting

/// The tables that set methods against each other, on an experiment small enough to work out by hand.
struct MethodTableTests {
    /// Ten questions of ten tokens: slm answers 2 right, llm 8; `margin` reaches 6 and 8 with 2 and 4 calls, `citer` 8 and 9 with 1 and
    /// 5, `entropy` never more than 7.
    private static let cells: [(policy: String, setting: String?, right: Int, calls: Int)] = [
        ("slm", nil, 2, 0), ("llm", nil, 8, 10), ("margin", "threshold=0.2", 6, 2),
        ("margin", "threshold=0.4", 8, 4), ("citer", "threshold=0.1", 8, 1),
        ("citer", "threshold=0.5", 9, 5), ("entropy", "threshold=1", 7, 3),
        ("entropy", "threshold=2", 5, 2), ("speculative", "draft=2", 8, 4),
    ]

    /// Three times the questions, with the same shares: as many as a ranking needs.
    private func thriceTheData(in folder: TemporaryFolder) throws -> ReportData {
        let cells = Self.cells.map { ($0.policy, $0.setting, right: 3 * $0.right, $0.calls) }
        return try data(in: folder, names: (0..<30).map { "\($0)" }, cells)
    }

    /// `labels` are of ablations, by the cells' places; `alone`: each cell ran by itself; `training`: a round of the router of the `citer` cells.
    private func data(
        in folder: TemporaryFolder, names: [String] = (0..<10).map { "\($0)" },
        _ cells: [(policy: String, setting: String?, right: Int, calls: Int)] = Self.cells,
        labels: [Int: String] = [:], alone: Bool = false, training: TrainingRecord? = nil
    ) throws -> ReportData {
        let path = folder.file("methods.sqlite")
        let store = try ResultsStore(path: path)
        let experiment = try store.register(
            ExperimentRecord(name: "methods", question: nil, spec: "", seed: 0))
        let model = try store.register(ModelRecord(name: "m", sha256: "aa"))
        let dataset = try store.register(
            DatasetRecord(name: "sums", split: "test", sha256: "cc", rows: names.count))
        let vocabulary = try store.register(
            VocabularyRecord(sha256: "dd", size: 2) { [UInt8(97 + $0)] })
        let attempt = try store.beginAttempt(
            AttemptRecord(
                experiment: experiment, programVersion: "1", host: "h", cpu: "c", threads: 1,
                command: "x", environment: alone ? ["fused": "no"] : [:]))
        let router = try training.map { round in
            let router = try store.register(RouterRecord(name: "r", kind: "citer", sha256: "ee"))
            try store.record(round, of: router, by: attempt)
            return router
        }
        try store.register(names.map { QuestionRecord(name: $0, text: $0) }, of: dataset)
        for (position, cell) in cells.enumerated() {
            let id = try store.register(
                CellRecord(
                    experiment: experiment,
                    key: String(repeating: "a", count: 63) + "\(position)", canonical: "{}",
                    policy: cell.policy, setting: cell.setting,
                    keep: PolicyDefinition.named(cell.policy)?.judges, threshold: nil,
                    label: labels[position], position: position, slm: model, llm: model,
                    router: cell.policy == "citer" ? router : nil, dataset: dataset,
                    vocabulary: vocabulary))
            if alone {
                let time = TimingRecord(phase: .llmStep, seconds: 1, passes: 1, tokens: 1)
                try store.record([time], in: id, by: attempt)
            }
            for (number, name) in names.enumerated() {
                let byLarge = cell.policy == "llm"
                // A draft of two, taken but for its last token in every second pass.
                let decisions = (0..<10).map { token -> DecisionRecord in
                    let isLarge = token < cell.calls
                    let both = cell.policy == "speculative" && token != 0
                    return DecisionRecord(
                        token: 0, author: isLarge ? .llm : .slm,
                        slm: byLarge || (isLarge && !both)
                            ? nil : CandidateRecord(token: isLarge ? 1 : 0, logprob: -1),
                        llm: isLarge || both ? CandidateRecord(token: 0, logprob: -1) : nil)
                }
                let right = number < cell.right
                try store.save(
                    SampleRecord(
                        question: name, output: "aaaaaaaaaa", finish: .stop, gold: "1",
                        grade: GradeRecord(
                            extracted: "1", rule: "r", correct: right, version: "1"),
                        usage: UsageRecord(
                            promptTokens: 1, tokens: 10, llmCalls: cell.calls,
                            llmPasses: cell.calls, slmProcessed: 10, llmProcessed: 10,
                            drafted: cell.policy == "speculative" ? 12 : nil,
                            flops: 1000 + cell.calls, bytes: 100 * cell.calls + 50,
                            seconds: Double(1 + cell.calls))),
                    decisions: decisions, in: id, by: attempt)
            }
        }
        try store.endAttempt(attempt, .finished, peakMemory: nil)
        try store.close()
        return try ReportData(try ResultsReader(path: path), experiment: "methods")
    }

    private func row(_ table: Table, _ names: String...) throws -> [Entry.Value] {
        try #require(
            table.values.first { Array($0.prefix(names.count)) == names.map(Entry.Value.text) })
    }

    /// Thirty questions, six more right: p = 1/32. No `random`, so the straight line is the measure.
    @Test func findingSaysWhatTheTablesSay() throws {
        let folder = try TemporaryFolder()
        let names = (0..<30).map { "\($0)" }
        let finding = try #require(
            Results(data(in: folder, names: names), Bootstrap()).finding)
        let start =
            "On 30 questions the small model scores 6.7 % and the large one 26.7 %, a difference of 20.0 [6.7, 33.3] points. "
            + "The best of 3 methods over its whole curve is citer, which recovers "
        #expect(finding.hasPrefix(start), "\(finding)")
        #expect(finding.contains("above the straight line by "), "\(finding)")
        // One token of ten, with eight answers right.
        #expect(
            finding.contains(
                "are 10.0 % of the tokens (citer). Of all answers 0.0 % were cut at the limit of tokens."
            ),
            "\(finding)")
    }

    /// The same of ten questions: significant, and yet too few to say which method is the best, or to mark anything.
    @Test func fewQuestionsRankNothing() throws {
        let folder = try TemporaryFolder()
        let data = try data(in: folder)
        let finding = try #require(Results(data, Bootstrap()).finding)
        #expect(
            finding
                == "On 10 questions the small model scores 20.0 % and the large one 80.0 %, a difference of 60.0 [30.0, 90.0] points. "
                + "Fewer than 30 questions rank no methods. Of all answers 0.0 % were cut at the limit of tokens.",
            "\(finding)")
        let results = Results(data, Bootstrap(resamples: 50))
        let tables = [
            results.cellTable, results.differenceTable, results.methodTable,
        ].compactMap(\.self)
        #expect(results.pairTable == nil && results.curveTable == nil)
        #expect(results.methods.allSatisfy { $0.callsSaved == nil && $0.area == nil })
        #expect(
            tables.count == 3
                && tables.allSatisfy { $0.rows.allSatisfy { !$0.contains(where: \.isEmphasised) } })
    }

    /// An interval of nine questions says nothing.
    @Test func veryFewQuestionsHaveNoIntervals() throws {
        let folder = try TemporaryFolder()
        let cells = Self.cells.map { ($0.policy, $0.setting, right: min($0.right, 9), $0.calls) }
        let results = Results(
            try data(in: folder, names: (0..<9).map { "\($0)" }, cells), Bootstrap(resamples: 50))
        #expect(results.cells.allSatisfy { $0.accuracy != nil && $0.accuracy?.interval == nil })
        #expect(results.differenceTable == nil)
    }

    /// An area under a cost that a method cannot choose means nothing; the least cost of an accuracy does.
    @Test func areasAreOverCallsAndPasses() throws {
        let folder = try TemporaryFolder()
        let table = try #require(
            Results(thriceTheData(in: folder), Bootstrap(resamples: 50)).curveTable)
        let measured = Currency.shown(in: .curves).filter { !$0.needsMeter }
        #expect(measured.map(\.name) == ["calls", "passes", "FLOPs", "bytes", "seconds"])
        #expect(!table.values.contains { $0[1] == .text("joules") })
        for currency in measured {
            let row = try #require(
                table.values.first { $0[0...1] == [.text("margin"), .text(currency.title)] })
            let hasArea = ["calls", "passes"].contains(currency.name)
            #expect((row[4] != .missing) == hasArea, "\(currency.name)")
            #expect((row[5] != .missing) == hasArea, "\(currency.name)")
            #expect(row[7] != .missing)
        }
    }

    /// Chains of two depths, asked in turn: the single models and each method's middle setting at each; prompts all of one length are one group.
    @Test func groupsByDepthAndLength() throws {
        let folder = try TemporaryFolder()
        let names = (0..<20).map { "depth-\($0 % 2 == 0 ? 16 : 2)-\($0)" }
        let bootstrap = Bootstrap(resamples: 50)
        let table = try #require(
            Results(data(in: folder, names: names), bootstrap).groupTable)
        let depths = table.values.filter { $0[0] == .text("depth") }
        #expect(
            depths.map { $0[1] }
                == ["2", "16"].flatMap { [Entry.Value](repeating: .text($0), count: 6) })
        let margin = try #require(depths.first { $0[2] == .text("margin") })
        // Of the first eight questions, which are right, four have this depth.
        let interval = WilsonInterval.around(successes: 4, of: 10)
        #expect(
            Array(margin[3..<8]) == [
                .text("threshold=0.4"), .count(10),
                .percentInterval(0.4, low: interval.low, high: interval.high), .percent(0.4),
                .number(10, decimals: 1),
            ])
        let prompts = table.values.filter { $0[0] == .text("prompt tokens") }
        #expect(prompts.count == 6 && prompts.allSatisfy { $0[1] == .text("1") })
        // Ten questions are too few for thirds.
        #expect(
            try Results(data(in: TemporaryFolder()), bootstrap).groupTable == nil)
    }

    @Test func theCheapestSettingAsAccurateAsTheLargeModel() throws {
        let folder = try TemporaryFolder()
        let table = try #require(
            Results(thriceTheData(in: folder), Bootstrap(resamples: 200)).methodTable)
        #expect(table.values.map { $0[0] }.first == .text("llm"))
        let margin = try row(table, "margin", "threshold=0.4")
        #expect(margin[3] == .percent(0.8) && margin[4] == .percent(0.4))
        #expect(margin[5] == .number(4, decimals: 1) && margin[7] == .quantity(450))
        let citer = try row(table, "citer", "threshold=0.1")
        guard case .estimate(let calls, _, _, _, _) = citer[10],
            case .estimate(let bytes, _, _, _, _) = citer[11]
        else {
            Issue.record("no figures: \(citer)")
            return
        }
        // 1 call of 10; 150 bytes of 1,050.
        #expect(abs(calls - 90) < 1e-9)
        #expect(abs(bytes - 100 * (1 - 150.0 / 1050)) < 1e-9)
        // It never gets there: its most accurate setting stands for it.
        let entropy = try row(table, "entropy", "best: threshold=1")
        #expect(entropy[3] == .percent(0.7) && entropy[10] == .missing)
    }

    /// Where both models are wrong throughout, or the small one is as good, no call is saved by a method.
    @Test(arguments: [0, 5])
    func nothingIsSavedWhereTheSmallModelIsAsGood(right: Int) throws {
        let folder = try TemporaryFolder()
        let cells: [(policy: String, setting: String?, right: Int, calls: Int)] = [
            ("slm", nil, right, 0), ("llm", nil, right, 10), ("margin", "threshold=0", right, 0),
            ("margin", "threshold=0.4", right, 4), ("margin", "threshold=1", right, 10),
        ]
        let names = (0..<40).map { "\($0)" }
        let table = try #require(
            Results(data(in: folder, names: names, cells), Bootstrap(resamples: 50)).methodTable)
        // Its ends are the single models by another name.
        let margin = try row(table, "margin", "threshold=0.4")
        #expect(margin[10] == .missing && margin[11] == .missing && margin[12] == .missing)
    }

    @Test func methodsInPairs() throws {
        let folder = try TemporaryFolder()
        let table = try #require(
            Results(thriceTheData(in: folder), Bootstrap(resamples: 200)).pairTable)
        // 4 methods: 6 pairs in three currencies.
        #expect(table.values.count == 18)
        let pair = try row(table, "citer", "margin", "calls")
        guard case .estimate(let area, _, _, _, _) = pair[4],
            case .estimate(let gain, _, _, _, _) = pair[6]
        else {
            Issue.record("no figures: \(pair)")
            return
        }
        // PGR over calls 0, 0.1, 0.5, 1: 0, 1, 7/6, 1; margin's over 0, 0.2, 0.4, 1: 0, 2/3, 1, 1.
        let citer = 0.05 + 0.4 * (1 + 7.0 / 6) / 2 + 0.5 * (7.0 / 6 + 1) / 2
        let margin = 0.2 / 3 + 0.2 * (2.0 / 3 + 1) / 2 + 0.6
        #expect(abs(area - (citer - margin)) < 1e-9)
        // Over calls 0.2 to 0.4, which the settings of both cover, by trapezoids.
        let a = 0.2 * (0.825 + 0.875) / 2
        let b = 0.2 * (0.6 + 0.8) / 2
        #expect(abs(gain - 100 * (a - b) / 0.2) < 1e-9)
        #expect(try row(table, "citer", "margin", "bytes")[4] == .missing)
    }

    @Test func draftsThatWereTaken() throws {
        let folder = try TemporaryFolder()
        let table = try #require(Results(data(in: folder), Bootstrap(resamples: 1)).draftTable)
        #expect(table.values.count == 1)
        // Of 9 checked tokens 3 are the large model's own.
        let row = try row(table, "speculative", "draft=2")
        #expect(row[3] == .count(90) && row[4] == .percent(6.0 / 9))
        // Of 12 drafts an answer 6 stay; 4 of 10 tokens are the large model's own.
        #expect(row[5] == .percent(0.5) && row[6] == .percent(0.4))
        #expect(row[7] == .number(2.5, decimals: 2))
    }

    /// A name that begins as a chain's does and does not go on so: a warning, and groups by length alone.
    @Test func malformedNamesAreAWarning() throws {
        let folder = try TemporaryFolder()
        let names = (0..<20).map { "depth-\($0 == 7 ? "x" : "2")-\($0)" }
        let results = try Results(data(in: folder, names: names), Bootstrap(resamples: 2))
        #expect(results.warnings.count == 1)
        #expect(results.warnings.first?.contains("\"depth-x-7\" is not called depth-D-N") == true)
        #expect(results.groupTable?.values.contains { $0[0] == .text("depth") } == false)
        #expect(results.groupTable?.values.contains { $0[0] == .text("prompt tokens") } == true)
    }

    /// What drafts does not route, and neither does an ablation of it, whatever it is called.
    @Test func ablationsOfDraftsAreNoRouting() throws {
        let folder = try TemporaryFolder()
        let cells: [(policy: String, setting: String?, right: Int, calls: Int)] = [
            ("slm", nil, 6, 0), ("llm", nil, 24, 10), ("margin", "threshold=0.2", 18, 2),
            ("margin", "threshold=0.4", 24, 4), ("speculative", "draft=2", 24, 2),
        ]
        let data = try data(
            in: folder, names: (0..<30).map { "\($0)" }, cells, labels: [4: "short"], alone: true)
        let finding = try #require(Results(data, Bootstrap(resamples: 20)).finding)
        #expect(
            finding.contains(
                "take: routing at its accuracy margin threshold=0.4 0.45 [0.45, 0.45] (accuracy 80.0 %); "
                    + "speculative decoding short draft=2 0.27 [0.27, 0.27] (accuracy 80.0 %)."),
            "\(finding)")
    }

    /// Bytes that nobody measured are neither repaid nor never repaid.
    @Test func whatWasNotMeasuredIsNotNever() throws {
        let folder = try TemporaryFolder()
        let round = TrainingRecord(
            round: 1, tokens: 10, case1: 8, case2: 1, case3: 1, rollouts: 1, churn: nil,
            trainingLoss: 1, validationLoss: 1, accuracy: 1, flops: 100, bytes: nil, seconds: 60)
        let results = try Results(data(in: folder, training: round), Bootstrap(resamples: 2))
        // 9 FLOPs and 9 seconds a question are saved at the threshold of 0.1, 5 at the other.
        #expect(results.breakEven.map { $0.repayments[0] } == [.after(12), .after(20)])
        #expect(results.breakEven.map { $0.repayments[1] } == [.unknown, .unknown])
        let finding = try #require(results.finding)
        #expect(
            finding.hasSuffix(
                "by FLOPs: after 12 questions (citer threshold=0.1); bytes: not measured; "
                    + "seconds: after 7 questions (citer threshold=0.1)."), "\(finding)")
    }
}
