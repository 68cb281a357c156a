import Testing

@testable import Grading

struct BoxedAnswerTests {
    @Test(arguments: [
        // One box.
        (#"So \boxed{7}."#, "7"), (#"\boxed{ 7 }"#, "7"), (#"\fbox{7}"#, "7"),
        (#"\boxed{\frac{3}{4}}"#, #"\frac{3}{4}"#), (#"\boxed{\{1, 2\}}"#, #"\{1, 2\}"#),
        (#"First \boxed{3}, so \boxed{4}"#, "4"), (#"\boxed{8}\boxed{}"#, "8"),
        (#"\boxed{8} and so \boxed{ }"#, "8"), (#"\boxed {5}"#, "5"), (#"\\boxed{5}"#, "5"),
        // Without braces.
        (#"$\boxed 6$"#, "6"), (#"$\boxed6$, since 3 and 4 fail"#, "6"), (#"\boxed 12."#, "12"),
        (#"\boxed -5"#, "-5"), (#"\boxed 3.5$"#, "3.5"), (#"\boxed\frac35"#, #"\frac35"#),
        (#"\boxed\dfrac{3}{5}$"#, #"\dfrac{3}{5}"#), (#"\boxed\sqrt[3]{2}$"#, #"\sqrt[3]{2}"#),
        (#"\boxed x+1"#, "x"), (#"\boxed x^2$"#, "x^2"), (#"\boxed 2\pi$"#, #"2\pi"#),
        (#"\boxed C"#, "C"), (#"\boxed (3,4)."#, "(3,4)"), (#"\boxed\pi"#, #"\pi"#),
        (#"\boxed\text{odd}"#, #"\text{odd}"#), (#"\boxed\{1,2\}"#, #"\{1,2\}"#),
        // In each other.
        (#"\boxed{\boxed{9}}"#, "9"), (#"\boxed{x=\boxed{9}}"#, "x={9}"),
        (#"\boxed{ and \boxed{9}"#, "9"),
        // Side by side.
        (#"\boxed{4} and \boxed{6}"#, "4, 6"),
        (#"$\boxed{4}$, $\boxed{6}$, and $\boxed{8}$."#, "4, 6, 8"),
        (#"\boxed{4} \text{ or } \boxed{6}"#, "4, 6"),
        (#"$x=\boxed{4}$ or $x = \boxed{6}$"#, "4, 6"),
        (#"\boxed{4}, \boxed{4}"#, "4"), (#"\boxed{4} \quad \boxed{6}"#, "6"),
        (#"\boxed{4} or rather \boxed{6}"#, "6"), ("\\boxed{4},\n\n\\boxed{6}", "6"),
    ])
    func found(output: String, content: String) {
        #expect(BoxedAnswer.last(in: output) == content)
    }

    @Test(arguments: [
        "", "7", #"\boxed"#, #"\boxed{"#, #"\boxed{7"#, #"\boxed{}"#, #"\boxed{ }"#,
        #"\boxed{\boxed{}}"#, #"\boxed}"#, #"\boxed $"#, #"\boxed "#,
    ])
    func none(output: String) {
        #expect(BoxedAnswer.last(in: output) == nil)
    }

    @Test func formsOfOneAnswerCountOnce() {
        #expect(MathGrader.boxed(in: #"\boxed{x + 3} or \boxed{3 + x}"#) == "x + 3")
        #expect(MathGrader.boxed(in: #"\boxed{2} and \boxed{3}"#) == "2, 3")
    }
}
