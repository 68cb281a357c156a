import Foundation
import SweepSupport
import TestSupport
import Testing

/// `citer grade` as a process.
struct GradeCommandTests {
    private func grade(_ arguments: [String], rows: String) throws -> CiterCommand.Result {
        try withTemporaryDirectory { root in
            try rows.write(toFile: root + "/rows.jsonl", atomically: true, encoding: .utf8)
            return try CiterCommand(
                ["grade"] + arguments + ["--input", "rows.jsonl"], in: root
            ).finish()
        }
    }

    @Test func everyRowHasALine() throws {
        let rows = """
            {"output": "\\\\boxed{9+9}", "gold": "18"}
            {"output": "no number", "gold": "18"}
            """
        let result = try grade(["--format", "number", "--json"], rows: rows)
        #expect(result.status == 0, "\(result.messages)")
        #expect(
            result.output == """
                {"correct":true,"extracted":"18","rule":"boxed"}
                {"correct":false,"extracted":null,"rule":"none"}

                """)
        let table = try grade(["gsm8k"], rows: rows)
        #expect(table.status == 0)
        #expect(table.output.contains("1 of 2 right (50.000 %), 1 without an answer"))
        #expect(table.output.contains("strict-match 0 right, flexible-extract "))
    }

    /// docs/method.md, section 6: what lm-evaluation-harness would say stands beside our own grades.
    @Test func theHarnesssFiltersAreHeardToo() throws {
        let rows = """
            {"output": "so #### 18", "gold": "18"}
            {"output": "it is 18", "gold": "18"}
            """
        let numbers = try grade(["--format", "number"], rows: rows)
        #expect(numbers.output.contains("strict-match 1 right, flexible-extract 2 right"))
        let texts = try grade(["--format", "text"], rows: rows)
        #expect(texts.status == 0 && !texts.output.contains("strict-match"))
    }

    @Test func rowsThatCannotBeReadAreAnError() throws {
        try withTemporaryDirectory { root in
            // A folder, which can be opened and not read.
            let result = try CiterCommand(
                ["-c", "exec \"$0\" grade --format number < .", CiterCommand.path], in: root,
                program: "/bin/sh"
            ).finish()
            #expect(result.status == 2 && !result.signalled, "\(result.messages)")
            #expect(result.messages.contains("standard input cannot be read"))
            #expect(result.output.isEmpty)
        }
    }

    @Test(arguments: [
        (
            ["--format", "number"], "{\"output\": \"1\", \"gold\": \"1\"}\n{}\n",
            "rows.jsonl, line 2"
        ),
        (["--format", "essay"], "", "'number'"),
        (["nonsense"], "", "no task is named"),
        ([], "", "give a task"), (["gsm8k", "--format", "number"], "", "give a task"),
    ])
    func mistakesAreNamed(arguments: [String], rows: String, says: String) throws {
        let result = try grade(arguments + ["--json"], rows: rows)
        #expect(result.status == 2)
        #expect(result.output.isEmpty)
        #expect(result.messages.contains(says), "\(result.messages)")
    }
}
