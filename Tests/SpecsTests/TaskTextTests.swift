import Foundation
import Grading
import Schemas
import Testing

@testable import Specs

/// The text of a task's file: all of it is read by one reader, and what it does not understand is refused at its place.
struct TaskTextTests {
    private func definition(_ text: String, name: String = "x") throws -> TaskDefinition {
        try OwnTasks.definition(text, name: name, path: "x.yaml")
    }

    @Test func everyParameterIsRead() throws {
        let task = try definition(
            #"""
            {"name": "sums", "format": "number", "layout": "tsv", "files": {"a": "b"},
             "fields": {"id": "0", "question": "1", "answer": "2", "solution": "3", "choices": "x"},
             "prompt": "Q: {question} {x} {choices}|", "system": "Be brief.", "key": "label",
             "extraction": ["marker:=>", "last-number", "whole"],
             "gold-extraction": ["marker:is"], "numbers": "continental"}
            """#, name: "sums")
        #expect(
            task
                == TaskDefinition(
                    name: "sums", format: .number, files: ["a": "b"], layout: .tabSeparated,
                    fields: FieldNames(
                        id: "0", question: "1", choices: "x", answer: "2", solution: "3"),
                    prompt: "Q: {question} {x} {choices}|", system: "Be brief.",
                    extraction: [.marker("=>"), .lastNumber, .whole],
                    goldExtraction: [.marker("is")], key: .label, numbers: .continental))
        let question = try task.questions(from: Data("r1\ttwo {choices}?\tit is 2\tlong".utf8))[0]
        #expect(
            question
                == Question(
                    id: "r1", user: "Q: two {choices}? {x} |", gold: "2", solution: "long"))
        #expect(task.grade("3 => 2,0", for: question).rule == "marker")
        #expect(task.grade("3 => 2,0", for: question).correct == true)
        #expect(task.graderVersion == "number-3-continental marker:=> last-number whole")
    }

    @Test func whatIsLeftOutHasDefaults() throws {
        #expect(
            try definition("{name: x, format: math, files: {test: a}}")
                == TaskDefinition(name: "x", format: .math, files: ["test": "a"]))
    }

    /// Words that other readers of YAML take for null, truth values or numbers are texts here, and stay what was seen when the file was checked.
    @Test(arguments: ["Null", "NULL", "True", "yes", "0x10", "1_000", "010", "12:30"])
    func aTextStaysWhatItWasCheckedAs(word: String) throws {
        let task = try definition(
            "{name: x, format: math, files: {test: \(word)}, system: \(word), prompt: \(word), "
                + "fields: {answer: \(word)}, extraction: [marker:\(word)]}")
        #expect(task.system == word && task.prompt == word && task.files == ["test": word])
        #expect(task.fields.answer == word && task.extraction == [.marker(word)])
    }

    @Test(arguments: [
        "{name: x, files: {test: a}}", "{name: x, format: essay, files: {test: a}}",
        "{name: x, format: math, files: {test: a}, extraction: [guess]}",
        "{name: x, format: math, files: {test: a}, extraction: [\"marker:\"]}",
        "{name: x, format: math, files: {test: a}, gold-extraction: [boxed, guess]}",
        "{name: x, format: math, files: {test: a}, numbers: roman}",
        "{name: x, format: math, files: {test: a}, layout: csv}",
        "{name: x, format: math, files: {test: a}, system: null}",
        "{name: x, format: math, files: {test: a}, key: ~}",
        "{name: x, format: math, files: {}}", "",
    ])
    func whatIsNotUnderstoodIsRefused(text: String) {
        #expect(throws: Diagnostics.self) { try definition(text) }
    }

    @Test func anUnknownRuleIsNamedAtItsPlace() throws {
        let error = #expect(throws: Diagnostics.self) {
            try definition("name: x\nformat: math\nfiles: {test: a}\nextraction: [boxed, guess]\n")
        }
        #expect(error?.all.map(\.location.line) == [4])
        #expect(error?.all.map(\.location.column) == [21])
        #expect(error?.description.contains("found the text \"guess\"") == true)
    }
}
