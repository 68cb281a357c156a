import Testing

@testable import Grading

/// What stands beside digits: spaces, points of abbreviations, letters that multiply.
struct NumberReadingsTests {
    private func isRight(
        _ output: String, _ gold: String, _ convention: NumberConvention = .english
    ) -> Bool {
        NumberGrader(rules: [.boxed, .marker("####"), .lastNumber], convention: convention)
            .grade(output, gold: gold).correct == true
    }

    @Test(arguments: [#"\ "#, #"\,"#, #"\;"#, "~"])
    func spacesGroupByThreesAlone(space: String) {
        #expect(isRight("\\boxed{1\(space)200}", "1200"))
        #expect(isRight("\\boxed{1\(space)234\(space)567}", "1234567"))
        #expect(isRight("\\boxed{2\(space)1/2}", "2.5"))
        #expect(isRight("It takes $3\(space)1/2$ hours.", "3.5"))
        #expect(!isRight("\\boxed{2\(space)5}", "25"))
        #expect(!isRight("\\boxed{1\(space)2000}", "12000"))
        #expect(!isRight("\\boxed{1,\(space)200}", "1200"))
        #expect(!isRight("\\boxed{2,\(space)5}", "2.5", .continental))
        #expect(!isRight("The roots are $1\(space)2$", "12"))
    }

    @Test func negativeSpacesJoinAlways() {
        #expect(isRight(#"\boxed{1,\!200}"#, "1200"))
        #expect(isRight(#"\boxed{2\!5}"#, "25"))
        #expect(isRight(#"\boxed{2,\!5}"#, "2.5", .continental))
        #expect(isRight(#"\boxed{1\,00\,000}"#, "100000"))
        #expect(isRight(#"\boxed{3.141\,59}"#, "3.14159"))
    }

    @Test(arguments: ["Rs.", "approx.", "Nr.", "INR.", "руб.", "ca."])
    func pointsOfAbbreviationsAreNoDecimals(word: String) {
        for output in [
            "It costs \(word)500", "\\boxed{\(word)500}", "#### \(word)500", "\(word)500.",
        ] {
            #expect(isRight(output, "500"), "\(output)")
            #expect(!isRight(output, "0.5"), "\(output)")
        }
        #expect(isRight("It costs \(word)1,500.50", "1500.5"))
        #expect(isRight("It costs \(word)0.5", "0.5"))
    }

    @Test(arguments: ["It is .5", "$.5", "(.5)", "x=.5", #"\boxed{.5}"#, "答案是.5"])
    func leadingPointsAreDecimals(output: String) {
        #expect(isRight(output, "0.5"))
    }

    @Test(arguments: [
        (#"\boxed{40000 + 7L}"#, "40007"), (#"\boxed{20+5h}"#, "25"),
        (#"\boxed{120 - 20d}"#, "100"),
        ("It costs 20 + 5d dollars", "25"), ("The total is 20 + 5h", "25"),
        (#"\boxed{(20+5m)}"#, "25"), ("It is at 7:30.", "30"), ("The ratio is 3:2", "2"),
        ("It is 18%-20%", "20"), (#"\boxed{\$2K}"#, "2"), ("He earns $2M.", "2"),
    ])
    func partsAreNotTheWhole(output: String, part: String) {
        #expect(!isRight(output, part))
    }

    @Test(arguments: [
        (#"\boxed{20+5 \text{ h}}"#, "25"), (#"\boxed{5h}"#, "5"), ("20 + 5 dollars", "25"),
        (#"\boxed{20+5 = 25h}"#, "25"), (#"\boxed{20+5cm}"#, "25"), ("It is 12L", "12"),
        ("Total:30", "30"), ("At 7:00 it was 30", "30"), (#"\boxed{\$2K}"#, "2000"),
        ("He earns $2M.", "2000000"), ("It is $2 more", "2"), (#"\boxed{2K}"#, "2"),
    ])
    func unitsLeaveTheirNumbers(output: String, gold: String) {
        #expect(isRight(output, gold))
    }
}
