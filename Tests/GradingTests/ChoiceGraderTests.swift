import Testing

@testable import Grading

struct ChoiceGraderTests {
    /// An output over the options below, the label found and the rule that must fire.
    struct Case: CustomTestStringConvertible {
        let output: String
        let label: String?
        let rule: String

        init(_ output: String, _ label: String?, _ rule: String) {
            (self.output, self.label, self.rule) = (output, label, rule)
        }

        var testDescription: String { output }
    }

    private static let choices = [
        Choice(label: "A", text: "a river bank"), Choice(label: "B", text: "bridge"),
        Choice(label: "C", text: "10 m"), Choice(label: "D", text: "None of the above"),
    ]

    private func check(_ test: Case) {
        let rules: [ExtractionRule] = [.boxed, .statedLetter, .lastLetter]
        let grader = ChoiceGrader(rules: rules, choices: Self.choices)
        let grade = grader.grade(test.output, gold: test.label ?? "B")
        #expect(grade.extracted == test.label)
        #expect(grade.rule == test.rule)
        #expect(grade.correct == (test.label != nil))
        let other = grader.grade(test.output, gold: test.label == "A" ? "B" : "A")
        #expect(other.correct == false)
    }

    @Test(arguments: [
        Case(#"\boxed{B}"#, "B", "boxed"),
        Case(#"\boxed{b}"#, "B", "boxed"),
        Case(#"\boxed{(B)}"#, "B", "boxed"),
        Case(#"\boxed{[B]}"#, "B", "boxed"),
        Case(#"\boxed{B.}"#, "B", "boxed"),
        Case(#"\boxed{B)}"#, "B", "boxed"),
        Case(#"\boxed{ B }"#, "B", "boxed"),
        Case(#"\boxed{\text{B}}"#, "B", "boxed"),
        Case(#"\boxed{\text{(B)}}"#, "B", "boxed"),
        Case(#"\boxed{\textbf{B}}"#, "B", "boxed"),
        Case(#"\boxed{\mathrm{B}}"#, "B", "boxed"),
        Case(#"\boxed{**B**}"#, "B", "boxed"),
        Case(#"\boxed{$B$}"#, "B", "boxed"),
        Case(#"\boxed{B. bridge}"#, "B", "boxed"),
        Case(#"\boxed{B: bridge}"#, "B", "boxed"),
        Case(#"\boxed{(B) bridge}"#, "B", "boxed"),
        Case(#"\boxed{\text{B. bridge}}"#, "B", "boxed"),
        Case(#"\boxed{B bridge}"#, "B", "boxed"),
        Case(#"\boxed{B \text{ (bridge)}}"#, "B", "boxed"),
        Case(#"\boxed{Option B}"#, "B", "boxed"),
        Case(#"\boxed{option b}"#, "B", "boxed"),
        Case(#"\boxed{\text{Choice B}}"#, "B", "boxed"),
        Case(#"\boxed{Answer B}"#, "B", "boxed"),
        Case(#"\boxed{A}"#, "A", "boxed"),
        Case(#"\boxed{A. a river bank}"#, "A", "boxed"),
        Case(#"\boxed{bridge}"#, "B", "option-text"),
        Case(#"\boxed{Bridge}"#, "B", "option-text"),
        Case(#"\boxed{\text{bridge}}"#, "B", "option-text"),
        Case(#"\boxed{\text{Bridge.}}"#, "B", "option-text"),
        Case(#"\boxed{a river bank}"#, "A", "option-text"),
        Case(#"\boxed{A river bank}"#, "A", "boxed"),
        Case(#"\boxed{10 m}"#, "C", "option-text"),
        Case(#"\boxed{10\text{ m}}"#, "C", "option-text"),
        Case(#"\boxed{none of the above}"#, "D", "option-text"),
        Case(#"I first thought \boxed{A}, but it is \boxed{D}."#, "D", "boxed"),
        Case(#"\boxed{B}. The answer is (C)."#, "B", "boxed"),
    ])
    func boxedLetter(test: Case) { check(test) }

    @Test(arguments: [
        #"\boxed{A, C}"#, #"\boxed{A and B}"#, #"\boxed{(A) or (B)}"#, #"\boxed{E}"#,
        #"\boxed{42}"#,
        #"\boxed{river}"#, #"\boxed{A tunnel}"#, #"\boxed{AB}"#, #"\boxed{neither A nor B}"#,
        #"\boxed{letter}"#, #"The answer is (B). \boxed{x}"#,
    ])
    func unreadableBoxIsWrong(output: String) {
        let rules: [ExtractionRule] = [.boxed, .statedLetter, .lastLetter]
        for gold in ["A", "B", "C", "D"] {
            let grade = ChoiceGrader(rules: rules, choices: Self.choices).grade(output, gold: gold)
            #expect(grade.rule == "boxed")
            #expect(grade.correct == false)
        }
    }

    @Test(arguments: [
        Case("The answer is B.", "B", "stated-letter"),
        Case("The answer is (B).", "B", "stated-letter"),
        Case("the answer is (b)", "B", "stated-letter"),
        Case("The answer is: B", "B", "stated-letter"),
        Case("The answer is **B**.", "B", "stated-letter"),
        Case("The answer is B) bridge", "B", "stated-letter"),
        Case("The answer is B: bridge", "B", "stated-letter"),
        Case("The answer is B bridge.", "B", "stated-letter"),
        Case("The answer is A a river bank.", "A", "stated-letter"),
        Case("The answer is option B.", "B", "stated-letter"),
        Case("The correct answer is option (B)", "B", "stated-letter"),
        Case("The correct answer to this question is B.", "B", "stated-letter"),
        Case("The correct option is B.", "B", "stated-letter"),
        Case("The best choice would be B.", "B", "stated-letter"),
        Case("The answer must be B, since it spans.", "B", "stated-letter"),
        Case("The answer is B because it spans.", "B", "stated-letter"),
        Case("Answer: B", "B", "stated-letter"),
        Case("**Answer:** B", "B", "stated-letter"),
        Case("**Answer: (B)**", "B", "stated-letter"),
        Case("Final answer: B. bridge", "B", "stated-letter"),
        Case("ANSWER: B", "B", "stated-letter"),
        Case("Answer:\nB", "B", "stated-letter"),
        Case("The answer is A. No, the answer is B.", "B", "stated-letter"),
        Case("The answer is B. Option A is wrong, as is (C).", "B", "stated-letter"),
        Case("The answer is not (A) but (B).", "B", "stated-letter"),
        Case("The answer is A dog.", nil, "none"),
        Case("The answer is a dog.", nil, "none"),
        Case("The answer is E.", nil, "none"),
        Case("The answer is Bridge.", "B", "option-text"),
        Case("The answer is unknown.", nil, "none"),
    ])
    func statedLetter(test: Case) { check(test) }

    @Test(arguments: [
        Case("I would go with (B)", "B", "stated-letter"),
        Case("Not (A), rather (B).", "B", "stated-letter"),
        Case("Option B spans the water.", nil, "none"),
        Case("So I pick option B", "B", "stated-letter"),
        Case("B", "B", "last-letter"),
        Case("B.", "B", "last-letter"),
        Case("B)", "B", "last-letter"),
        Case("B. bridge", "B", "last-letter"),
        Case("It spans.\nB", "B", "last-letter"),
        Case("It spans.\n\n**B**", "B", "last-letter"),
        Case("It spans.\n- B. bridge", "B", "last-letter"),
        Case("A. wet\nB. dry\nC. long", nil, "none"),
        Case("A dog barks.", nil, "none"),
        Case("It was a B movie.", nil, "none"),
        Case("A", "A", "last-letter"),
        Case("(f) is a function of (x)", nil, "none"),
        Case("ABCD", nil, "none"),
        Case("", nil, "none"),
        Case("(", nil, "none"),
        Case("(B", nil, "none"),
        Case("answer is", nil, "none"),
        Case("The answer is (", nil, "none"),
        Case("Option ", nil, "none"),
    ])
    func lastLetter(test: Case) { check(test) }

    @Test func otherLabelsWork() {
        let choices = ["1", "2", "3"].map { Choice(label: $0, text: "option text \($0)") }
        let grader = ChoiceGrader(rules: [.boxed, .statedLetter, .lastLetter], choices: choices)
        #expect(grader.grade("\\boxed{2}", gold: "2").correct == true)
        #expect(grader.grade("The answer is (3)", gold: "3").correct == true)
    }
}
