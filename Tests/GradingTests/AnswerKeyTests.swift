import Foundation
import Testing

@testable import Grading

/// What a row's key means, and keys that could mean two options.
struct AnswerKeyTests {
    private func gold(
        _ row: String, key: TaskDefinition.KeyForm = .any
    ) throws -> String {
        let task = TaskDefinition(
            name: "t", format: .multipleChoice, files: [:],
            fields: FieldNames(question: "q", choices: "o", answer: "k"), key: key)
        return try task.questions(from: Data(row.utf8))[0].gold
    }

    @Test(arguments: [
        (#"{"q": "?", "o": ["True", "False"], "k": true}"#, "A"),
        (#"{"q": "?", "o": ["True", "False"], "k": false}"#, "B"),
        (#"{"q": "?", "o": ["false", "true"], "k": true}"#, "B"),
        (#"{"q": "?", "o": ["No", "Yes"], "k": false}"#, "A"),
        (#"{"q": "?", "o": [true, false], "k": false}"#, "B"),
        (#"{"q": "?", "o": ["True", "False", "Unknown"], "k": false}"#, "B"),
        (#"{"q": "?", "o": ["False", "True"], "k": 1}"#, "B"),
        (#"{"q": "?", "o": ["True", "False"], "k": "True"}"#, "A"),
        (#"{"q": "?", "o": ["x", "y", "z"], "k": 2}"#, "C"),
        (#"{"q": "?", "o": [5, 6, 7], "k": 6}"#, "B"),
        (#"{"q": "?", "o": [0, 1, 2], "k": 1}"#, "B"),
        (#"{"q": "?", "o": [["1", "a"], ["2", "b"]], "k": 1}"#, "1"),
        (
            #"{"q": "?", "o": [{"label": "x", "text": "a"}, {"label": "y", "text": "b"}], "k": "b"}"#,
            "y"
        ),
    ])
    func meansOneOption(row: String, label: String) throws {
        #expect(try gold(row) == label)
    }

    @Test(arguments: [
        #"{"q": "?", "o": [1, 2, 3], "k": 2}"#, #"{"q": "?", "o": [1, 2, 3], "k": 1}"#,
        #"{"q": "?", "o": ["B", "A"], "k": "A"}"#, #"{"q": "?", "o": ["True", "False"], "k": 1}"#,
        #"{"q": "?", "o": ["True", "False"], "k": 0}"#, #"{"q": "?", "o": ["x", "y"], "k": true}"#,
        #"{"q": "?", "o": [["1", "2"], ["2", "1"]], "k": "1"}"#,
        #"{"q": "?", "o": ["x", "x"], "k": "x"}"#,
        #"{"q": "?", "o": ["x", "y"], "k": 1.0}"#, #"{"q": "?", "o": ["x", "y"], "k": null}"#,
    ])
    func meansNoneOrSeveral(row: String) {
        let error = #expect(throws: BenchmarkError.self) { try gold(row) }
        #expect(error?.description.hasPrefix("line 1: field 'k'") == true)
    }

    @Test func theFormDecides() throws {
        let row = #"{"q": "?", "o": [1, 2, 3], "k": 2}"#
        #expect(try gold(row, key: .index) == "C")
        #expect(try gold(row, key: .text) == "B")
        #expect(throws: BenchmarkError.self) { try gold(row, key: .label) }
        #expect(try gold(#"{"q": "?", "o": ["B", "A"], "k": "A"}"#, key: .label) == "A")
    }

    @Test(arguments: ["a\\u001bb", "\\n", "x\\u2028y", "\\u0000", "  ", "\\u009b"])
    func idsWithoutControlCharacters(id: String) {
        let row = #"{"id": "\#(id)", "question": "?", "answer": "1"}"#
        let error = #expect(throws: BenchmarkError.self) {
            try TaskDefinition(name: "t", format: .number, files: [:])
                .questions(from: Data(("\n" + row).utf8))
        }
        #expect(error?.description.hasPrefix("line 2: field 'id'") == true)
    }

    /// Numbers keep what is written; no gold answer passes through a `Double`.
    @Test(arguments: [
        ("\"$1,234.50\"", "1234.5"), ("12345678901234567890", "12345678901234567890"),
        ("0.1", "0.1"),
        ("1e+22", "10000000000000000000000"), ("-0.0", "0"),
        (
            "123456789012345678901234567890.5",
            "123456789012345678901234567890.5"
        ), ("1E3", "1000"), ("\"9+9\"", "18"),
    ])
    func numbersAreExact(answer: String, gold: String) throws {
        let row = #"{"question": "?", "answer": \#(answer)}"#
        let task = TaskDefinition(name: "t", format: .number, files: [:])
        #expect(try task.questions(from: Data(row.utf8))[0].gold == gold)
    }

    @Test(arguments: ["\"2x\"", "\"10^10^10\"", "\"3 * 4\"", "true", "\"1 or 2\"", "1e99999"])
    func numbersThatAreNoneAreRefused(answer: String) {
        let row = #"{"question": "?", "answer": \#(answer)}"#
        #expect(throws: BenchmarkError.self) {
            try TaskDefinition(name: "t", format: .number, files: [:])
                .questions(from: Data(row.utf8))
        }
    }

    @Test(arguments: [
        "{\"a\": 1}", "[1, 2.50, -0, 1e5, true, null, \"\\u00e9\\ud83d\\ude00\\n\"]", " {} ",
        "\"x\"", "[]",
    ])
    func jsonIsRead(text: String) {
        #expect(JSONReader.value(of: text.utf8) != nil)
    }

    @Test(arguments: [
        "", "{", "{\"a\"}", "{\"a\": 1,}", "[1 2]", "01", "1.", ".5", "+1", "1e", "tru", "\"\t\"",
        "\"\\x\"",
        "\"\\ud83d\"", "{} {}", "{\"a\": 1, \"a\": 2}", "nan", "'a'", "-",
        String(repeating: "[", count: 100_000),
    ])
    func whatIsNoJSONIsRefused(text: String) {
        #expect(JSONReader.value(of: text.utf8) == nil)
    }
}
