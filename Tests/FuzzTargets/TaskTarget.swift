import Foundation
import Grading
import Schemas
import Specs

/// Tasks of a user's own and rows of data: errors are named, and every question of an accepted file has what a sweep needs of it.
///
/// An input is the task's YAML, then the rows, with a zero byte between. A YAML of one letter is a task that comes with citer.
package struct TaskTarget: FuzzTarget {
    package static let name = "task"

    private let builtIns: [String: any Benchmark]

    package init() throws {
        let names = ["gsm8k", "math", "arc-challenge", "mgsm", "scitldr"]
        builtIns = Dictionary(
            uniqueKeysWithValues: try zip(["a", "b", "c", "d", "e"], names).map {
                ($0, try Benchmarks.named($1))
            })
    }

    package var seeds: [[UInt8]] {
        let choice = """
            name: own
            format: multiple-choice
            files: { test: rows.jsonl }
            fields: { question: q.text|q, choices: options, answer: key, id: name }
            key: index
            extraction: [boxed, "marker:=>", stated-letter]

            """
        let number = """
            name: own
            format: number
            layout: tsv
            files: { test: rows.tsv }
            fields: { question: "0", answer: "1" }
            prompt: "{question} {choices} {"
            system: Null
            numbers: continental
            gold-extraction: ["marker:is"]

            """
        let text = "name: own\nformat: text\nfiles: {test: a}\n"
        let math = "name: own\nformat: math\nfiles: {test: a}\ngold-extraction: [boxed]\n"
        let rows = [
            (
                choice,
                #"{"q": {"text": "Which?"}, "options": ["x", "y"], "key": 1, "name": "r1"}"#
                    + "\n\n"
                    + #"{"q": ["a", "b"], "options": [["A", "x"], {"label": "B", "text": "é"}], "key": 0}"#
            ),
            (number, "one and one\tit is 2\nhalf\t0,5\r\n"),
            (text, #"{"question": "Long.", "answer": ["Short.", "\u00e9\ud83d\ude42"]}"#),
            (math, #"{"question": "x?", "answer": "so \\boxed{\\frac{1}{2}}", "id": 7}"#),
            ("a", #"{"question": "1+1?", "answer": "<<1+1=2>>2\n#### 2"}"#),
            ("b", #"{"problem": "1+1?", "solution": "\\boxed{2}", "answer": "2"}"#),
            (
                "c",
                #"{"id": "x", "question": {"stem": "Q?", "choices": [{"label": "A", "text": "a"}, {"label": "B", "text": "b"}]}, "answerKey": "A"}"#
            ),
            ("d", "eins und eins\t2\n"), ("e", #"{"source": ["a", "b"], "target": ["c"]}"#),
        ]
        return rows.map { Array("\($0)\0\($1)".utf8) }
    }

    package var words: [String] {
        [
            "name: own", "format: number", "format: math", "format: multiple-choice",
            "format: text", "files:", "fields:", "layout: tsv", "key: text", "key: label",
            "numbers: continental", "extraction:", "marker:", "last-number", "whole",
            "stated-letter", "{question}", "{choices}", "\"question\":", "\"answer\":",
            "\"choices\":", "\"label\":", "\"text\":", "\\boxed{", "\\frac{", "#### ", "<<", ">>",
            "\\u0000", "\\ud800", "\\udc00", "null", "true", "false", "1e400", "-0", "0.1", "1,000",
            "12%", "½", "\0", "\t", "\r\n", "\u{2028}", "\u{FEFF}", "\"id\":", "\\u202e",
        ]
    }

    package func check(_ bytes: [UInt8]) throws(BrokenPromise) {
        let parts = bytes.split(separator: 0, maxSplits: 1, omittingEmptySubsequences: false)
        let text = String(decoding: parts[0], as: UTF8.self)
        let benchmark: any Benchmark
        if let builtIn = builtIns[text] {
            benchmark = builtIn
        } else {
            guard
                let task = try accepted({
                    try OwnTasks.definition(text, name: "own", path: "own.yaml")
                })
            else {
                return
            }
            try promise(task.name == "own" && !task.files.isEmpty, "\(task)")
            benchmark = task
        }
        let rows = Data(parts.count > 1 ? Array(parts[1]) : [])
        guard let questions = try accepted({ try benchmark.questions(from: rows) }) else { return }
        try promise(!questions.isEmpty, "no questions")
        try promise(
            Set(questions.map(\.id)).count == questions.count, "two questions of one name")
        for question in questions { try check(question, benchmark) }
    }

    private func check(_ question: Question, _ benchmark: any Benchmark) throws(BrokenPromise) {
        try promise(
            !question.id.isEmpty && !question.gold.isEmpty, "a question without a part: \(question)"
        )
        try promise(
            !question.id.unicodeScalars.contains { $0.properties.generalCategory == .control },
            "a name with a control character")
        _ = benchmark.grade("It is \\boxed{\(question.gold)}.", for: question)
        guard case .choices(let choices) = question.key else { return }
        try promise(
            choices.contains { $0.label == question.gold }, "the right option is none: \(question)")
    }
}
