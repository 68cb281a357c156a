import Foundation
import Testing

@testable import Grading

struct GSM8KTests {
    private let task = TaskDefinition.gsm8k

    @Test func promptIsTheOneOfThePublishedFigures() throws {
        let row = #"{"question": "How many is {choices}?", "answer": "2+2=<<2+2=4>>4\n#### 1,004"}"#
        let questions = try task.questions(from: Data(row.utf8))
        #expect(
            questions == [
                Question(
                    id: "0",
                    user: "How many is {choices}?\nPlease reason step by step, "
                        + "and put your final answer within \\boxed{}.",
                    gold: "1004", solution: "2+2=4\n#### 1,004")
            ])
        #expect(task.systemPrompt == "You are a helpful assistant.")
    }

    @Test func layoutOfTestCasesGivesTheSameQuestion() throws {
        let cases =
            #"{"id": "case-7", "source": "x", "prompt": "How many?", "expected": "4", "#
            + #""upstream_answer": "2+2=4\n#### 4"}"#
        let openAI = #"{"question": "How many?", "answer": "2+2=4\n#### 4"}"#
        let a = try task.questions(from: Data(cases.utf8))[0]
        let b = try task.questions(from: Data(openAI.utf8))[0]
        #expect(a.id == "case-7")
        #expect((a.user, a.gold, a.solution) == (b.user, b.gold, b.solution))
    }

    @Test(
        .needs(["gsm8k/train.jsonl", "gsm8k/test.jsonl"]),
        arguments: [("train", 7473), ("test", 1319)])
    func everyGoldSolutionIsCorrect(split: String, count: Int) throws {
        let path = "gsm8k/\(split).jsonl"
        #expect(try task.source(of: split) == .file(path))
        let questions = try task.questions(from: DataFile.bytes(path))
        #expect(questions.count == count)
        let missed = questions.filter { task.grade($0.solution ?? "", for: $0).correct != true }
        #expect(missed.isEmpty, "\(missed.prefix(3))")
        let boxed = questions.filter { task.grade("\\boxed{\($0.gold)}", for: $0).correct != true }
        #expect(boxed.isEmpty, "\(boxed.prefix(3))")
        let strict = questions.filter {
            !HarnessFilters.strict($0.solution ?? "", gold: $0.gold).correct
        }
        #expect(strict.isEmpty, "\(strict.prefix(3))")
    }
}
