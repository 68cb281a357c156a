import Foundation
import Schemas
import SweepSupport
import TestSupport
import Testing

@testable import Specs

/// A user's own task: a YAML file and JSON Lines, nothing else. The README shows the same file.
struct OwnTasksTests {
    static let trivia = """
        name: trivia
        format: multiple-choice
        files: { test: trivia.jsonl }
        fields: { question: q, choices: options, answer: key }

        """
    static let rows = """
        {"q": "Which of these is a river?", "options": ["Etna", "Loire", "Oslo"], "key": "B"}
        {"q": "Which number is even?", "options": ["3", "5", "8"], "key": 2}

        """

    private func write(_ files: [String: String], in root: String) throws {
        let directory = root + "/experiments/tasks"
        try FileManager.default.createDirectory(
            atPath: directory, withIntermediateDirectories: true)
        for (name, text) in files {
            try text.write(toFile: "\(directory)/\(name)", atomically: true, encoding: .utf8)
        }
    }

    @Test func runsFromASpec() throws {
        try SweepFixture.with { fixture in
            try write(["trivia.yaml": Self.trivia, "trivia.jsonl": Self.rows], in: fixture.root)
            let run = try fixture.citer(
                "sweep", "experiments/tiny.yaml", "--set", "task={name: trivia, split: test}",
                "--set",
                "policies=[slm, llm]", "--set", "calibration=null")
            #expect(run.status == 0, "\(run.messages)")
            let report = try fixture.citer("report", "tiny", "--format", "json")
            #expect(report.output.contains("2 questions of trivia"), "\(report.output.suffix(400))")
        }
    }

    @Test func aRowThatCannotBeReadIsNamed() throws {
        try SweepFixture.with { fixture in
            try write(["trivia.yaml": Self.trivia, "trivia.jsonl": "{}\nno\n"], in: fixture.root)
            let run = try fixture.citer(
                "sweep", "experiments/tiny.yaml", "--set", "task={name: trivia, split: test}",
                "--set", "policies=[slm, llm]", "--set", "calibration=null")
            #expect(run.status == 2)
            #expect(
                run.messages.contains("experiments/tasks/trivia.jsonl, line "), "\(run.messages)")
        }
    }

    /// What is wrong, and what its message must name.
    static let mistakes: [(text: String, says: String)] = [
        (trivia.replacing("name: trivia", with: "name: quiz"), "must be named \"trivia\""),
        (trivia.replacing("format: multiple-choice", with: "format: essay"), "format"),
        (trivia.replacing("fields:", with: "feilds:"), "feilds"),
        (trivia + "extraction: [guess]\n", "guess"),
        ("name: [", "trivia.yaml"),
    ]

    @Test(arguments: mistakes)
    func aMistakeIsNamed(_ mistake: (text: String, says: String)) throws {
        try withTemporaryDirectory { root in
            try write(["trivia.yaml": mistake.text], in: root)
            let error = #expect(throws: Diagnostics.self) {
                try OwnTasks(folders: [root + "/experiments"])
            }
            #expect(
                error?.description.contains(mistake.says) == true, "\(String(describing: error))")
        }
    }

    @Test func noDirectoryNoTasks() throws {
        #expect(try OwnTasks(folders: ["/nowhere"]).definitions.isEmpty)
    }
}
