import Testing

@testable import Grading

/// Texts that models which repeat themselves write, and worse: graded in linear time, and without a
/// crash. The bound is wide, since tests run side by side; a quadratic step at these
/// sizes takes minutes.
struct MathTimeTests {
    @Test(arguments: [
        ("\\text{", 20_000), ("\\", 1_000_000), ("{", 500_000), ("(", 300_000), ("\\frac", 100_000),
        ("x^", 100_000), ("\\sqrt{", 100_000), ("\\boxed{", 60_000), ("\\boxed ", 60_000),
        ("\\boxed{5}, ", 40_000), ("$a ", 100_000), ("$5x$ ", 80_000), ("\\(", 200_000),
        ("1,", 200_000),
    ])
    func repetitions(piece: String, count: Int) {
        let text = String(repeating: piece, count: count)
        let clock = ContinuousClock()
        for output in [text, "\\boxed{\(text)}", "\\boxed \(text)"] {
            let time = clock.measure {
                let grade = MathGrader(rules: [.boxed, .lastNumber]).grade(output, gold: "x^7")
                #expect(grade.correct == false)
            }
            #expect(time < .seconds(60), "\(piece)")
        }
    }

    @Test(arguments: [
        "10^{10^{10}}", "10^10^10", "9999999999!", "9999999999!!!!!!!!!!", "(x+1)^{1000000000}",
        "1e999999", "1e999999999", "2^{9223372036854775807}", "\\sqrt{9223372036854775783}",
    ])
    func largeNumbers(answer: String) {
        #expect(!MathAnswer.isSame(answer, "5"))
        #expect(MathAnswer.isSame(answer, answer))
    }

    @Test(arguments: [
        ("(", "5", ")"), ("\\frac{1}{", "5", "}"), ("\\text{", "a", "}"), ("\\sqrt{", "5", "}"),
        ("\\mathbf{", "5", "}"), ("\\lfloor ", "x", "\\rfloor "), ("x_{", "1", "}"),
        ("|", "x", "|"),
    ])
    func depth(open: String, middle: String, close: String) {
        for count in [50, 150, 100_000] {
            let nested =
                String(repeating: open, count: count) + middle
                + String(repeating: close, count: count)
            #expect(!MathAnswer.isSame(nested, "y + 7"))
        }
    }
}
