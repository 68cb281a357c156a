package import Foundation

/// Grades answers that somebody else's program made: rows of an output and its gold answer.
package struct GradingTask: Sendable {
    /// One answer to grade.
    package struct Row: Sendable {
        /// The line it stands on, counted from 1.
        package let line: Int
        package let output: String
        /// Whether the limit of tokens ended the text.
        package let isCut: Bool
        fileprivate let question: Question
        fileprivate let task: TaskDefinition
    }

    private let task: TaskDefinition

    /// A task's grader and rules, with the rows' own fields.
    package init(_ task: TaskDefinition) {
        var task = task
        task.layout = .jsonLines
        task.fields = FieldNames(answer: "gold")
        self.task = task
    }

    /// The grader of a format with its usual rules.
    package init(format: TaskDefinition.Format) {
        self.init(TaskDefinition(name: format.rawValue, format: format, files: [:]))
    }

    package init(builtIn name: String) throws(BenchmarkError) {
        let benchmark = try Benchmarks.named(name)
        // Arithmetic chains are graded as GSM8K is.
        self.init(benchmark as? TaskDefinition ?? .gsm8k)
    }

    /// The rows of JSON Lines: `output` and `gold`, maybe `language` (a code such as `de`, which decides
    /// how separators in numbers are read), `cut`, and for multiple choice `choices`. Other fields are
    /// left alone.
    package func rows(from data: Data) throws(BenchmarkError) -> [Row] {
        var rows: [Row] = []
        for row in try Grading.Row.all(in: data, layout: .jsonLines) {
            rows.append(try self.row(row))
        }
        return rows
    }

    /// What the task's own grader says of the row's output.
    package func grade(_ row: Row) -> Grade {
        row.task.grade(row.output, isCut: row.isCut, for: row.question)
    }

    /// What lm-evaluation-harness's `gsm8k` filters say of a row (docs/method.md, section 6); nil where the answer is not a number.
    package func harnessVerdicts(
        on row: Row
    ) -> (strict: HarnessFilters.Match, flexible: HarnessFilters.Match)? {
        guard task.format == .number else { return nil }
        return (
            HarnessFilters.strict(row.output, gold: row.question.gold),
            HarnessFilters.flexible(row.output, gold: row.question.gold)
        )
    }

    private func row(_ row: Grading.Row) throws(BenchmarkError) -> Row {
        func bad(_ field: String, _ expected: String) -> BenchmarkError {
            .badField(
                line: row.line, field: field, found: row.value(field)?.kind ?? "missing",
                expected: expected)
        }
        guard case .text(let output)? = row.value("output") else {
            throw bad("output", "the text to grade")
        }
        guard let gold = row.value("gold"), gold != .null else {
            throw bad("gold", "the right answer")
        }
        var isCut = false
        switch row.value("cut") {
        case nil, .null: break
        case .truth(let truth): isCut = truth
        default: throw bad("cut", "true or false")
        }
        var task = task
        switch row.value("language") {
        case nil, .null: break
        case .text(let code):
            guard let convention = NumberConvention(language: code) else {
                throw .badField(
                    line: row.line, field: "language", found: "'\(code.prefix(40))'",
                    expected: "a language's two letters (ISO 639-1), such as en or de")
            }
            task.numbers = convention
        default: throw bad("language", "a language's two letters (ISO 639-1), such as en or de")
        }
        if task.format == .multipleChoice, row.value("choices") == nil {
            throw bad("choices", "the options, as pairs of a label and a text")
        }
        return Row(
            line: row.line, output: output, isCut: isCut, question: try question(of: row, task),
            task: task)
    }

    private func question(
        of row: Grading.Row, _ task: TaskDefinition
    ) throws(BenchmarkError) -> Question {
        let id = String(row.line)
        switch task.format {
        case .number, .math:
            return Question(id: id, user: "", gold: try task.goldAnswer(of: row))
        case .multipleChoice:
            let choices = try task.listedChoices(of: row)
            let gold = try task.goldLabel(of: row, among: choices)
            return Question(id: id, user: "", gold: gold.label, key: .choices(choices))
        case .text:
            let references = try task.references(of: row)
            return Question(id: id, user: "", gold: references[0], key: .references(references))
        }
    }
}
