import Foundation
import Testing

@testable import Grading

struct MathAnswerTests {
    @Test(arguments: [
        // Numbers.
        ("5", "5"), ("5.0", "5"), ("05", "5"), ("+5", "5"), (".5", "0.5"),
        ("-0.5", "-\\frac{1}{2}"),
        ("\\frac12", "\\frac{1}{2}"), ("\\frac1{2}", "0.5"), ("\\frac{1}2", "1/2"),
        ("\\dfrac{3}{4}", "\\tfrac 34"), ("\\frac{6}{8}", "0.75"),
        ("-\\frac{1}{2}", "\\frac{-1}{2}"),
        ("\\frac{1}{-2}", "-0.5"), ("--3", "3"), ("1\\frac{1}{4}", "\\frac{5}{4}"),
        ("1 1/4", "1.25"), ("0.\\overline{3}", "\\frac{1}{3}"), ("0.1\\overline{6}", "1/6"),
        ("1,000", "1000"), ("1{,}000", "1000"), ("10,\\!080", "10080"),
        ("1\\,000\\,000", "1000000"),
        ("12,345,678", "12345678"), ("2 \\cdot 3", "6"), ("2\\times 10^3", "2000"),
        ("6.02 \\times 10^{3}", "6020"), ("2^{10}", "1024"), ("2^{-1}", "0.5"),
        ("2^{2005}", "2^{2005}"), ("3 + 4", "7"), ("\\frac{\\frac{1}{2}}{3}", "\\frac{1}{6}"),
        ("123456789012345678901234567890", "123456789012345678901234567890.0"),
        ("−3", "-3"), ("5²", "25"), ("(5)", "5"), ("{5}", "5"), ("5.", "5"), ("$5$", "5"),
        ("\\(5\\)", "5"), ("\\[5\\]", "5"),
        // Units, currency, degrees, percent.
        ("5\\text{ cm}", "5"), ("5 \\text{ cm}^2", "5"), ("5\\mbox{ inches}", "5"),
        ("5 \\mathrm{cm}", "5"), ("5 cm", "5"), ("5 square units", "5"),
        ("5\\ \\text{miles per hour}", "5"),
        ("5 \\text{ miles}/\\text{hour}", "5"), ("\\frac{5\\text{ m}}{\\text{s}}", "5"),
        ("\\$5", "5"), ("\\$5.00", "5"), ("$5", "5"), ("5\\%", "5"), ("5%", "5"),
        ("90^\\circ", "90"),
        ("90^{\\circ}", "90"), ("90°", "90"), ("90\\degree", "90"), ("90 \\text{ degrees}", "90"),
        ("\\text{18 inches}", "18"), ("\\text{18}", "18"), ("3\\pi \\text{ square feet}", "3\\pi"),
        // Roots.
        ("\\sqrt2", "\\sqrt{2}"), ("\\sqrt{8}", "2\\sqrt{2}"), ("\\sqrt{49}", "7"),
        ("\\frac{1}{\\sqrt{2}}", "\\frac{\\sqrt{2}}{2}"), ("\\sqrt{2}\\sqrt{3}", "\\sqrt{6}"),
        ("\\sqrt{\\frac{1}{3}}", "\\frac{\\sqrt{3}}{3}"), ("\\sqrt[3]{54}", "3\\sqrt[3]{2}"),
        ("\\sqrt[3]{-8}", "-2"), ("2^{1/2}", "\\sqrt{2}"), ("x^{1/2}", "\\sqrt{x}"),
        ("\\sqrt{4x}", "2\\sqrt{x}"), ("\\sqrt{-4}", "2i"), ("sqrt(5)", "\\sqrt{5}"),
        ("√5", "\\sqrt5"),
        ("\\frac{3\\sqrt{2}}{2}", "\\frac{3}{2}\\sqrt{2}"), ("4^{3/2}", "8"),
        ("\\sqrt{1+\\sqrt{2}}", "\\sqrt{\\sqrt{2}+1}"), ("\\sqrt{2}^2", "2"),
        // Expressions.
        ("x+1", "1+x"), ("2x", "x \\cdot 2"), ("xy", "yx"), ("\\frac{x}{2}", "\\frac{1}{2}x"),
        ("x/2", "0.5x"), ("(x+1)(x-2)", "(x-2)(x+1)"), ("(1-x)(x-2)", "-(x-1)(x-2)"),
        ("-(x-3)", "3-x"), ("\\frac{x+1}{2}", "\\frac{x}{2}+\\frac{1}{2}"), ("x+x", "2x"),
        ("x \\times x", "x^2"), ("x^{2}", "x^2"), ("x^{-1}", "\\frac{1}{x}"), ("x²", "x^2"),
        ("\\frac{1+\\sqrt{5}}{2}", "\\frac{1}{2}+\\frac{\\sqrt{5}}{2}"), ("2\\pi r", "2r\\pi"),
        ("\\left(x+1\\right)^2", "(1+x)^2"), ("\\big(x\\big)", "x"), ("3\\,x\\!y", "3xy"),
        ("2^{n+1}", "2^{1+n}"), ("\\sin^2 x", "(\\sin x)^2"),
        ("\\sin x \\cos y", "\\cos y \\sin x"),
        ("\\log_2 x", "\\log_{2}(x)"), ("|x-1|", "\\lvert x-1 \\rvert"),
        ("e^{2\\pi i}", "e^{2i\\pi}"),
        ("\\frac{a}{b}\\cdot\\frac{c}{d}", "\\frac{ac}{bd}"), ("n!", "n!"),
        ("\\binom{5}{2}", "\\dbinom52"),
        ("\\lfloor x \\rfloor", "\\left\\lfloor x\\right\\rfloor"), ("p - q", "-q + p"),
        ("\\alpha + \\beta", "\\beta + \\alpha"), ("x_1 + x_2", "x_{2} + x_{1}"),
        ("\\overline{AB}", "\\overline{AB}"), ("2516_8", "2516_{8}"), ("ABC", "ABC"),
        // Lists, sets, tuples, intervals.
        ("1, 2", "2,1"), ("1 \\text{ and } 2", "1,2"), ("1 \\text{ or } 2", "2, 1"),
        ("1 and 2", "1,2"),
        ("1, 2, \\text{and } 3", "3,2,1"), ("\\{1,2\\}", "\\{2, 1\\}"), ("\\{1,2\\}", "1,2"),
        ("\\left\\{1,2\\right\\}", "\\lbrace 2,1 \\rbrace"), ("x=1, x=2", "1,2"),
        ("x=1 \\text{ or } x=2", "2,1"),
        ("1 \\pm \\sqrt{2}", "1-\\sqrt{2}, 1+\\sqrt{2}"), ("x = \\pm 3", "-3, 3"),
        ("\\pm 3", "\\pm 3"),
        ("\\frac{-1 \\pm \\sqrt{5}}{2}", "\\frac{-1+\\sqrt5}{2}, \\frac{-1-\\sqrt5}{2}"),
        ("(1,2)", "( 1, 2 )"), ("(\\frac12, 0.5)", "(0.5,\\frac12)"),
        ("\\left( 3, \\frac{\\pi}{2} \\right)", "(3,\\pi/2)"),
        ("[0,1)", "\\left[0, 1\\right)"), ("(-\\infty,3]", "x \\le 3"), ("x > 3", "(3,\\infty)"),
        ("3 < x", "(3, \\infty)"), ("1 < x \\leq 2", "(1,2]"), ("2 \\ge x > 1", "(1,2]"),
        ("x \\in [1,2]", "[1,2]"),
        ("(0,1) \\cup (2,3)", "(2,3)\\cup(0,1)"), ("\\emptyset", "\\varnothing"),
        ("\\{\\}", "\\emptyset"),
        ("(1,2), (3,4)", "(3,4),(1,2)"),
        ("\\langle 1,2\\rangle", "\\left\\langle 1, 2\\right\\rangle"),
        // Equations, matrices, words.
        ("x = 5", "5"), ("5", "x=5"), ("f(x) = 2x", "2x"), ("y = 2x + 1", "y = 1 + 2x"),
        ("2x+1 = y", "y=2x+1"),
        ("x = 2 + 3 = 5", "5"), ("\\text{Area} = 5", "5"), ("x \\approx 3.5", "3.5"),
        ("\\frac{1}{3} \\approx 0.33", "1/3"),
        (
            "\\begin{pmatrix}1&2\\\\3&4\\end{pmatrix}",
            "\\begin{bmatrix} 1 & 2 \\\\ 3 & 4 \\end{bmatrix}"
        ),
        (
            "\\begin{pmatrix} 1/2 \\\\ 3 \\\\ \\end{pmatrix}",
            "\\begin{pmatrix} 0.5 \\\\ 3 \\end{pmatrix}"
        ),
        ("\\text{even}", "Even"), ("\\text{(C)}", "C"), ("(C)", "\\textbf{C}"),
        ("\\text{ Friday }", "\\mbox{Friday}"),
        ("Friday", "\\text{Friday}"), ("3:2", "3 : 2"), ("\\text{4:30 p.m.}", "\\text{4:30 p.m.}"),
        ("\\text{yes}", "yes."), ("x \\equiv 2 \\pmod{5}", "x \\equiv 2 \\pmod 5"),
    ])
    func same(a: String, b: String) {
        #expect(MathAnswer.isSame(a, b))
        #expect(MathAnswer.isSame(b, a))
    }

    @Test(arguments: [
        ("5", "6"), ("5", "-5"), ("", "5"), ("5", ""), ("", ""), ("\\frac12", "\\frac13"),
        ("0.33", "\\frac13"),
        ("0.333333333333333", "1/3"), ("3.14", "\\pi"), ("5\\%", "0.05"), ("1,000", "1"),
        ("1,000", "(1,0)"),
        ("123456789012345678901234567890", "123456789012345678901234567891"),
        ("2\\frac{1}{2}", "1"), ("12", "1,2"), ("x2", "2x"), ("3 20", "60"),
        ("\\sqrt{2}", "2"), ("\\sqrt{2}", "1.41421356"), ("\\sqrt[3]{2}", "\\sqrt{2}"),
        ("\\sqrt{x^2}", "x"),
        ("\\sqrt{2}+\\sqrt{3}", "\\sqrt{5}"), ("2^{2005}", "2^{2004}"),
        ("x+1", "x-1"), ("x^2", "2x"), ("xy", "x+y"), ("(x+1)^2", "x^2+1"), ("(x+1)(x-1)", "x^2-1"),
        ("2(x+1)", "2x+2"), ("x", "y"), ("x_1", "x_2"), ("\\sin x", "\\cos x"),
        ("\\log_2 x", "\\log_3 x"),
        ("\\sin 2x", "2\\sin x"), ("n!", "n"), ("|x|", "x"), ("2516_8", "2516"), ("e^x", "e^{-x}"),
        ("(1,2)", "(2,1)"), ("(1,2)", "1,2"), ("(1,2)", "[1,2]"), ("(1,2)", "(1,2]"),
        ("\\{1,2\\}", "\\{1,3\\}"),
        ("1,2", "1,2,3"), ("1,1", "1"), ("x=1,y=2", "x=2,y=1"), ("x=1,y=2", "1,2"),
        ("x > 3", "x < 3"),
        ("x \\ge 3", "x > 3"), ("1 < x < 2", "[1,2]"), ("(0,1)\\cup(2,3)", "(0,1)\\cap(2,3)"),
        ("x = 5", "y = 5"), ("x = 5", "6"), ("y = 2x", "y = 3x"), ("x = 5, x = 6", "5"),
        ("\\pm 3", "3"),
        ("1 \\pm 2", "3"),
        ("\\begin{pmatrix}1\\\\2\\end{pmatrix}", "\\begin{pmatrix}2\\\\1\\end{pmatrix}"),
        ("\\begin{pmatrix}1&2\\end{pmatrix}", "\\begin{pmatrix}1\\\\2\\end{pmatrix}"),
        ("\\text{even}", "\\text{odd}"), ("\\text{(A)}", "\\text{(B)}"), ("3:2", "2:3"),
        ("10:30", "10"),
        ("3\\text{ hours }20\\text{ minutes}", "60"), ("3\\text{ hours }20\\text{ minutes}", "3"),
        ("\\frac{1}{0}", "0"), ("\\frac{1}{0}", "\\frac{2}{0}"), ("0^{-1}", "0"),
    ])
    func different(a: String, b: String) {
        #expect(!MathAnswer.isSame(a, b))
        #expect(!MathAnswer.isSame(b, a))
    }

    // The kinds the documentation lists as not decided: kept here so that the list stays true.
    @Test(arguments: [
        ("(x+1)^2", "x^2+2x+1"), ("\\log 8", "3\\log 2"), ("\\sin 30", "1/2"), ("3!", "6"),
        ("|-3|", "3"),
        ("i^2", "-1"), ("2x+2y=4", "x+y=2"), ("(1,2)", "\\begin{pmatrix}1\\\\2\\end{pmatrix}"),
        ("\\sqrt{3+2\\sqrt{2}}", "1+\\sqrt{2}"), ("11_2", "3"), ("\\text{three}", "3"),
        ("60\\text{ minutes}", "1\\text{ hour}"), ("\\{x : x > 3\\}", "(3,\\infty)"),
    ])
    func notDecided(a: String, b: String) {
        #expect(!MathAnswer.isSame(a, b))
    }

    @Test(arguments: [
        "{", "}", "\\", "\\frac", "\\frac{1}", "\\sqrt[", "\\begin{pmatrix}", "(((", "^^", "_",
        "\\left(", "|",
        "\\{", "1\\frac", "\\overline", "0.\\overline{}", "\\text{", "&&", "\\\\", "=", ",", "±",
        "\\end{pmatrix}",
        "9223372036854775807+1", "99999999999999999999/3", "2^{9223372036854775807}",
        "-9223372036854775808",
        "(-1)^{9223372036854775807}", "x^{99999999999}", "\\sqrt{9223372036854775807}",
    ])
    func brokenInputIsOnlyEqualToItself(answer: String) {
        #expect(!MathAnswer.isSame(answer, "5"))
        #expect(!MathAnswer.isSame("5", answer))
    }

    @Test func deepNestingIsRefused() {
        let deep = String(repeating: "(", count: 5000) + "5" + String(repeating: ")", count: 5000)
        #expect(!MathAnswer.isSame(deep, "5"))
        let frac =
            String(repeating: "\\frac{1}{", count: 300) + "5" + String(repeating: "}", count: 300)
        #expect(!MathAnswer.isSame(frac, "5"))
        #expect(!MathAnswer.isSame(String(repeating: "-", count: 1500) + "5", "x"))
        #expect(!MathAnswer.isSame(String(repeating: "1,", count: 20_000), "5"))
        for piece in [
            "\\frac", "\\sqrt", "x^", "-", "\\sin", "{", "|", "\\{", "\\overline", "\\text{",
        ] {
            #expect(!MathAnswer.isSame(String(repeating: piece, count: 1900) + "5", "5"))
        }
        let nested = String(repeating: "(", count: 20) + "5" + String(repeating: ")", count: 20)
        #expect(MathAnswer.isSame(nested, "5"))
    }

    @Test(arguments: [
        ("So \\boxed{\\frac{1}{2}}.", "\\frac12", "boxed", true),
        ("First \\boxed{3}, so \\boxed{\\{1, 2\\}}", "2, 1", "boxed", true),
        ("It is $\\frac{1}{2}$.", "0.5", "last-number", true),
        ("Nothing.", "5", "none", false),
    ])
    func grading(output: String, gold: String, rule: String, correct: Bool) {
        let grade = TaskDefinition.math.grade(
            output, for: Question(id: "0", user: "5 \\boxed{5}", gold: gold))
        #expect(grade.rule == rule)
        #expect(grade.correct == correct)
    }

    @Test(
        .needs(["math/train.jsonl", "math/test.jsonl"]),
        arguments: [("test", 500), ("train", 4500)])
    func everyGoldSolutionIsCorrect(split: String, count: Int) throws {
        let task = TaskDefinition.math
        let questions = try task.questions(from: DataFile.bytes("math/\(split).jsonl"))
        #expect(questions.count == count)
        let missed = questions.filter { task.grade($0.solution ?? "", for: $0).correct != true }
        #expect(missed.isEmpty, "\(missed.map(\.gold).prefix(5))")
    }
}
