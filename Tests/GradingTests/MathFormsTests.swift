import Testing

@testable import Grading

/// The ways in which models dress an answer, kind by kind.
struct MathFormsTests {
    @Test(arguments: [
        ("6", "x = 6"), ("6", "\\theta = 6"), ("6", "a_1 = 6"), ("6", "6 = x"), ("6", "AB = 6"),
        ("6", "|AB| = 6"), ("6", "\\overline{AB} = 6"), ("6", "\\text{Area} = 6"),
        ("6", "Area = 6"),
        ("6", "f(2) = 6"), ("6", "f^{-1}(4) = 6"), ("6", "P(A \\cap B) = 6"),
        ("6", "\\angle ABC = 6"),
        ("6", "S_{10} = 6"), ("6", "[ABC] = 6"), ("6", "f'(1) = 6"), ("6", "a + b + c + d = 6"),
        ("6", "m - n = 6"), ("6", "x^2 + y^2 = 6"), ("6", "xy = 6"),
        ("\\frac23", "\\frac{x}{y} = \\frac23"),
        ("\\frac23", "\\sin \\alpha = \\frac{2}{3}"), ("\\frac23", "\\frac{AB}{CD} = \\frac{2}{3}"),
        ("3", "\\log_2 8 = 3"), ("120", "5! = 120"), ("x = 7", "x = 3 + 4 = 7"),
        ("x = 1/7", "x = 1/7 \\approx 0.14"), ("7", "x \\approx 7"), ("7", "= 7"),
        ("7", "\\approx 7"),
        ("2x+5", "f(x) = 2x+5"), ("y = 2x+5", "2x+5"), ("(4,9)", "(x, y) = (4, 9)"),
        ("(4,9)", "x = 4, y = 9"), ("(4,9)", "x = 4 \\text{ and } y = 9"), ("(4,9)", "x, y = 4, 9"),
        ("(p,q) = (4,9)", "(4,9)"), ("x=4,y=9", "y = 9, x = 4"), ("(x,y)=(4,9)", "x=4, y=9"),
        ("\\{4,9\\}", "x = 4, 9"), ("4,9", "x = 4 \\text{ or } x = 9"), ("n=4,5", "5, 4"),
        ("\\frac{PQ}{RS} = \\frac37", "\\frac37"), ("S_1:S = 2:5", "2:5"),
        ("(1,2),(3,4)", "(x,y)=(3,4),(1,2)"),
    ])
    func namedValues(gold: String, answer: String) {
        #expect(MathAnswer.isSame(answer, gold))
    }

    @Test(arguments: [
        ("x = 6", "y = 6"), ("x + 2z = 6", "6"), ("x^2 + y^2 = 6", "6"), ("2x + y = 0", "0"),
        ("0", "3x + 4y - 5 = 0"), ("12", "3 \\cdot 4 = 13"), ("7", "x = 7 + y"), ("6", "x > 6"),
        ("(4,9)", "y = 4, x = 9, z = 1"), ("4,9", "x = 4, y = 9"), ("n=4,5", "n=5,6"),
        ("7", "x = 3 + 4" + " = 8"),
        ("5", "5:1"), ("y = 2x+5", "y = 2x-5"), ("(9,4)", "(x, y) = (4, 9)"),
    ])
    func otherValues(gold: String, answer: String) {
        #expect(!MathAnswer.isSame(answer, gold))
    }

    @Test(arguments: [
        ("80,120", "80, 120"), ("80,120", "120, 80"), ("80,120", "80120"), ("80,120", "80{,}120"),
        ("80,120", "80^\\circ, 120^\\circ"), ("4,050", "4050"), ("4,\\!050", "4{,}050"),
        ("4\\,050", "4050"),
        ("4\\ 050", "4,050"), ("4 050", "4050"), ("12,345,678", "12\\,345\\,678"),
        ("(1,234)", "(1, 234)"),
        ("1,2,345", "345, 2, 1"), ("1,000, 2,000", "2000, 1000"),
        ("11,\\! 222,\\! 333", "11222333"),
        ("2500000", "2.5 \\times 10^6"), ("2500000", "2.5e6"), ("0.0025", "2.5 \\cdot 10^{-3}"),
        ("0.0025", "25 × 10⁻⁴"), ("2500000", "2.5 \\text{ million}"),
        ("\\frac52", "2\\frac12"), ("\\frac52", "2 1/2"), ("\\frac52", "2½"), ("\\frac34", "¾"),
        ("40\\%", "40"), ("40\\%", "40 percent"), ("-3", "\\text{negative }3"), ("-3", "minus 3"),
    ])
    func numbers(gold: String, answer: String) {
        #expect(MathAnswer.isSame(answer, gold))
        #expect(MathAnswer.isSame(gold, answer))
    }

    @Test(arguments: [
        ("4,000", "4"), ("4,000", "4, 0"), ("1,2,345", "1,2345"), ("1,234", "1,2,3,4"),
        ("40\\%", "0.4"),
        ("80,120", "(80,120)"), ("3", "\\text{negative }3"), ("5", "\\text{at least }5"),
        ("5", "\\text{not }5"), ("5", "5 \\text{ or more}"), ("5", "5 \\text{ million}"),
        ("12", "1 2"),
        ("2.5", "2.5e1"), ("\\text{9 a.m.}", "\\text{9 p.m.}"), ("1:03", "1:3"),
        ("\\text{5.0 cm}", "\\text{50 cm}"), ("\\text{ACF}", "\\text{A,C,F}"),
        ("\\text{May 12}", "\\text{June 12}"), ("f(2)", "2f"),
    ])
    func otherNumbers(gold: String, answer: String) {
        #expect(!MathAnswer.isSame(answer, gold))
        #expect(!MathAnswer.isSame(gold, answer))
    }

    @Test(arguments: [
        ("x \\ge 4", "x>=4"), ("x \\le 4", "x <= 4"), ("x \\ne 4", "x != 4"),
        ("x ≥ 4", "x \\geqslant 4"),
        ("[4,\\infty)", "x >= 4"), ("(1,4)", "1 < x < 4"), ("x \\in [1,4]", "1 \\le x \\le 4"),
        ("(-\\infty,1)\\cup(4,\\infty)", "x<1 or x>4"),
        ("(-\\infty,1)\\cup(4,\\infty)", "x > 4 \\text{ or } x < 1"),
        ("(-\\infty,1)\\cup(4,\\infty)", "(-∞, 1) ∪ (4, ∞)"),
        ("(-\\infty,1]\\cup[4,\\infty)", "x \\in (-\\infty,1] \\cup [4,\\infty)"),
        ("(-\\infty,4)\\cup(4,\\infty)", "x \\neq 4"),
        ("(-\\infty,4)\\cup(4,\\infty)", "\\mathbb{R} \\setminus \\{4\\}"),
        ("(-\\infty,\\infty)", "\\mathbb{R}"), ("x < 3", "-2x > -6"), ("(1,3)", "2 < 2x < 6"),
        ("(-1,0)", "1 < 1 - x < 2"), ("f(2) < f(1) < f(4)", "f(4) > f(1) > f(2)"),
        ("x > \\sqrt{2}", "2x > 2\\sqrt{2}"),
    ])
    func inequalities(gold: String, answer: String) {
        #expect(MathAnswer.isSame(answer, gold))
        #expect(MathAnswer.isSame(gold, answer))
    }

    @Test(arguments: [
        ("x > 4", "x < 4"), ("x \\ge 4", "x > 4"), ("x < 3", "-2x < -6"), ("(1,4)", "1 \\le x < 4"),
        ("(-\\infty,1)\\cup(4,\\infty)", "x<1 \\text{ or } x \\ge 4"),
        ("f(2) > f(1)", "f(3) > f(2)"),
        ("(1,4)", "x=1, x=4"), ("x > y", "x > 0"), ("x > 4", "4"),
    ])
    func otherInequalities(gold: String, answer: String) {
        #expect(!MathAnswer.isSame(answer, gold))
        #expect(!MathAnswer.isSame(gold, answer))
    }

    @Test(arguments: [
        ("8", "\\color{red}{8}"), ("8", "\\textcolor{blue}{8}"), ("8", "{\\color{green} 8}"),
        ("8", "\\underline{8}"), ("8", "\\mathbf{8}"), ("8", "\\large 8"),
        ("8", "\\displaystyle 8"),
        ("8", "8\\\\"), ("8", "\\boldsymbol{8}"), ("8", "**8**"), ("8", "8\\ "),
        ("8", "\\text{8 ways}"),
        ("8", "\\text{There are }8\\text{ ways}"), ("8", "The answer is 8"),
        ("8", "\\text{Answer: }8"),
        ("8", "8 \\quad (\\text{approximately})"), ("8\\text{ m}", "8m"), ("8\\text{ s}", "8 s"),
        ("8 \\mbox{ inches}^2", "8 in^2"), ("8", "8\\text{ m}/\\text{s}"),
        ("8\\text{ apples}", "8 apples"),
        ("\\$8", "\\text{USD }8"), ("8", "8°C"), ("8", "8^{\\text{th}}"),
        ("3, 8", "\\color{red}{3, 8}"),
        ("2516_8", "2516_{\\text{eight}}"), ("12", "12_{10}"), ("6:00", "6\\text{:}00"),
        ("\\text{4:30 p.m.}", "4:30 PM"), ("x^{12}", "x¹²"), ("x_1", "x₁"), ("3\\pi", "3π"),
        ("2\\sqrt{3}", "2√3"), ("\\sqrt[3]{2}", "∛2"), ("x^2", "x**2"),
        (
            "\\begin{pmatrix}1&2\\\\3&4\\end{pmatrix}",
            "\\left[\\begin{array}{cc}1&2\\\\3&4\\end{array}\\right]"
        ),
        (
            "\\begin{cases} x & x>0 \\\\ -x & x<0 \\end{cases}",
            "\\left\\{\\begin{array}{ll} x & x > 0 \\\\ -x & x < 0 \\end{array}\\right."
        ),
        ("\\text{(D)}", "D"), ("\\text{Monday}", "monday"), ("\\text{A, C}", "C, A"),
    ])
    func dress(gold: String, answer: String) {
        #expect(MathAnswer.isSame(answer, gold))
    }
}
