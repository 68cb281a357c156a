import Testing

@testable import Grading

struct HarnessFiltersTests {
    struct Case {
        let output: String
        let gold: String
        let strict: (text: String?, correct: Bool)
        let flexible: (text: String?, correct: Bool)

        init(
            _ output: String, _ gold: String, strict: (String?, Bool), flexible: (String?, Bool)
        ) {
            (self.output, self.gold) = (output, gold)
            (self.strict, self.flexible) = (strict, flexible)
        }
    }

    // Computed with Python's `re` from the two patterns, the group selection and the normalisation of
    // the task's published configuration (lm_eval 0.4.13, gsm8k.yaml, version 3.0).
    @Test(arguments: [
        Case("#### 18", "18", strict: ("18", true), flexible: ("18", true)),
        Case("The answer is 18.", "18", strict: (nil, false), flexible: ("18.", true)),
        Case("#### 18.", "18", strict: ("18.", true), flexible: ("18.", true)),
        Case("#### 18.00", "18", strict: ("18.00", false), flexible: ("18.00", false)),
        Case("####18", "18", strict: (nil, false), flexible: ("18", true)),
        Case("#### $18", "18", strict: (nil, false), flexible: ("$18", true)),
        Case("#### -18", "18", strict: ("-18", false), flexible: ("-18", false)),
        Case("#### - 18", "18", strict: (nil, false), flexible: ("18", true)),
        Case("first #### 5 then #### 18", "18", strict: ("5", false), flexible: ("18", true)),
        Case("It is 18, or $18.", "18", strict: (nil, false), flexible: ("$18.", true)),
        Case("It costs $18", "18", strict: (nil, false), flexible: ("$18", true)),
        Case("1,018.", "1018", strict: (nil, false), flexible: ("1,018.", true)),
        Case("#### 1,018", "1018", strict: ("1,018", true), flexible: ("1,018", true)),
        Case("no digits", "18", strict: (nil, false), flexible: (nil, false)),
        Case("18 eggs and 3", "18", strict: (nil, false), flexible: ("3", false)),
        Case("-", "18", strict: (nil, false), flexible: (nil, false)),
        Case("$", "18", strict: (nil, false), flexible: (nil, false)),
        Case("$.", "18", strict: (nil, false), flexible: ("$.", false)),
        Case("a..b", "18", strict: (nil, false), flexible: ("..", false)),
        Case("Total: -18", "18", strict: (nil, false), flexible: ("-18", false)),
        Case("6-18", "18", strict: (nil, false), flexible: ("-18", false)),
        Case("\\boxed{18}", "18", strict: (nil, false), flexible: ("18", true)),
        Case("\\boxed{18} dollars.", "18", strict: (nil, false), flexible: ("18", true)),
        Case("18.50", "18", strict: (nil, false), flexible: ("18.50", false)),
        Case("### 18", "18", strict: (nil, false), flexible: ("18", true)),
        Case("#### \n18", "18", strict: (nil, false), flexible: ("18", true)),
        Case("#### .", "18", strict: (".", false), flexible: (nil, false)),
        Case("18 ..", "18", strict: (nil, false), flexible: ("..", false)),
        Case("#### 18 dollars, 5 cents", "18", strict: ("18", true), flexible: ("5", false)),
        Case("x=18;", "18", strict: (nil, false), flexible: ("18", true)),
        Case("$1,018.00", "1018", strict: (nil, false), flexible: ("$1,018.00", false)),
        Case("(18)", "18", strict: (nil, false), flexible: ("18", true)),
    ])
    func agreesWithTheHarness(test: Case) {
        let strict = HarnessFilters.strict(test.output, gold: test.gold)
        #expect(strict.extracted == test.strict.text, "\(test.output)")
        #expect(strict.correct == test.strict.correct, "\(test.output)")
        let flexible = HarnessFilters.flexible(test.output, gold: test.gold)
        #expect(flexible.extracted == test.flexible.text, "\(test.output)")
        #expect(flexible.correct == test.flexible.correct, "\(test.output)")
    }
}
