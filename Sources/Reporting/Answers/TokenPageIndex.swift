import Platform
import ResultsStore
import Routing

/// What the token page shows at once: its settings, and of every question its text and what each setting made of it.
struct TokenPageIndex {
    let experiment: ExperimentRow
    let cells: [CellRow]
    /// In the order in which cells name them.
    let questions: [String]
    /// Their texts, where they are stored.
    let texts: [String?]
    /// The questions that each cell has an answer or a failure of.
    let asked: [Set<String>]

    private let facts: [JSONValue]
    /// Of each cell, a sign a question: 1 right, 0 wrong, - not graded so, ! failed, a full stop where it has not run.
    private let verdicts: [String]
    private let scores: [JSONValue]
    private let calls: [[Int?]]
    private let tokens: [[Int?]]
    private let head: [(key: String, value: JSONValue)]
    private let opening: [Int?]

    init(
        _ reader: ResultsReader, experiment name: String, configuration: String?
    ) throws(StoreError) {
        experiment = try reader.experiment(named: name)
        let choice = try reader.configuration(named: configuration, of: experiment.id)
        cells = try reader.cells(of: experiment.id).filter { choice.chosen.cells.contains($0.id) }
            .sorted(by: singleModelsFirst)
        var outcomes: [[String: QuestionOutcome]] = []
        var failures: [Set<String>] = []
        var names: [String] = []
        var known: Set<String> = []
        var textsByName: [RowID<DatasetRecord>: [String: String]] = [:]
        var textOf: [String: String] = [:]
        for cell in cells {
            let found = try reader.outcomes(of: cell.id)
            let failed = try reader.failedQuestions(of: cell.id).keys
            if let dataset = cell.record.dataset, textsByName[dataset] == nil {
                let all = try reader.questionTexts(of: dataset)
                textsByName[dataset] = all
                textOf.merge(all) { first, _ in first }
            }
            let ofCell = found.map(\.question) + failed
            let new = ofCell.filter { !known.contains($0) }
            known.formUnion(new)
            names += new
            outcomes.append(Dictionary(found.map { ($0.question, $0) }) { first, _ in first })
            failures.append(Set(failed))
        }
        // Numbers sort as numbers: 2 before 10.
        questions = names.sorted { left, right in
            (left.unicodeScalars.count, left) < (right.unicodeScalars.count, right)
        }
        texts = questions.map { textOf[$0] }
        asked = zip(outcomes, failures).map { $1.union($0.keys) }
        let all = questions
        verdicts = zip(outcomes, failures).map { found, failed in
            String(all.map { Self.sign(found[$0], failed: failed.contains($0)) })
        }
        scores = outcomes.map { found in
            found.values.contains { $0.score != nil }
                ? .integers(all.map { found[$0]?.score.map { Int(($0 * 1000).rounded()) } })
                : .null
        }
        calls = outcomes.map { found in all.map { found[$0]?.llmCalls } }
        tokens = outcomes.map { found in all.map { found[$0]?.tokens } }

        let ofCells = zip(cells, outcomes).map { ($0, Array($1.values)) }
        let keys = Self.prefixes(of: cells.map(\.record.key))
        var facts: [JSONValue] = []
        for (index, (cell, outcomes)) in ofCells.enumerated() {
            let nearness = try CallNearness(reader, cell)
            facts.append(
                Self.facts(
                    cell, key: keys[index], outcomes, failed: failures[index].count, nearness))
        }
        self.facts = facts
        opening = Self.opening(
            ofCells.map { cell, outcomes in
                Candidate(
                    single: cell.single,
                    isLossless: cell.record.keep == "strict" || cell.policy == .disagree,
                    callRatio: outcomes.callRatio)
            })

        let modelNames = try reader.namesByHash()
        let asks = [
            experiment.record.question,
            ConfigurationTable(choice: choice, names: modelNames).sentence,
        ].compactMap(\.self)
        let shared = choice.chosen.facts.all
        // A cell that two configurations share was last registered for one of them.
        let model = { (hash: String?, name: String?) -> JSONValue in
            .text((hash.flatMap { modelNames[$0] } ?? name).map(visible))
        }
        head = [
            ("experiment", .string(visible(experiment.record.name))),
            ("asks", asks.isEmpty ? .null : .string(visible(asks.joined(separator: " ")))),
            ("slm", model(shared["slmSha256"], cells.lazy.compactMap(\.slm).first)),
            ("llm", model(shared["llmSha256"], cells.lazy.compactMap(\.llm).first)),
        ]
    }

    /// Characters of all questions' texts that the first view holds: what is longer is cut there, and whole beside its answers.
    private static let room = 900_000
    /// So many of a question at least: enough to know it by.
    private static let least = 100

    /// How much of a question's text the first view holds, in Unicode scalars.
    var textLimit: Int { max(Self.least, Self.room / max(1, questions.count)) }

    /// A question's text as the first view shows it, and whether that is all of it.
    func shownText(of question: Int) -> (text: String?, isWhole: Bool) {
        guard let text = texts[question] else { return (nil, true) }
        let scalars = text.unicodeScalars
        guard
            let cut = scalars.index(
                scalars.startIndex, offsetBy: textLimit, limitedBy: scalars.endIndex),
            cut < scalars.endIndex
        else { return (text, true) }
        return (String(scalars[..<cut]), false)
    }

    /// For the page, with where its answers lie.
    func json(chunks: [TokenPageChunk]) -> JSONValue {
        let shown = questions.indices.map(shownText)
        return .object(
            head + [
                ("opening", .integers(opening)),
                ("cells", .array(facts)),
                ("names", .array(questions.map { .string(visible($0)) })),
                ("texts", .array(shown.map { .text($0.text.map(visible)) })),
                ("textLimit", shown.allSatisfy(\.isWhole) ? .null : .integer(textLimit)),
                ("verdicts", .array(verdicts.map { .string($0) })),
                ("scores", .array(scores)),
                ("calls", .array(calls.map { .integers($0) })),
                ("tokens", .array(tokens.map { .integers($0) })),
                (
                    "chunks",
                    .array(
                        chunks.map { chunk in
                            .object([
                                ("first", .integer(chunk.questions.lowerBound)),
                                ("stamp", .string(chunk.stamp)),
                            ])
                        })
                ),
            ])
    }

    private static func sign(_ outcome: QuestionOutcome?, failed: Bool) -> Character {
        guard let outcome else { return failed ? "!" : "." }
        return outcome.correct.map { $0 ? "1" : "0" } ?? "-"
    }

    private static func facts(
        _ cell: CellRow, key: String, _ outcomes: [QuestionOutcome], failed: Int,
        _ nearness: CallNearness?
    ) -> JSONValue {
        // Where S's stretches end without a score, its word beside L's own token is either the draft taken back or what it would have written next.
        let isUnclear = cell.record.keep == "judge" && nearness == nil
        return .object([
            ("key", .string(key)), ("name", .string(visible(cell.name))),
            ("scope", .text(cell.record.scope.map(visible))),
            ("keep", .text(cell.record.keep.map(visible))),
            ("unclear", .bool(isUnclear)),
            ("copies", .bool(cell.record.setting?.contains("ngram=") ?? false)),
            ("n", .integer(outcomes.count)), ("failed", .integer(failed)),
            ("isGraded", .bool(outcomes.contains { $0.correct != nil })),
            ("accuracy", outcomes.accuracy.map { .number($0) } ?? .null),
            ("callRatio", outcomes.callRatio.map { .number($0) } ?? .null),
            (
                "score",
                nearness.map { nearness in
                    .object([
                        ("name", .string(visible(nearness.score.name))),
                        ("below", .bool(nearness.score.calls == .below)),
                        ("threshold", .number(nearness.score.threshold)),
                        ("cutoffs", .array(nearness.cutoffs.map { .number($0) })),
                    ])
                } ?? .null
            ),
        ])
    }

    /// The shortest starts of keys, of at least 12 digits, that tell them all apart.
    static func prefixes(of keys: [String]) -> [String] {
        let longest = keys.map(\.count).max() ?? 0
        let length =
            (12..<max(12, longest)).first { length in
                Set(keys.map { $0.prefix(length) }).count == keys.count
            } ?? longest
        return keys.map { String($0.prefix(length)) }
    }

    /// What the choice of the first two cells looks at.
    struct Candidate {
        let single: Route?
        /// Whether its text is the large model's own in any case.
        let isLossless: Bool
        let callRatio: Double?
    }

    /// The two cells that are shown first: the large model alone against the middle one, by its calls, of those in which both models write,
    /// and in which something can go wrong.
    static func opening(_ cells: [Candidate]) -> [Int?] {
        let left = cells.firstIndex { $0.single == .llm } ?? cells.indices.first
        let others = cells.indices.filter { $0 != left }
        let mixed = others.filter { index in
            cells[index].single == nil && cells[index].callRatio.map { 0 < $0 && $0 < 1 } ?? false
        }
        let lossy = mixed.filter { !cells[$0].isLossless }
        let ranked = (lossy.isEmpty ? mixed : lossy)
            .sorted { (cells[$0].callRatio ?? 0, $0) < (cells[$1].callRatio ?? 0, $1) }
        let middle = ranked.isEmpty ? nil : ranked[(ranked.count - 1) / 2]
        let routed = others.first { cells[$0].single == nil }
        return [left, middle ?? routed ?? others.first]
    }
}
