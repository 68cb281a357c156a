import Hashing
import Testing

@testable import Grading

/// An expression is evaluated or refused, never read in part.
struct NumberAnswerTests {
    private func value(_ answer: String, _ convention: NumberConvention = .english) -> String? {
        NumberAnswer.value(of: answer, convention: convention)?.description
    }

    @Test(arguments: [
        ("9+9", "18"), ("5 - 5", "0"), ("-3 + 5", "2"), ("1.5 + 1.5", "3"), ("0.1 + 0.2", "0.3"),
        ("(3 + 4) - 2", "5"), ("1/2 + 1/4", "6/8"), ("(1+2)/3", "3/3"), ("\\frac{1+1}{4}", "2/4"),
        ("- 5", "-5"), ("−5", "-5"), ("-$5", "-5"), ("\\text{minus } 5", "-5"), ("(-5)", "-5"),
        ("3e8", "300000000"), ("1e3", "1000"), ("1E+3", "1000"), ("2.5e-1", "0.25"),
        ("1e-3", "0.001"),
        ("1.2 \\times 10^6", "1200000"), ("1.2 \\cdot 10^{-1}", "0.12"), ("1.2 × 10⁶", "1200000"),
        ("1.2*10^6", "1200000"), ("1.2 x 10^6", "1200000"), ("10^6", "1000000"),
        ("10^{-2}", "0.01"),
        ("\\frac12", "1/2"), ("\\frac1{20}", "1/20"), ("\\frac{ 1 }{ 2 }", "1/2"),
        ("\\frac{-1}{2}", "-1/2"),
        ("1\\frac12", "3/2"), ("3 1/2", "7/2"), ("3½", "7/2"), ("½", "1/2"), ("1⁄2", "1/2"),
        ("18^\\circ", "18"), ("18^{\\circ}", "18"), ("18°", "18"), ("\\{18\\}", "18"),
        ("[18]", "18"),
        ("|−12|", "12"), ("12_{10}", "12"), ("1.2 million", "1200000"),
        ("3 thousand dollars", "3000"),
        ("2万", "20000"), ("18 dollars", "18"), ("$18.00", "18"), ("18%", "18"), ("₩18", "18"),
        ("18 cm^2", "18"), ("18 m/s", "18"), ("18/day", "18"), ("18 per day", "18"), ("18th", "18"),
        ("2.0 m²", "2"), ("120 minutes (2 hours)", "120"), ("x = 18", "18"), ("18 = x", "18"),
        ("2+3 = 5", "5"), ("≈18", "18"), ("18.", "18"), ("about 18", "18"), ("Total: 18", "18"),
        ("18 more apples", "18"), ("١٨", "18"), ("۱۸", "18"), ("১৮", "18"), ("౧౮", "18"),
        ("１８", "18"),
        ("１，０００", "1000"), ("－５", "-5"), ("1٬000٫5", "1000.5"), ("1 000", "1000"),
        ("\\color{red}{18}", "18"), ("\\underline{18}", "18"), ("\\mathbf{18}", "18"),
        ("*18*", "18"), ("Janet has 18 eggs", "18"), ("5 apples", "5"), ("18 a day", "18"),
    ])
    func isRead(answer: String, number: String) {
        #expect(value(answer) == number)
    }

    @Test(arguments: [
        "2x", "2 x", "x2", "2n", "10/x", "2\\pi", "2π", "\\sqrt{2}", "2\\sqrt{3}", "√2", "2^3",
        "2^{10}",
        "2³", "10^10^10", "10^{10^{10}}", "1e99999", "10^99999", "1e10000000000000000000000", "18!",
        "3 \\times 6", "3 * 6", "3·6", "3(4)", "3(3)", "2(x+1)", "6 \\div 2", "18 or 19", "18, 19",
        "18 and 19", "1 2", "1,000,00", "10:30", "3:4", "18 = 3 \\times 6", "5/0", "1/2/3",
        "3/4/2020",
        "12\\ldots", "12...", "\\geq 12", "> 12", "< 12", "x \\neq 5", "x != 5", "12_5", "12_{5}",
        "\\log 12", "\\log_2 8", "not 5", "at least 12", "more than 12", "half of 12", "12 squared",
        "5 +", "+ 5 +", "5 ×", "--5", "+-5", "±5", "\\pm 5", "5\\pm 1", "18–19",
        "3 hours and 20 minutes",
        "NaN", "", "eighteen", "\\frac{x}{2}", "\\frac{1}{x}", "\\frac{1}{0}", "\\binom{5}{2}",
        "(1, 2)", "2 + x", "x + 2", "2 - n", "5i", "3+4i", "5k", "2ab", "f(2)", "2 \\cdot 3 + 4",
        "((((((((((((((((((((1))))))))))))))))))))",
    ])
    func isRefused(answer: String) {
        #expect(value(answer) == nil)
    }

    @Test(arguments: [
        ("1.000,5", "1000.5"), ("1.000", "1000"), ("0,5", "0.5"), ("1 000,5", "1000.5"),
        ("2,5 + 2,5", "5"),
        ("1,5 Millionen", "1500000"),
    ])
    func isReadTheContinentalWay(answer: String, number: String) {
        #expect(value(answer, .continental) == number)
    }

    /// What stands last is read whole.
    @Test(
        arguments: [
            ("The answer is 9 + 9", "18"), ("So it is 20 - 2.", "18"), ("It is 1.2e6", "1200000"),
            ("It is 1.2 × 10^6 m", "1200000"), ("It is - 5", "-5"), ("It is 3 million.", "3000000"),
            ("3 + 4 = 7", "7"), ("Total: - 5", "-5"), ("- 5", "-5"), ("a\n- 5 eggs", "5"),
            ("so \\frac{3}{4}", "3/4"), ("It weighs 5 kg/m^2", "5"),
            ("the sum is 18 (see above)", "18"),
        ] as [(String, String?)]
            + [
                "The answer is 3 × 6", "The answer is 2^x", "The answer is 2\\pi",
                "It is \\sqrt{2}",
                "It is \\frac{x}{2}", "It is x + 3 * 6", "It is x + 6", "It is price * 6",
                "It is (2+3) * 4",
                "It is 1e99999 or 1.2e99999",
            ].map { ($0, nil) })
    func lastNumberIsReadWhole(output: String, number: String?) {
        let found = LastNumber(in: output, convention: .english)
        #expect(found?.value?.description == number, "\(found?.text ?? "none")")
    }

    /// A sum of random decimals is what exact arithmetic says.
    @Test func sumsAreExact() {
        var random = SplitMix64(seed: 1)
        for _ in 0..<500 {
            let terms = (0..<Int(random.next() % 5 + 2)).map { _ in
                Int(random.next() % 200_000) - 100_000
            }
            let text = terms.enumerated().map { index, cents in
                let sign = cents < 0 ? "-" : index == 0 ? "" : "+"
                let digits = String(abs(cents) % 100)
                return "\(sign) \(abs(cents) / 100).\(digits.count < 2 ? "0" : "")\(digits)"
            }.joined(separator: " ")
            let cents = terms.reduce(0, +)
            let read = NumberAnswer.value(of: text, convention: .english)
            let expected = ExactNumber(String(cents)).flatMap {
                $0.divided(by: ExactNumber(integer: [1, 0, 0]))
            }
            #expect(read == expected, "\(text)")
        }
    }
}
