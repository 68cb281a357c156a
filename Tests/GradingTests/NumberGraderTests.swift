import Testing

@testable import Grading

struct NumberGraderTests {
    /// An output, the gold answer, the rule that must fire and whether the answer is right.
    struct Case: CustomTestStringConvertible {
        let output: String
        let gold: String
        let rule: String
        let correct: Bool

        init(_ output: String, _ gold: String, _ rule: String, _ correct: Bool) {
            (self.output, self.gold, self.rule, self.correct) = (output, gold, rule, correct)
        }

        var testDescription: String { "\(output) against \(gold)" }
    }

    private func check(_ test: Case, _ convention: NumberConvention = .english) {
        let rules: [ExtractionRule] = [.boxed, .marker("####"), .lastNumber]
        let grade = NumberGrader(rules: rules, convention: convention)
            .grade(test.output, gold: test.gold)
        #expect(grade.rule == test.rule, "\(grade)")
        #expect(grade.correct == test.correct, "\(grade)")
    }

    @Test(arguments: [
        Case(#"So \boxed{18}."#, "18", "boxed", true),
        Case(#"\boxed{18.00}"#, "18", "boxed", true),
        Case(#"\boxed{18.0}"#, "18", "boxed", true),
        Case(#"\boxed{18.}"#, "18", "boxed", true),
        Case(#"\boxed{018}"#, "18", "boxed", true),
        Case(#"\boxed{$18}"#, "18", "boxed", true),
        Case(#"\boxed{\$18}"#, "18", "boxed", true),
        Case(#"\boxed{\$ 18}"#, "18", "boxed", true),
        Case(#"\boxed{\$18.00}"#, "18", "boxed", true),
        Case(#"\boxed{$18$}"#, "18", "boxed", true),
        Case(#"$\boxed{18}$"#, "18", "boxed", true),
        Case(#"\[\boxed{18}\]"#, "18", "boxed", true),
        Case(#"\boxed{ 18 }"#, "18", "boxed", true),
        Case(#"\boxed {18}"#, "18", "boxed", true),
        Case("\\boxed{\n18\n}", "18", "boxed", true),
        Case(#"\fbox{18}"#, "18", "boxed", true),
        Case(#"\boxed{\boxed{18}}"#, "18", "boxed", true),
        Case(#"\\boxed{18}"#, "18", "boxed", true),
        Case(#"\\{3} \boxed{18}"#, "18", "boxed", true),
        Case(#"{\boxed{18}"#, "18", "boxed", true),
        Case(#"}}\boxed{18}}"#, "18", "boxed", true),
        Case(#"\boxed{\{18\}}"#, "18", "boxed", true),
        Case(#"\boxed{5 \boxed{18}"#, "18", "boxed", true),
        Case(#"\boxed{18 dollars}"#, "18", "boxed", true),
        Case(#"\boxed{18\text{ dollars}}"#, "18", "boxed", true),
        Case(#"\boxed{18 \text{ dollars per day}}"#, "18", "boxed", true),
        Case(#"\boxed{\text{18}}"#, "18", "boxed", true),
        Case(#"\boxed{\text{She has 18 eggs.}}"#, "18", "boxed", true),
        Case(#"\boxed{\mathrm{18\ km}}"#, "18", "boxed", true),
        Case(#"\boxed{\textbf{18}}"#, "18", "boxed", true),
        Case(#"\boxed{**18**}"#, "18", "boxed", true),
        Case(#"\boxed{18\%}"#, "18", "boxed", true),
        Case(#"\boxed{18%}"#, "18", "boxed", true),
        Case(#"\boxed{18 \, \text{cm}^2}"#, "18", "boxed", true),
        Case(#"\boxed{18\text{ m}^{2}}"#, "18", "boxed", true),
        Case(#"\boxed{18 cm^3}"#, "18", "boxed", true),
        Case(#"\boxed{18 m²}"#, "18", "boxed", true),
        Case(#"\boxed{x = 18}"#, "18", "boxed", true),
        Case(#"\boxed{3 \times 6 = 18}"#, "18", "boxed", true),
        Case(#"\boxed{\text{Total} = \$18}"#, "18", "boxed", true),
        Case(#"\boxed{53.9 / 3 \approx 18}"#, "18", "boxed", true),
        Case(#"\boxed{18 = 18}"#, "18", "boxed", true),
        Case(#"\boxed{€18}"#, "18", "boxed", true),
        Case(#"\boxed{£18}"#, "18", "boxed", true),
        Case(#"\boxed{USD18}"#, "18", "boxed", true),
        Case(#"\boxed{18 USD}"#, "18", "boxed", true),
        Case(#"\boxed{18\circ}"#, "18", "boxed", true),
        Case(#"First \boxed{5}, then \boxed{18}."#, "18", "boxed", true),
        Case(#"First \boxed{18}, then \boxed{5}."#, "18", "boxed", false),
        Case(#"The answer is \boxed{18}. I checked it 3 times."#, "18", "boxed", true),
        Case(#"\boxed{18} #### 5"#, "18", "boxed", true),
        Case(#"\boxed{19}"#, "18", "boxed", false),
        Case(#"\boxed{18.01}"#, "18", "boxed", false),
        Case(#"\boxed{17.999999999999999999999999}"#, "18", "boxed", false),
        Case(#"\boxed{-18}"#, "18", "boxed", false),
        Case(#"\boxed{180}"#, "18", "boxed", false),
        Case(#"\boxed{1.8}"#, "18", "boxed", false),
        Case(#"\boxed{eighteen}"#, "18", "boxed", false),
        Case(#"\boxed{18 or 19}"#, "18", "boxed", false),
        Case(#"\boxed{18, 19}"#, "18", "boxed", false),
        Case(#"\boxed{18-19}"#, "18", "boxed", false),
        Case(#"\boxed{6 + 12}"#, "18", "boxed", true),
        Case(#"\boxed{3 \times 6}"#, "18", "boxed", false),
        Case(#"\boxed{18^2}"#, "18", "boxed", false),
        Case(#"\boxed{\sqrt{18}}"#, "18", "boxed", false),
        Case(#"\boxed{18\pi}"#, "18", "boxed", false),
        Case(#"\boxed{3!}"#, "3", "boxed", false),
        Case(#"\boxed{3 hours and 20 minutes}"#, "200", "boxed", false),
        Case(#"\boxed{10:30}"#, "10", "boxed", false),
    ])
    func boxed(test: Case) { check(test) }

    @Test(arguments: [
        Case(#"\boxed{1,000}"#, "1000", "boxed", true),
        Case(#"\boxed{1000}"#, "1,000", "boxed", true),
        Case(#"\boxed{1{,}000}"#, "1000", "boxed", true),
        Case(#"\boxed{1,\!000}"#, "1000", "boxed", true),
        Case(#"\boxed{1\,000}"#, "1000", "boxed", true),
        Case(#"\boxed{18\,000}"#, "18000", "boxed", true),
        Case(#"\boxed{1~000}"#, "1000", "boxed", true),
        Case("\\boxed{1\u{A0}000}", "1000", "boxed", true),
        Case("\\boxed{1\u{202F}000}", "1000", "boxed", true),
        Case(#"\boxed{1'000}"#, "1000", "boxed", true),
        Case(#"\boxed{\$1,234,567.89}"#, "1234567.89", "boxed", true),
        Case(#"\boxed{1,00,000}"#, "100000", "boxed", true),
        Case(#"\boxed{1.000.000}"#, "1000000", "boxed", true),
        Case(#"\boxed{1.000}"#, "1", "boxed", true),
        Case(#"\boxed{1.000}"#, "1000", "boxed", false),
        Case(#"\boxed{1,00}"#, "100", "boxed", false),
        Case(#"\boxed{10,00}"#, "1000", "boxed", false),
        Case(#"\boxed{1,0000}"#, "10000", "boxed", false),
        Case(#"\boxed{1 000}"#, "1000", "boxed", true),
        Case(#"\boxed{0,001}"#, "1", "boxed", false),
        Case(#"\boxed{-5}"#, "-5", "boxed", true),
        Case(#"\boxed{ -5}"#, "-5", "boxed", true),
        Case("\\boxed{\u{2212}5}", "-5", "boxed", true),
        Case("\\boxed{\u{2013}5}", "-5", "boxed", true),
        Case(#"\boxed{-\$5}"#, "-5", "boxed", true),
        Case(#"\boxed{\$-5}"#, "-5", "boxed", true),
        Case(#"\boxed{-$5.50}"#, "-5.5", "boxed", true),
        Case(#"\boxed{+5}"#, "5", "boxed", true),
        Case(#"\boxed{x = -5}"#, "-5", "boxed", true),
        Case(#"\boxed{5}"#, "-5", "boxed", false),
        Case(#"\boxed{-0}"#, "0", "boxed", true),
        Case(#"\boxed{0.5}"#, "1/2", "boxed", true),
        Case(#"\boxed{.5}"#, "0.5", "boxed", true),
        Case(#"\boxed{1/2}"#, "0.5", "boxed", true),
        Case(#"\boxed{\frac{1}{2}}"#, "0.5", "boxed", true),
        Case(#"\boxed{\dfrac{36}{2}}"#, "18", "boxed", true),
        Case(#"\boxed{-\frac{1}{2}}"#, "-0.5", "boxed", true),
        Case(#"\boxed{3 1/2}"#, "3.5", "boxed", true),
        Case(#"\boxed{3\frac{1}{2}}"#, "3.5", "boxed", true),
        Case(#"\boxed{3 \frac{1}{2} \text{ hours}}"#, "3.5", "boxed", true),
        Case(#"\boxed{1/3}"#, "0.333", "boxed", false),
        Case(#"\boxed{1/3}"#, "2/6", "boxed", true),
        Case(#"\boxed{5/0}"#, "5", "boxed", false),
        Case(#"\boxed{3/4/2020}"#, "0.75", "boxed", false),
        Case(
            #"\boxed{123456789012345678901234567890}"#, "123456789012345678901234567890",
            "boxed", true),
        Case(
            #"\boxed{123456789012345678901234567891}"#, "123456789012345678901234567890",
            "boxed", false),
        Case(#"\boxed{0.1000000000000000055511151231257827}"#, "0.1", "boxed", false),
        Case(#"\boxed{১৮}"#, "18", "boxed", true),
        Case(#"\boxed{๑๘}"#, "18", "boxed", true),
        Case(#"\boxed{౧౮}"#, "18", "boxed", true),
        Case(#"\boxed{１８}"#, "18", "boxed", true),
        Case(#"\boxed{２，１２５}"#, "2125", "boxed", true),
        Case(#"\boxed{১,০০,০০০}"#, "100000", "boxed", true),
        Case(#"\boxed{18元}"#, "18", "boxed", true),
        Case(#"\boxed{18ドル}"#, "18", "boxed", true),
        Case(#"\boxed{共18个}"#, "18", "boxed", true),
        Case(#"\boxed{৳১৮}"#, "18", "boxed", true),
    ])
    func numeralForms(test: Case) { check(test) }

    @Test(arguments: [
        Case("She earns 18.\n#### 18", "18", "marker", true),
        Case("#### $18.00", "18", "marker", true),
        Case("#### 18 dollars", "18", "marker", true),
        Case("####18", "18", "marker", true),
        Case("#### **18**", "18", "marker", true),
        Case("#### \\$1,800 per year, or 150 a month", "1800", "marker", false),
        Case("#### 1,800\nThat was 3 steps.", "1800", "marker", true),
        Case("#### 5\n#### 18", "18", "marker", true),
        Case("#### 18\n#### 5", "18", "marker", false),
        Case("#### -3", "-3", "marker", true),
        Case("#### Step 1: add\nThe sum is 18.", "18", "last-number", true),
        Case("#### 1. Add them\nThe sum is 18.", "18", "last-number", true),
        Case("#### 1) Add them\nThe sum is 18.", "18", "last-number", true),
        Case("#### \nThe sum is 18.", "18", "last-number", true),
        Case(#"\boxed{} is empty, so #### 18"#, "18", "marker", true),
        Case(#"cut off \boxed{1"#, "1", "last-number", true),
        Case(#"\boxed{18} and then cut off \boxed{5"#, "18", "boxed", true),
        Case("The answer is 18.", "18", "last-number", true),
        Case("The answer is 18", "18", "last-number", true),
        Case("The answer is $18.00.", "18", "last-number", true),
        Case("**Answer: 18**", "18", "last-number", true),
        Case("6 * 3 = 18!", "18", "last-number", true),
        Case("6*3=18", "18", "last-number", true),
        Case("It is (18).", "18", "last-number", true),
        Case("It is -18.", "-18", "last-number", true),
        Case("3 - 21 = -18.", "-18", "last-number", true),
        Case("21-3", "18", "last-number", true),
        Case("21 -3", "18", "last-number", true),
        Case("20%-5", "5", "last-number", true),
        Case("The area is 18 cm^2.", "18", "last-number", true),
        Case("Water is H2O; she drank 18", "18", "last-number", true),
        Case("She drank 18 of H2O", "18", "last-number", true),
        Case("It costs Rs500.", "500", "last-number", true),
        Case("It costs US$500.", "500", "last-number", true),
        Case(#"so $\frac{3}{4}$ of it."#, "0.75", "last-number", true),
        Case("so 3/4 of it.", "0.75", "last-number", true),
        Case("18 eggs, 3 of them brown", "18", "last-number", false),
        Case("It is 1,000, not more", "1000", "last-number", true),
        Case("It is 1, 2, 3", "3", "last-number", true),
        Case("等于-5", "-5", "last-number", true),
        Case("答案是18。", "18", "last-number", true),
        Case("ตอบ ๑๘ บาท", "18", "last-number", true),
        Case("No number at all.", "18", "none", false),
        Case("", "18", "none", false),
        Case("\\boxed", "18", "none", false),
        Case("\\boxed{", "18", "none", false),
        Case("\\", "18", "none", false),
        Case("-", "18", "none", false),
        Case("$", "18", "none", false),
        Case("....", "18", "none", false),
    ])
    func markerAndLastNumber(test: Case) { check(test) }

    @Test(arguments: [
        Case(#"\boxed{1.000}"#, "1000", "boxed", true),
        Case(#"\boxed{1,000}"#, "1000", "boxed", true),
        Case(#"\boxed{1 000}"#, "1000", "boxed", true),
        Case(#"\boxed{1.234,50}"#, "1234.5", "boxed", true),
        Case(#"\boxed{1,234.50}"#, "1234.5", "boxed", true),
        Case(#"\boxed{12,50 €}"#, "12.5", "boxed", true),
        Case(#"\boxed{12.50}"#, "12.5", "boxed", true),
        Case(#"\boxed{0,125}"#, "0.125", "boxed", true),
        Case(#"\boxed{0.125}"#, "0.125", "boxed", true),
        Case(#"\boxed{18,0}"#, "18", "boxed", true),
        Case(#"\boxed{114 200}"#, "114200", "boxed", true),
        Case("Es sind 2.125.", "2125", "last-number", true),
        Case("Итого: 5 600 рублей.", "5600", "last-number", true),
    ])
    func continental(test: Case) { check(test, .continental) }

    @Test func hugeOutputsAreReadInTime() {
        let noise = String(repeating: "1,", count: 10_000) + String(repeating: "9", count: 10_000)
        let grade = NumberGrader(
            rules: [.boxed, .marker("####"), .lastNumber], convention: .english
        )
        .grade(noise + String(repeating: "\\boxed{", count: 2000), gold: "18")
        #expect(grade.correct == false)
    }
}
