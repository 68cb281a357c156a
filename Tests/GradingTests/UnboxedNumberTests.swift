import Testing

@testable import Grading

struct UnboxedNumberTests {
    @Test(arguments: [
        ("The answer is 5.", "5"), (#"It is $\frac{1}{2}$."#, #"\frac{1}{2}"#),
        ("Thus $x=-5$.", "-5"),
        ("We get 3 + 4 = 7", "7"), ("because $3+4=7$ holds", "7"), ("It costs $12.", "$12"),
        ("It costs $5 and then $7", "$7"), ("a length of 5 cm", "5"), ("so \\(n = 12\\).", "12"),
        ("So 4 for $x$.", "4"), ("That makes 1,250 of them", "1,250"),
        ("\\[ y = 2 \\cdot 3 = 6 \\]", "6"),
        ("$$\n9\n$$", "9"), ("It takes 10m", "10"),
        // Emphasis is no product.
        ("So the answer is **5**.", "5"), ("**Answer:** 5", "5"), ("**x = 5**", "5"), ("*5*", "5"),
        ("***5***", "5"), ("It is **5** cm", "5"), ("* 5", "5"), ("- **5**", "5"), ("__5__", "5"),
        ("**Final answer:** **-5**", "-5"), ("It is **1/2**.", "1/2"), ("Answer:** 5", "5"),
        // Units are raised outside the number's mathematics.
        ("The area is 25 cm$^2$.", "25"), ("It is $25$ cm$^2$.", "25"), ("25 m$^{3}$", "25"),
        (#"$25$ $\text{cm}^2$."#, "25"), (#"25 $\mathrm{cm}^2$"#, "25"), ("25 in.$^2$", "25"),
    ])
    func alone(output: String, number: String) {
        #expect(UnboxedNumber.last(in: output) == number)
    }

    @Test(arguments: [
        "", "none", #"the answer is $\sqrt{7}$"#, "the area is $4\\pi$", "the area is 4π",
        "it equals √7", "it is $x^2$", #"it is $\frac{\pi}{6}$"#, "the point is (3, 7)",
        "the interval is $[3,7)$", #"it is $4+\sqrt{2}$"#, "that is 2 + √3", "so 3x", "so $2x + 1$",
        "we get x^2 + 5", "the ratio is 3:7", "Of the 5 ways, the answer is $n^2$",
        "There are 3, so $\\pi$.", "x < 3 + y", "so 5!",
        "so 3*5", "so 3 * 5", "it is 2**5", "x*5", "**3** * **5**", "5 * y", "3*5*x", "**2***5**",
        "a **5", "25 x$^2$", "25 $x^2$", "Of the 25 ways, it is $n^2$", "$25$ $n^2$",
        "There are 25, so it is A$^2$",
    ])
    func partOfAnExpression(output: String) {
        #expect(UnboxedNumber.last(in: output) == nil)
    }
}
