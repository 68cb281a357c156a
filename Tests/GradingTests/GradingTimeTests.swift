import Testing

@testable import Grading

/// Models repeat themselves to the limit of tokens: no grader may be worse than linear in what they write.
@Suite(.serialized)
struct GradingTimeTests {
    /// Fragments that a naive scanner looks at again and again.
    static let fragments = [
        "#", "#### ", "#### 7 ", "#### x ", "The answer is B ", "The answer is ",
        "The answer is not ",
        "answer ", "Answer: ", "is ", "A ", "(", "((B) ", "B, ", "B or ", "option ", "I think ",
        "a cat ",
        "so ", "if ", "The correct option that ", "答案是", "उत्तर ", "\\", "\\text{", "\\boxed{",
        "\\boxed{1} ", "\\boxed ", "{", "}", "{}", "\\frac", "\\frac{1}{", "\\sqrt{", "$", "1,",
        "1 ",
        "1.", "9", "1/", "1+", "1 + ", "- ", "-", "=", "= 1 ", "10^", "1e", "^", "_", "x", "x^2+",
        "\n",
        " ", ". ", "\n\n", "A. \n", "- B. a cat\n", "|", "<b>", "e\u{301}", "\\left(",
        "\\begin{array}",
        "&", "\\\\", "1 million ", "*", "`", "\"", "~", "½",
    ]

    private static func task(_ format: TaskDefinition.Format) -> TaskDefinition {
        TaskDefinition(
            name: "t", format: format, files: [:],
            extraction: format.defaultExtraction + [.whole])
    }

    private func seconds(_ output: String, _ format: TaskDefinition.Format) -> Double {
        let choices = [
            Choice(label: "A", text: "a dog"), Choice(label: "B", text: "a cat"),
            Choice(label: "C", text: "a a a a a b"),
        ]
        let question = Question(
            id: "1", user: "", gold: format == .multipleChoice ? "B" : "7",
            key: format == .multipleChoice ? .choices(choices) : .open)
        let task = Self.task(format)
        let took = ContinuousClock().measure { _ = task.grade(output, for: question) }
        return Double(took.components.seconds) + Double(took.components.attoseconds) / 1e18
    }

    /// Twice the text takes about twice the time; four times would be quadratic.
    @Test(arguments: [TaskDefinition.Format.number, .math, .multipleChoice])
    func timeIsLinear(format: TaskDefinition.Format) {
        for fragment in Self.fragments {
            let count = 4_000 / fragment.utf8.count
            let text = String(repeating: fragment, count: count)
            var isLinear = false
            // Another process may be in the way of one measurement.
            for _ in 0..<5 where !isLinear {
                let once = seconds(text, format)
                let fourTimes = seconds(text + text + text + text, format)
                isLinear = fourTimes < 8 * once + 0.05
            }
            #expect(isLinear, "\(format): \(fragment)")
        }
    }

    @Test(arguments: [
        (TaskDefinition.Format.number, "#### 7 "), (.number, "\\"), (.math, "\\text{"),
        (.multipleChoice, "The answer is B "),
    ])
    func aMegabyteIsGradedInTime(format: TaskDefinition.Format, fragment: String) {
        let text = String(repeating: fragment, count: 1_000_000 / fragment.utf8.count)
        let took = seconds(text, format)
        #expect(took < 30, "\(format): \(fragment) took \(took) s")
    }
}
