import GRDB

/// Why a generation ended.
package enum SampleFinish: String, Equatable, Sendable {
    /// The model ended it.
    case stop
    /// The token limit ended it.
    case length
}

/// What a grader made of an answer. At least one of `correct` and `score` is set.
package struct GradeRecord: Equatable, Sendable {
    /// The answer read from the output; nil when none was found.
    package var extracted: String?
    /// The extraction rule that found it.
    package var rule: String?
    /// Right or wrong; nil for tasks with a score only.
    package var correct: Bool?
    /// A score in 0...1, for tasks such as summaries.
    package var score: Double?
    /// The grader's version; another version may re-grade the stored output.
    package var version: String

    /// A grade.
    package init(
        extracted: String?, rule: String?, correct: Bool?, score: Double? = nil, version: String
    ) {
        self.extracted = extracted
        self.rule = rule
        self.correct = correct
        self.score = score
        self.version = version
    }
}

/// What one answer cost, accounted as if its cell had run alone (docs/method.md, 3).
package struct UsageRecord: Equatable, Sendable {
    package var promptTokens: Int
    /// Tokens written.
    package var tokens: Int
    /// Tokens of those that the large model wrote.
    package var llmCalls: Int
    /// Serial forward passes of the large model.
    package var llmPasses: Int
    /// Tokens the small model read, prompt included.
    package var slmProcessed: Int
    /// Tokens the large model read, prompt and catch-up included.
    package var llmProcessed: Int
    /// Tokens of the small model that the large one judged or was to judge, those that were taken back included; nil where it judges none.
    package var drafted: Int?
    /// Floating-point operations of both models and the router; nil where nobody knows what a model's passes cost.
    package var flops: Int?
    /// Bytes moved, at batch 1; nil as above.
    package var bytes: Int?
    /// Wall-clock of its passes, of those that other answers took part in its share by tokens; what is between passes is not in it. nil where not measured.
    package var seconds: Double?
    /// Energy of the processor's packages, in joules, where the answer was decoded by itself; nil where it was not, or that can't be measured.
    package var joules: Double?

    /// The cost of one answer.
    package init(
        promptTokens: Int, tokens: Int, llmCalls: Int, llmPasses: Int, slmProcessed: Int,
        llmProcessed: Int, drafted: Int? = nil, flops: Int?, bytes: Int?, seconds: Double? = nil,
        joules: Double? = nil
    ) {
        self.promptTokens = promptTokens
        self.tokens = tokens
        self.llmCalls = llmCalls
        self.llmPasses = llmPasses
        self.slmProcessed = slmProcessed
        self.llmProcessed = llmProcessed
        self.drafted = drafted
        self.flops = flops
        self.bytes = bytes
        self.seconds = seconds
        self.joules = joules
    }
}

/// One finished answer of one cell.
package struct SampleRecord: Equatable, Sendable {
    /// The question's name.
    package var question: String
    /// The generated text, whatever it holds.
    package var output: String
    /// Why it ended.
    package var finish: SampleFinish
    /// The reference answer.
    package var gold: String?
    /// The grader's verdict.
    package var grade: GradeRecord
    /// The cost.
    package var usage: UsageRecord

    /// A finished answer.
    package init(
        question: String, output: String, finish: SampleFinish, gold: String?,
        grade: GradeRecord, usage: UsageRecord
    ) {
        self.question = question
        self.output = output
        self.finish = finish
        self.gold = gold
        self.grade = grade
        self.usage = usage
    }
}

/// A row of `sample`: where an answer belongs, and the answer, or why there is none.
struct StoredSample: Equatable, Sendable {
    var cell: RowID<CellRecord>
    var attempt: RowID<AttemptRecord>
    var tries = 1
    var error: String?
    /// Its question, and for a failure nothing else.
    var answer: SampleRecord

    /// In the order in which they are exported.
    static let table = StoredTable(
        "sample",
        row: """
            'cell ' || (SELECT key FROM source.cell WHERE id = theirs.cell)
                || ' question ' || theirs.question
            """,
        blank: StoredSample(cell: RowID(0), attempt: RowID(0), answer: .blank("")),
        [
            Column("cell", \.cell, .name, in: "cell"),
            Column("question", \.answer.question, .name),
            Column("attempt", \.attempt, .measurement, in: "attempt"),
            Column("output", \.answer.output, .content),
            Column("extracted", \.answer.grade.extracted, .grade),
            Column("rule", \.answer.grade.rule, .grade),
            Column("gold", \.answer.gold, .grade),
            Column("correct", \.answer.grade.correct, .grade),
            Column("score", \.answer.grade.score, .grade),
            Column("error", \.error, .measurement),
            Column("grader_version", \.answer.grade.version, .measurement),
            Column(
                text: "finish", .content,
                value: { $0.error == nil ? $0.answer.finish.rawValue : failed },
                read: { text, record in
                    guard let finish = SampleFinish(rawValue: text) else { return text == failed }
                    record.answer.finish = finish
                    return true
                }),
            Column("tries", \.tries, .measurement, most: Most.things),
            Column("prompt_tokens", \.answer.usage.promptTokens, .content, most: Most.things),
            Column("tokens", \.answer.usage.tokens, .content, most: Most.things),
            Column("llm_calls", \.answer.usage.llmCalls, .content, most: Most.things),
            Column("llm_passes", \.answer.usage.llmPasses, .content, most: Most.things),
            Column("slm_processed", \.answer.usage.slmProcessed, .content, most: Most.things),
            Column("llm_processed", \.answer.usage.llmProcessed, .content, most: Most.things),
            // An answer that an older version stored lacks it.
            Column("drafted", \.answer.usage.drafted, .measurement, most: Most.things),
            Column("flops", \.answer.usage.flops, .content, most: Most.work),
            Column("bytes", \.answer.usage.bytes, .content, most: Most.work),
            Column("seconds", \.answer.usage.seconds, .measurement),
            Column("joules", \.answer.usage.joules, .measurement),
        ])

    /// `finish` of a failure.
    private static let failed = "error"

    /// What a failure has; its other columns are NULL.
    static let ofFailure: Set = ["cell", "question", "attempt", "tries", "error", "finish"]
}

extension SampleRecord {
    /// An answer of which nothing is known.
    static func blank(_ question: String) -> SampleRecord {
        SampleRecord(
            question: question, output: "", finish: .stop, gold: nil,
            grade: GradeRecord(extracted: nil, rule: nil, correct: nil, version: ""),
            usage: UsageRecord(
                promptTokens: 0, tokens: 0, llmCalls: 0, llmPasses: 0, slmProcessed: 0,
                llmProcessed: 0, flops: 0, bytes: 0))
    }
}

/// One question of one cell as stored: an answer or a failure.
package struct SampleRow: Equatable, Sendable {
    /// Its number in this file.
    package let id: Int64
    package let cell: RowID<CellRecord>
    /// The question's name.
    package let question: String
    /// The attempt that stored it.
    package let attempt: RowID<AttemptRecord>
    /// How often it was tried, this time included.
    package let tries: Int
    /// Why it failed; nil for an answer.
    package let error: String?
    /// The answer; nil for a failure.
    package let sample: SampleRecord?

    /// The names of an exported answer's values.
    package static let exportedNames = exported.map(\.name)

    private static let exported = StoredSample.table.columns.filter { column in
        !["cell", "question", "attempt"].contains(column.name)
    }

    /// The row as it is exported, in the order of `exportedNames`.
    package var exportedValues: [StoredValue] {
        Self.exported.map { column in
            guard sample != nil || StoredSample.ofFailure.contains(column.name) else {
                return .null
            }
            return column.value(stored)
        }
    }

    private let stored: StoredSample

    fileprivate init(_ row: Row) throws {
        let isFailure = !(row["error"] as DatabaseValue).isNull
        stored = try StoredSample.table.record(
            row, only: isFailure ? StoredSample.ofFailure : nil)
        id = try row.value("id")
        cell = stored.cell
        question = stored.answer.question
        attempt = stored.attempt
        tries = stored.tries
        error = stored.error
        sample = isFailure ? nil : stored.answer
    }
}

extension ResultsReader {
    /// All questions of a cell, failed ones included, in the order of their names.
    package func samples(of cell: RowID<CellRecord>) throws(StoreError) -> [SampleRow] {
        try rows(
            "\(Self.everySample) WHERE sample.cell = ? ORDER BY \(questionOrder)", [cell.value],
            SampleRow.init)
    }

    /// One question of a cell; throws `.notFound`.
    package func sample(
        of cell: RowID<CellRecord>, question: String
    ) throws(StoreError) -> SampleRow {
        let found = try rows(
            "\(Self.everySample) WHERE sample.cell = ? AND sample.question = ?",
            [cell.value, question], SampleRow.init)
        guard let row = found.first else {
            let names = try rows(
                "SELECT question FROM sample WHERE cell = ? ORDER BY \(questionOrder)",
                [cell.value]
            ) { try $0.value("question") as String }
            throw .notFound(
                what: "question", name: question, candidates: near(question, in: names))
        }
        return row
    }

    /// The questions of a cell that have an answer.
    package func finishedQuestions(of cell: RowID<CellRecord>) throws(StoreError) -> Set<String> {
        Set(
            try rows(
                "SELECT question FROM sample WHERE cell = ? AND error IS NULL", [cell.value]
            ) { try $0.value("question") as String })
    }

    /// The questions of a cell that failed so far, each with the number of tries.
    package func failedQuestions(
        of cell: RowID<CellRecord>
    ) throws(StoreError) -> [String: Int] {
        let failures = try rows(
            "SELECT question, tries FROM sample WHERE cell = ? AND error IS NOT NULL",
            [cell.value]
        ) { try ($0.value("question") as String, $0.value("tries") as Int) }
        return Dictionary(failures, uniquingKeysWith: max)
    }

    private static let everySample = "SELECT id, \(StoredSample.table.selection) FROM sample"
}

/// All of a list of names if it is short; of a long one those that stand next to where `name` would, and how many more there are.
private func near(_ name: String, in names: [String], most: Int = 60) -> [String] {
    guard names.count > most else { return names }
    func place(_ name: String) -> (Int, String) { (name.unicodeScalars.count, name) }
    let index = names.firstIndex { place($0) > place(name) } ?? names.count
    let start = min(max(index - most / 4, 0), names.count - most / 2)
    return Array(names[start..<start + most / 2]) + ["and \(names.count - most / 2) more"]
}
