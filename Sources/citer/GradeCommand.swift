import ArgumentParser
import Assets
import Foundation
import Grading
import Platform
import Runs
import Specs

struct GradeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "grade",
        abstract: "Grade answers: what each one says, by which rule, and whether it is right.",
        discussion: """
            Rows are JSON objects with "output" and "gold"; "choices" ([["A", "text"], ...]) for multiple \
            choice, "language" (de) where numbers are written another way, "cut" (true) for an output \
            that the limit of tokens ended. All rows are read before the first grade is printed.
            """)
    @Argument(help: "A task's name: its format, rules and markers.") var task: String?
    @Option(help: "A format instead.") var format: TaskDefinition.Format?
    @Option(help: "A JSON Lines file; the default is standard input.", transform: givenPath)
    var input: String?
    @Flag(help: "{\"correct\", \"extracted\", \"rule\"} for each row.") var json = false

    func validate() throws {
        guard (task == nil) != (format == nil) else {
            let formats = TaskDefinition.Format.allCases.map(\.rawValue)
            throw ValidationError("give a task, or --format \(formats.joined(separator: "|"))")
        }
    }

    /// All rows are read before the first grade is printed, so that a wrong row leaves no half result.
    func run() throws {
        let grader = try grader()
        let data: Data
        if let input {
            data = try contents(ofFile: input)
        } else {
            do {
                data = try FileHandle.standardInput.readToEnd() ?? Data()
            } catch {
                throw InputError.noStandardInput
            }
        }
        let rows: [GradingTask.Row]
        do {
            rows = try grader.rows(from: data)
        } catch {
            throw RunError.rows(file: input ?? "standard input", reason: "\(error)")
        }
        if json {
            for row in rows { try printJSON(Output(grade: grader.grade(row))) }
        } else {
            try StandardOutput.show(table(of: rows, by: grader))
        }
    }

    private func table(of rows: [GradingTask.Row], by grader: GradingTask) -> String {
        var lines: [String] = []
        var (right, judged, unanswered, score) = (0, 0, 0, 0.0)
        for row in rows {
            let grade = grader.grade(row)
            let verdict = grade.correct.map { $0 ? "right" : "wrong" } ?? fixed(grade.score)
            lines.append(
                "\(row.line)\t\(verdict)\t\(grade.rule)\t\(oneLine(grade.extracted ?? "no answer"))"
            )
            if let correct = grade.correct {
                judged += 1
                right += correct ? 1 : 0
            }
            score += grade.score
            unanswered += grade.extracted == nil ? 1 : 0
        }
        let share = fixed(100 * (judged > 0 ? Double(right) / Double(judged) : 0))
        lines.append(
            judged > 0
                ? "\(right) of \(judged) right (\(share) %), \(unanswered) without an answer"
                : "mean score \(fixed(score / Double(rows.count))) of \(rows.count), "
                    + "\(unanswered) without an answer")
        let verdicts = rows.compactMap { grader.harnessVerdicts(on: $0) }
        if !verdicts.isEmpty {
            lines.append(
                "lm-evaluation-harness's gsm8k filters: strict-match "
                    + "\(verdicts.count { $0.strict.correct }) right, flexible-extract "
                    + "\(verdicts.count { $0.flexible.correct }) right")
        }
        return lines.joined(separator: "\n")
    }

    private func fixed(_ number: Double) -> String { String(format: "%.3f", number) }

    /// Texts of a model may hold whatever steers a terminal: such characters are shown by their codes.
    private func oneLine(_ text: String) -> String {
        text.unicodeScalars.reduce(into: "") { line, scalar in
            switch scalar.properties.generalCategory {
            case .lineSeparator, .paragraphSeparator: line += " "
            case .control where scalar == "\n" || scalar == "\t": line += " "
            case .control, .format:
                line += "<U+\(String(scalar.value, radix: 16, uppercase: true))>"
            default: line.unicodeScalars.append(scalar)
            }
        }
    }

    /// The grader of a format, or of a task: a user's own, or a built-in one.
    private func grader() throws -> GradingTask {
        if let format { return GradingTask(format: format) }
        let name = task ?? ""
        let own = try OwnTasks(folders: openAssets().catalog.folders).definition(name)
        return try own.map { GradingTask($0) } ?? GradingTask(builtIn: name)
    }

    private struct Output: Encodable {
        let grade: Grade

        enum CodingKeys: String, CodingKey { case correct, extracted, rule, score }

        func encode(to encoder: any Encoder) throws {
            var values = encoder.container(keyedBy: CodingKeys.self)
            try values.encode(grade.correct, forKey: .correct)
            try values.encode(grade.extracted, forKey: .extracted)
            try values.encode(grade.rule, forKey: .rule)
            // A text is better or worse, not right or wrong.
            if grade.correct == nil { try values.encode(grade.score, forKey: .score) }
        }
    }
}

extension TaskDefinition.Format: ExpressibleByArgument {}
