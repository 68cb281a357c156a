import Grading

/// Graders: an answer is right for one of two different golds at most, and four times the text takes about four times as long.
///
/// An input is a byte of choices, two bytes that the golds are made of, then a model's text.
package struct GradingTarget: FuzzTarget {
    package static let name = "grading"

    private let tasks: [TaskDefinition]
    private let choices = ["a dog", "the cat", "42", "none of these"].enumerated().map {
        Choice(label: String(UnicodeScalar(UInt8(65 + $0.offset))), text: $0.element)
    }

    package init() {
        tasks = [
            TaskDefinition(name: "n", format: .number, files: [:]),
            TaskDefinition(name: "m", format: .math, files: [:]),
            TaskDefinition(name: "c", format: .multipleChoice, files: [:]),
            TaskDefinition(
                name: "d", format: .number, files: [:], extraction: [.whole, .lastNumber],
                numbers: .continental),
            TaskDefinition(
                name: "w", format: .math, files: [:], extraction: [.whole, .lastNumber]),
            TaskDefinition(
                name: "l", format: .multipleChoice, files: [:],
                extraction: [.statedLetter, .lastLetter, .whole]),
            TaskDefinition(name: "t", format: .text, files: [:]),
        ]
    }

    package var seeds: [[UInt8]] {
        [
            [0, 7, 1] + Array("So 3 + 4 = 7.\n#### 7".utf8),
            [0, 100, 0] + Array("It is \\boxed{1,000.50} dollars, not 12%.".utf8),
            [1, 4, 2] + Array("Thus \\boxed{\\frac{8}{2}} = 4, or $x = 2^2$".utf8),
            [1, 9, 3] + Array("\\boxed{x=9 \\text{ or } y = \\sqrt{81}, \\{1, 2\\}}".utf8),
            [2, 1, 2] + Array("A. no, (B) is wrong. The answer is C.".utf8),
            [3, 12, 5] + Array("Das sind 1.000,5 oder 12 Prozent.".utf8),
            [4, 3, 1] + Array("3 \\pm 1 million, 1e3, 0.5\\overline{3}".utf8),
            [5, 0, 3] + Array("I think option (D), none of these\nAnswer: D".utf8),
            [6, 0, 3] + Array("The quick brown foxes were jumping.".utf8),
        ]
    }

    package var words: [String] {
        [
            "#### ", "\\boxed{", "\\frac{1}{2}", "\\sqrt{", "\\text{", "\\left(", "\\begin{array}",
            "\\\\", "\\pm", "\\cup", "\\infty", "\\pi", "\\%", "^{\\circ}", "\\overline{3}",
            "\\times 10^", "x = ", "1,000", "1.000", "0.5", ".5", "-7", "+7", "7/2", "1e5", "10^",
            "%", "$7", "€", "seven", "half", "million", "dozen", "or ", "not ", "The answer is ",
            "Answer: ", "option ", "(B)", "A. ", "none of these", "so ", "I think ", "**", "答案是",
            "½", "²", "٣", "e\u{301}", "−", "\n", "|", "{1, 2}", "[1, 2)", "x \\in ", "=", "\\ne",
            "\\le ",
            "!", "1 1/2", "7 hours", "7.0", "007", "- 7", "–7",
        ]
    }

    package func check(_ bytes: [UInt8]) throws(BrokenPromise) {
        var input = ByteReader(bytes)
        let choice = input.byte()
        let task = tasks[Int(choice & 0x3F) % tasks.count]
        let isCut = choice & 0x40 != 0
        let (first, step) = (Int(input.byte()), Int(input.byte()) % 9 + 1)
        let output = String(decoding: input.remainder(), as: UTF8.self)
        let golds = golds(task.format, first, step)
        let grades = golds.map { task.grade(output, isCut: isCut, for: $0) }
        for grade in grades {
            try promise(!grade.rule.isEmpty, "a grade by no rule")
            try promise(
                (0...1).contains(grade.score), "a score of \(grade.score): \(grade)")
            try promise(
                grade.correct != true || grade.extracted != nil, "right without an answer")
        }
        if task.format != .text {
            try promise(
                grades.count { $0.correct == true } < 2,
                "right for \(golds.map(\.gold)): \(String(reflecting: output)): \(grades)")
        }
        // Few inputs, by what they are: time is the dearest thing to look at.
        if output.utf8.count > 3, bytes.reduce(0, &+) % 32 == 7 {
            try checkTime(output, task, golds[0])
        }
    }

    /// Two questions with different answers.
    private func golds(
        _ format: TaskDefinition.Format, _ first: Int, _ step: Int
    ) -> [Question] {
        switch format {
        case .multipleChoice:
            let labels = [first % 4, (first + step % 3 + 1) % 4].map { choices[$0].label }
            return labels.map {
                Question(id: "1", user: "", gold: $0, key: .choices(choices))
            }
        case .text:
            return ["A quick fox jumped.", "It rained."].map {
                Question(id: "1", user: "", gold: $0, key: .references([$0]))
            }
        case .number, .math:
            // Whole numbers from -128 on, and half of them with a half.
            let half = first.isMultiple(of: 2) && format == .number ? ".5" : ""
            return [first - 128, first - 128 + step].map {
                Question(id: "1", user: "", gold: "\($0)\(half)", key: .open)
            }
        }
    }

    private func checkTime(
        _ output: String, _ task: TaskDefinition, _ question: Question
    ) throws(BrokenPromise) {
        let once = String(repeating: output, count: 1 + 4_000 / output.utf8.count)
        let fourTimes = once + once + once + once
        var times = (once: Double.infinity, fourTimes: Double.infinity)
        // The machine may be busy: the best of some tries counts, as in GradingTimeTests.
        for _ in 0..<5 {
            times.once = min(times.once, seconds(once, task, question))
            times.fourTimes = min(times.fourTimes, seconds(fourTimes, task, question))
            if times.fourTimes < 8 * times.once + 0.05 { return }
        }
        throw BrokenPromise(
            "\(once.utf8.count) bytes take \(times.once) s, four times as many \(times.fourTimes) s: "
                + String(reflecting: output))
    }

    private func seconds(
        _ output: String, _ task: TaskDefinition, _ question: Question
    ) -> Double {
        ContinuousClock().measure { _ = task.grade(output, for: question) } / .seconds(1)
    }
}
