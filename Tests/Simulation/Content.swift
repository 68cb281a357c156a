import ResultsStore

/// What a database holds, as far as a user would miss it.
struct Content: Hashable {
    /// What is stored for a question of a cell.
    enum Answer: Hashable {
        /// The answer, which is always the same; stored by the attempt of this name.
        case answered(by: String)
        case failed(tries: Int, reason: String)
    }

    struct Place: Hashable {
        let cell: String
        let question: String
    }

    var answers: [Place: Answer] = [:]
    /// How each attempt ended, by its name; empty while it has not.
    var attempts: [String: String] = [:]
    /// Passes timed, by attempt.
    var passes: [String: Int] = [:]

    var isEmpty: Bool { self == Content() }

    /// With what another file has.
    func merged(with other: Content) -> Content {
        var both = self
        for (place, theirs) in other.answers {
            switch (both.answers[place], theirs) {
            case (nil, _): both.answers[place] = theirs
            case (.answered?, _): break
            case (.failed?, .answered): both.answers[place] = theirs
            case (.failed(let ours, _)?, .failed(let tries, _)):
                if tries > ours { both.answers[place] = theirs }
            }
        }
        both.attempts.merge(other.attempts) { ours, theirs in ours.isEmpty ? theirs : ours }
        both.passes.merge(other.passes, uniquingKeysWith: max)
        return both
    }

    /// What differs, in words.
    func differences(from other: Content) -> String {
        var words: [String] = []
        for place in Set(answers.keys).union(other.answers.keys)
        where answers[place] != other.answers[place] {
            func text(_ answer: Answer?) -> String { answer.map { "\($0)" } ?? "nothing" }
            words.append(
                "question \(place.question) of \(place.cell.suffix(2)): \(text(answers[place])), "
                    + "expected \(text(other.answers[place]))")
        }
        if attempts != other.attempts {
            words.append("attempts \(attempts), expected \(other.attempts)")
        }
        if passes != other.passes { words.append("passes \(passes), expected \(other.passes)") }
        return words.sorted().joined(separator: "\n  ")
    }
}

/// The sweep whose answers are stored: two cells over some questions, each answer following from its place.
enum TinyAnswers {
    /// Also that of the first schema's frozen file, so that all files can be merged.
    static let experiment = "old"
    static let cells = (1...2).map { String(repeating: "\($0)", count: 64) }
    static let questions = (0..<6).map { "\($0)" }
    static let vocabulary = VocabularyRecord(sha256: "words", size: 1000) { Array("t\($0) ".utf8) }

    static func decisions(of place: Content.Place) -> [DecisionRecord] {
        let number = (Int(place.question) ?? 0) + (place.cell.hasPrefix("1") ? 0 : 3)
        return (0..<(number == 4 ? 150 : 2 + number)).map { position in
            let isLarge = position % 3 == 2
            let token = (position * 7 + number) % 1000
            return DecisionRecord(
                token: token, author: isLarge ? .llm : .slm, score: Double(position) / 8,
                slm: CandidateRecord(token: isLarge ? 500 : token, logprob: -0.25),
                llm: isLarge ? CandidateRecord(token: token, logprob: -1.5) : nil)
        }
    }

    static func sample(of place: Content.Place) -> SampleRecord {
        let decisions = decisions(of: place)
        let calls = decisions.count { $0.author == .llm }
        return SampleRecord(
            question: place.question,
            // Now and then one that needs many pages.
            output: String(
                repeating: "answer \(place.question) ", count: decisions.count > 9 ? 3_000 : 1),
            finish: .stop, gold: "4",
            grade: GradeRecord(extracted: "4", rule: "last number", correct: true, version: "1"),
            usage: UsageRecord(
                promptTokens: 10, tokens: decisions.count, llmCalls: calls, llmPasses: calls,
                slmProcessed: 20, llmProcessed: 15, flops: 100, bytes: 200, seconds: 0.5))
    }

    static func finished(
        _ place: Content.Place, in cell: RowID<CellRecord>
    ) -> FinishedQuestion {
        FinishedQuestion(cell: cell, sample: sample(of: place), decisions: decisions(of: place))
    }

    static func attempt(at experiment: RowID<ExperimentRecord>) -> AttemptRecord {
        AttemptRecord(
            experiment: experiment, programVersion: "1.0", host: "here", cpu: "some", threads: 2,
            command: "citer sweep", environment: ["CITER_DATA": "/data"])
    }

    /// Registers all that a sweep registers before its first answer; the cells' numbers.
    static func register(in store: ResultsStore) throws(StoreError) -> (
        experiment: RowID<ExperimentRecord>, cells: [RowID<CellRecord>]
    ) {
        let experiment = try store.register(
            ExperimentRecord(name: experiment, spec: "experiment: old", seed: 3))
        let slm = try store.register(ModelRecord(name: "S", sha256: "bb"))
        let llm = try store.register(ModelRecord(name: "L", sha256: "cc"))
        let words = try store.register(vocabulary)
        let dataset = try store.register(
            DatasetRecord(name: "sums", split: "test", sha256: "ee", rows: questions.count))
        try store.register(
            questions.map { QuestionRecord(name: $0, text: "\($0) + 1?") }, of: dataset)
        var numbers: [RowID<CellRecord>] = []
        for (position, key) in cells.enumerated() {
            numbers.append(
                try store.register(
                    CellRecord(
                        experiment: experiment, key: key, canonical: "{\"k\":\"\(key)\"}",
                        policy: "entropy", setting: "threshold=\(position)",
                        threshold: Double(position), position: position, slm: slm, llm: llm,
                        dataset: dataset, vocabulary: words)))
        }
        return (experiment, numbers)
    }
}

/// Something that must not be: what, in words.
package struct Violation: Error, CustomStringConvertible {
    package let description: String
}

extension Content {
    /// Everything in a file, each answer compared with what was given to be stored.
    init(_ reader: ResultsReader) throws {
        let report = try reader.check()
        guard report.problems.isEmpty else {
            throw Violation(description: "db check: \(report.problems.joined(separator: "; "))")
        }
        let rows = try reader.attempts()
        var names: [RowID<AttemptRecord>: String] = [:]
        for row in rows {
            names[row.id] = row.uid
            attempts[row.uid] = row.outcome ?? ""
        }
        guard attempts.count == rows.count else {
            throw Violation(description: "an attempt is there twice")
        }
        for timing in try reader.timings() {
            passes[names[timing.attempt] ?? "?", default: 0] += timing.record.passes
        }
        var count = 0
        for experiment in try reader.experiments() {
            for cell in try reader.cells(of: experiment.id) {
                for row in try reader.samples(of: cell.id) {
                    count += 1
                    let place = Place(cell: cell.record.key, question: row.question)
                    guard answers[place] == nil else {
                        throw Violation(description: "\(place) is there twice")
                    }
                    answers[place] =
                        row.error.map { .failed(tries: row.tries, reason: $0) }
                        ?? .answered(by: names[row.attempt] ?? "?")
                    try Self.compare(row, at: place, in: reader)
                }
            }
            for row in try reader.curve(of: experiment.id) {
                let key = try reader.cells(of: experiment.id).first { $0.id == row.cell }?.record
                    .key
                let finished = answers.count { answer in
                    guard case .answered = answer.value else { return false }
                    return answer.key.cell == key
                }
                guard row.n == finished else {
                    throw Violation(description: "curve: \(row.n) of \(finished) answers")
                }
            }
        }
        guard count == report.samples else {
            throw Violation(description: "\(report.samples) rows, of which \(count) are in cells")
        }
    }

    private static func compare(
        _ row: SampleRow, at place: Place, in reader: ResultsReader
    ) throws {
        guard let sample = row.sample else { return }
        guard TinyAnswers.cells.contains(place.cell) else {
            guard sample.output == "four" else {
                throw Violation(description: "the old answer is \(sample.output)")
            }
            return
        }
        guard sample == TinyAnswers.sample(of: place) else {
            throw Violation(description: "changed: \(sample)")
        }
        let decisions = TinyAnswers.decisions(of: place)
        let tokens = try reader.tokens(of: row)
        guard tokens.map(\.decision) == decisions,
            tokens.allSatisfy({ $0.bytes == Array("t\($0.token) ".utf8) }),
            tokens.allSatisfy({ row in
                row.slmBytes == row.slm.map { Array("t\($0.token) ".utf8) }
            })
        else { throw Violation(description: "changed: decisions of \(place)") }
    }
}
