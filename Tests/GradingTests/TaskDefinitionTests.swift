import Foundation
import Testing

@testable import Grading

struct TaskDefinitionTests {
    @Test func anOwnTaskNeedsOnlyItsParameters() throws {
        let task = TaskDefinition(
            name: "trivia", format: .multipleChoice, files: ["test": "trivia/test.jsonl"],
            fields: FieldNames(question: "q.text", choices: "options", answer: "right"))
        #expect(try task.source(of: "test") == .file("trivia/test.jsonl"))
        #expect(
            throws: BenchmarkError.unknownSplit(name: "dev", benchmark: "trivia", known: ["test"])
        ) {
            try task.source(of: "dev")
        }
        let rows = #"""
            {"q": {"text": "Which floats?"}, "options": ["lead", "cork", "gold"], "right": 1}

            {"id": "own", "q": {"text": "Which sinks?"}, "options": ["lead", "cork"], "right": "A"}
            {"id": 7, "q": {"text": "Which?"}, "options": ["lead", "cork"], "right": "cork"}
            """#
        let questions = try task.questions(from: Data(rows.utf8))
        #expect(questions.map(\.id) == ["0", "own", "7"])
        #expect(questions.map(\.gold) == ["B", "A", "B"])
        #expect(
            questions[0].user == "Which floats?\nA. lead\nB. cork\nC. gold\n"
                + "Please reason step by step, and put the letter of your answer within \\boxed{}.")
        #expect(task.grade("So \\boxed{B}.", for: questions[0]).correct == true)
        #expect(task.grade("Cork floats: (B)", for: questions[0]).rule == "last-letter")
    }

    @Test func promptVersionFollowsThePrompt() {
        var task = TaskDefinition.gsm8k
        let version = task.promptVersion
        task.extraction = [.boxed]
        #expect(task.promptVersion == version)
        task.prompt += " "
        #expect(task.promptVersion != version)
        task = .gsm8k
        task.system = ""
        #expect(task.promptVersion != version)
    }

    // Fixed once: a cell's key contains it.
    @Test func promptVersionOfGSM8KIsFixed() {
        #expect(TaskDefinition.gsm8k.promptVersion == "3c267278cf6f589f")
    }

    @Test(arguments: [
        "boxed", "marker:####", "last-number", "stated-letter", "last-letter", "whole",
    ])
    func ruleNamesRoundTrip(name: String) {
        #expect(ExtractionRule(rawValue: name)?.rawValue == name)
    }

    /// What a message lists can be written.
    @Test func formsOfRulesAreRules() {
        #expect(ExtractionRule.forms.count == 6)
        #expect(ExtractionRule.forms.allSatisfy { ExtractionRule(rawValue: $0)?.rawValue == $0 })
    }

    @Test(arguments: [
        ("", BenchmarkError.noRows),
        (" \n\n", .noRows),
        ("{", .notAnObject(line: 1)),
        ("[1]", .notAnObject(line: 1)),
        ("\n3", .notAnObject(line: 2)),
        (#"{"question": "a"}"#, .missingField(line: 1, field: "answer")),
        (#"{"answer": "1"}"#, .missingField(line: 1, field: "question")),
        (
            #"{"question": "", "answer": "1"}"#,
            .badField(line: 1, field: "question", found: "an empty text", expected: "a text")
        ),
        (
            #"{"question": {"a": 1}, "answer": "1"}"#,
            .badField(line: 1, field: "question", found: "an object", expected: "a text")
        ),
        (
            #"{"question": "a", "answer": null}"#,
            .badField(line: 1, field: "answer", found: "null", expected: "an answer")
        ),
        (
            #"{"question": "a", "answer": "many"}"#,
            .badField(line: 1, field: "answer", found: "'many'", expected: "a number")
        ),
        (
            "{\"id\": 1, \"question\": \"a\", \"answer\": 1}\n{\"id\": \"1\", \"question\": \"b\", \"answer\": 2}",
            .duplicateID(line: 2, id: "1")
        ),
    ])
    func badRowsAreNamed(rows: String, error: BenchmarkError) {
        let task = TaskDefinition(name: "x", format: .number, files: [:])
        #expect(throws: error) { try task.questions(from: Data(rows.utf8)) }
        #expect(!error.description.isEmpty)
    }

    @Test(arguments: [
        #"{"question": "a", "choices": ["x"], "answer": 0}"#,
        #"{"question": "a", "choices": "x", "answer": 0}"#,
        #"{"question": "a", "choices": ["x", ["y"]], "answer": 0}"#,
        #"{"question": "a", "choices": ["x", " "], "answer": 0}"#,
        #"{"question": "a", "choices": [{"label": "A"}, "y"], "answer": 0}"#,
        #"{"question": "a", "choices": [{"label": "A", "text": "x"}, {"label": "A", "text": "y"}], "answer": 0}"#,
        #"{"question": "a", "choices": ["x", "y"], "answer": 2}"#,
        #"{"question": "a", "choices": ["x", "y"], "answer": -1}"#,
        #"{"question": "a", "choices": ["x", "y"], "answer": "C"}"#,
        #"{"question": "a", "choices": ["x", "y"], "answer": null}"#,
        #"{"question": "a", "choices": ["x", "y"], "answer": ["A"]}"#,
    ])
    func badChoicesAreRefused(row: String) {
        let task = TaskDefinition(name: "x", format: .multipleChoice, files: [:])
        #expect(throws: BenchmarkError.self) { try task.questions(from: Data(row.utf8)) }
    }

    @Test func otherEncodingsAreRefused() {
        #expect(throws: BenchmarkError.notText) {
            try TaskDefinition.gsm8k.questions(from: Data([0xFF, 0xFE, 0x00]))
        }
    }

    @Test func byteOrderMarkAndCarriageReturnsAreRead() throws {
        let rows =
            "\u{FEFF}{\"question\": \"a\", \"answer\": \"1\"}\r\n{\"question\": \"b\u{2028}c\", \"answer\": \"2\"}\r\n"
        let questions = try TaskDefinition.gsm8k.questions(from: Data(rows.utf8))
        #expect(questions.map(\.gold) == ["1", "2"])
        #expect(questions[1].user.hasPrefix("b\u{2028}c\n"))
    }
}
