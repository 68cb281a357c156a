package import Assets
import Foundation
import Grading
import Platform
import Runs
import Schemas
import Specs

/// `citer grade`: the graders on anyone's output.
///
/// All rows are read before the first grade is printed, so that a wrong row leaves no half result.
package struct GradeVerb {
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

    private let task: GradingTask

    /// The grader of a task, built in or a user's own.
    package init(task name: String, catalog: AssetCatalog) throws {
        if let own = try OwnTasks(folders: catalog.folders).definition(name) {
            task = GradingTask(own)
        } else {
            task = try GradingTask(builtIn: name)
        }
    }

    /// The grader of a format; nil if there is none of that name.
    package init?(format name: String) {
        guard let format = TaskDefinition.Format(rawValue: name) else { return nil }
        task = GradingTask(format: format)
    }

    /// The formats' names.
    package static var formats: [String] { TaskDefinition.Format.allCases.map(\.rawValue) }

    /// Grades the rows of a JSON Lines file, or of standard input.
    package func run(file: String?, json: Bool) throws {
        let data: Data
        if let file {
            guard let contents = FileManager.default.contents(atPath: file) else {
                throw InputError.unreadable(path: file)
            }
            data = contents
        } else {
            data = FileHandle.standardInput.readDataToEndOfFile()
        }
        let rows: [GradingTask.Row]
        do {
            rows = try task.rows(from: data)
        } catch {
            throw RunError.rows(file: file ?? "standard input", reason: "\(error)")
        }
        if json {
            for row in rows { try printJSON(Output(grade: task.grade(row))) }
        } else {
            try StandardOutput.show(table(of: rows))
        }
    }

    private func table(of rows: [GradingTask.Row]) -> String {
        var lines: [String] = []
        var (right, judged, unanswered, score) = (0, 0, 0, 0.0)
        for row in rows {
            let grade = task.grade(row)
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
}
