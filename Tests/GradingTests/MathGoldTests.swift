import Foundation
import Testing

@testable import Grading

struct MathGoldTests {
    private func gold(_ json: String) throws(BenchmarkError) -> String {
        let rows = "{\"problem\":\"p\",\"solution\":\"first \\\\boxed{1}\"}\n" + json
        return try TaskDefinition.math.questions(from: Data(rows.utf8))[1].gold
    }

    @Test(arguments: [
        (#"{"problem":"p","solution":"It is $\\boxed 2$."}"#, "2"),
        (#"{"problem":"p","solution":"$\\boxed\\frac12$"}"#, #"\frac12"#),
        (#"{"problem":"p","solution":"$\\boxed{2}$ and $\\boxed{3}$"}"#, "2, 3"),
        (
            #"{"problem":"p","answer":"\\left(3, \\frac{\\pi}{2}\\right)","solution":"s"}"#,
            #"\left(3, \frac{\pi}{2}\right)"#
        ),
        (#"{"problem":"p","answer":"Evelyn"}"#, "Evelyn"),
        (#"{"problem":"p","answer":"\\text{no solution}"}"#, #"\text{no solution}"#),
        (#"{"problem":"p","answer":17}"#, "17"),
        (
            #"{"problem":"p","answer":"2 \\text{ hours } 5 \\text{ minutes}"}"#,
            #"2 \text{ hours } 5 \text{ minutes}"#
        ),
        (#"{"problem":"p","answer":"\\{x \\mid x^2 > 3\\}"}"#, #"\{x \mid x^2 > 3\}"#),
    ])
    func read(row: String, expected: String) throws {
        #expect(try gold(row) == expected)
    }

    @Test(arguments: [
        // A worked solution without a box would be compared as a whole.
        (#"{"problem":"p","solution":"The answer is 7."}"#, "a solution without a boxed answer"),
        (#"{"problem":"p","solution":"7"}"#, "a solution without a boxed answer"),
        (#"{"problem":"p","solution":"\\boxed{} 7"}"#, "a solution without a boxed answer"),
        (#"{"problem":"p","answer":"\\frac{1}{"}"#, #"'\frac{1}{'"#),
        (
            #"{"problem":"p","answer":"We add 3 and 4, which is 7."}"#,
            "'We add 3 and 4, which is 7.'"
        ),
        (#"{"problem":"p","answer":"x + = 3"}"#, "'x + = 3'"),
    ])
    func refused(row: String, found: String) throws {
        do {
            let gold = try gold(row)
            Issue.record("read as \(gold)")
        } catch {
            guard case .badField(let line, _, let what, _) = error else { throw error }
            #expect(line == 2)
            #expect(what == found)
        }
    }
}
