import Foundation
import Testing

@testable import Grading

/// Answers with what a careful person would say of them, graded by the usual rules.
struct GradingCasesTests {
    struct Case: Decodable {
        let format: TaskDefinition.Format
        let output: String
        let gold: String
        let expected: Bool

        enum CodingKeys: String, CodingKey {
            case format, output, gold
            case expected = "expected_correct"
        }
    }

    /// Cases whose expectation is argued to be wrong: the output's beginning, and why.
    private static let disputed: [(beginning: String, gold: String, reason: String)] = [
        (
            "Let us look at the options.\nA. Increase: no.\nB. Decrease: possible.\nC. Stay", "B",
            "The text breaks off in the middle of its discussion; \"possible\" is no conclusion."
        ),
        (
            "The answer is $\\boxed{100200}$.", "100,200",
            "A gold answer of this form is read both ways, as 10,080 and 3,600 are."
        ),
        (
            "The answer is $\\boxed{70110}$.", "70,110",
            "A gold answer of this form is read both ways, as 10,080 and 3,600 are."
        ),
        (
            "\\boxed{a+b=12}", "12",
            "What is asked for may be a sum, as in the cases m+n=12 and a+b+c+d = 161."
        ),
        (
            "\\boxed{a+b+c=12}", "12",
            "What is asked for may be a sum, as in the cases m+n=12 and a+b+c+d = 161."
        ),
    ]

    private static let lines: [(number: Int, text: String)] = {
        guard
            let url = Bundle.module.url(
                forResource: "grading", withExtension: "jsonl", subdirectory: "Resources"),
            let text = try? String(contentsOf: url, encoding: .utf8)
        else { return [] }
        return text.split(separator: "\n").enumerated().map { ($0 + 1, String($1)) }
    }()

    @Test(arguments: TaskDefinition.Format.allCases.filter { $0 != .text })
    func casesAreGradedAsAPersonWould(format: TaskDefinition.Format) throws {
        #expect(Self.lines.count == 547)
        let task = GradingTask(format: format)
        for line in Self.lines {
            let test = try JSONDecoder().decode(Case.self, from: Data(line.text.utf8))
            guard test.format == format else { continue }
            let row = try task.rows(from: Data(line.text.utf8))[0]
            let grade = task.grade(row)
            let isDisputed = Self.disputed.contains {
                test.output.hasPrefix($0.beginning) && test.gold == $0.gold
            }
            #expect(
                grade.correct == (isDisputed ? !test.expected : test.expected),
                "line \(line.number): \(test.output) against \(test.gold): \(grade)")
        }
    }

    // MARK: Rows of others

    @Test func rowsOfOtherProgramsAreGraded() throws {
        let rows = """
            {"output": "It is 1.000,5", "gold": 1000.5, "language": "de", "more": {"is": "ignored"}}

            {"output": "So 12", "gold": "1.2e1", "cut": true}
            {"output": "So \\\\boxed{12} and", "gold": "12", "cut": true}
            {"output": "cut at \\\\boxed{12", "gold": "12", "cut": true}
            """
        let task = GradingTask(format: .number)
        let grades = try task.rows(from: Data(rows.utf8)).map(task.grade)
        #expect(grades.map(\.correct) == [true, false, true, false])
        #expect(grades.map(\.rule) == ["last-number", "none", "boxed", "none"])
        let choice = GradingTask(format: .multipleChoice)
        let row =
            #"{"output": "I choose B.", "gold": "no", "choices": [["A", "yes"], ["B", "no"]]}"#
        #expect(try choice.grade(choice.rows(from: Data(row.utf8))[0]).correct == true)
    }

    @Test(arguments: [
        (#"{"gold": "1"}"#, "line 1: field 'output' is missing"),
        (#"{"output": 1, "gold": "1"}"#, "field 'output' is '1'"),
        ("\n" + #"{"output": "x"}"#, "line 2: field 'gold' is missing"),
        (#"{"output": "x", "gold": "many"}"#, "field 'gold' is 'many'"),
        (#"{"output": "x", "gold": "2x"}"#, "field 'gold' is '2x'"),
        (#"{"output": "x", "gold": "1", "cut": 1}"#, "field 'cut' is '1'"),
        (#"{"output": "x", "gold": "1", "language": "klingon!"}"#, "field 'language'"),
        // What no language has was taken for English; so was German by its three letters.
        (#"{"output": "x", "gold": "1", "language": "xx"}"#, "'xx'"),
        (#"{"output": "x", "gold": "1", "language": "deu"}"#, "'deu'"),
        (#"{"output": "x", "gold": "1", "language": ""}"#, "field 'language'"),
        (#"{"output": "x", "gold": "1"} {"#, "line 1: expected one JSON object"),
        (#"{"output": "x", "output": "y", "gold": "1"}"#, "line 1: expected one JSON object"),
    ])
    func wrongRowsAreNamed(rows: String, says: String) {
        let error = #expect(throws: BenchmarkError.self) {
            try GradingTask(format: .number).rows(from: Data(rows.utf8))
        }
        #expect(error?.description.contains(says) == true, "\(String(describing: error))")
    }

    @Test func choicesAreRequired() {
        #expect(throws: BenchmarkError.self) {
            try GradingTask(format: .multipleChoice)
                .rows(from: Data(#"{"output": "B", "gold": "B"}"#.utf8))
        }
    }

    @Test(arguments: Benchmarks.names)
    func everyBuiltInTaskGradesRows(name: String) throws {
        _ = try GradingTask(builtIn: name)
    }
}
