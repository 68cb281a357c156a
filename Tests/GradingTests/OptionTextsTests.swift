import Testing

@testable import Grading

/// Options of every kind, named by their letters and by their texts.
struct OptionTextsTests {
    /// Texts that end in signs, in units that look like labels, in words that look like a cut text, or that
    /// differ in their letters' case alone.
    private static let kinds =
        Discussions.optionTexts + [
            ["0%", "25%", "50%", "100%"], ["30°", "45°", "60°", "90°"],
            ["15°C", "21°C", "27°C", "33°C"], ["f(x)", "g(y)", "NaCl (salt)", "none (zero)"],
            ["3", "4", "2", "1"], ["$5", "$10", "$15", "$20"], ["R", "rr", "Rr", "RR"],
            ["get up early", "be hurt", "get fat", "get tired of"], ["die", "live", "car", "son"],
            ["the type of hair their parents have", "what they eat", "where they are from", "age"],
        ]

    private func grade(_ output: String, _ texts: [String]) -> Grade {
        let choices = zip("ABCDE", texts).map { Choice(label: String($0), text: $1) }
        let task = TaskDefinition(name: "t", format: .multipleChoice, files: [:])
        return task.grade(
            output, for: Question(id: "1", user: "", gold: "B", key: .choices(choices)))
    }

    @Test(arguments: [
        "{L}. {T}", "({L}) {T}", "**{L}. {T}**", "The correct answer is:\n\n{L}. {T}",
        "Answer: {L}. {T}", "The answer is ({L}) {T}.", #"\boxed{\text{({L}) {T}}}"#,
        #"\boxed{{L}. {T}}"#, "The correct answer is {L}. {T} is a thing with many sides.",
        "So option {L}, {T}, is the correct answer.",
        "The answer is {L}. {T} is not alone in this.",
        "{L}. {T}\n\nThe others are wrong.", #"\boxed{\text{{T}}}"#, "{T}",
    ])
    func everyKindOfOptionIsRead(form: String) {
        for texts in Self.kinds {
            for (label, text) in zip("ABCDE", texts) {
                let latex = text.replacing("%", with: #"\%"#).replacing("°", with: #"^\circ "#)
                let written = form.contains("boxed") ? latex : text.trimmingEnd(of: ".")
                let output = form.replacing("{L}", with: String(label))
                    .replacing("{T}", with: written)
                let grade = grade(output, texts)
                #expect(grade.extracted == String(label), "\(output) of \(texts): \(grade)")
            }
        }
    }

    /// The letter of a unit names no option.
    @Test(arguments: [
        "20°C is right.", "The temperature is 5°C.", "Answer: 5° C", "5C is correct.",
        #"\boxed{20^\circ C}"#, "It's 5°C.",
    ])
    func unitsAreNoLabels(output: String) {
        let texts = ["15°C", "21°C", "27°C", "33°C"]
        #expect(grade(output, texts).extracted.map { "ABCD".contains($0) } != true)
    }

    @Test func numbersOfACalculationAreNoAnswer() {
        let numbers = ["3", "4", "2", "1"]
        #expect(grade("So the answer is 1+2 = 3.", numbers).extracted == "A")
        #expect(grade("The answer is 4 - 1 = 3.", numbers).extracted == "A")
        #expect(grade("The answer is 2 × 2 = 4", numbers).extracted == "B")
        #expect(
            grade("The answer is $5 + $5 = $10.", ["$5", "$10", "$15", "$20"]).extracted == "B")
        for unfinished in ["1 + 2", "2x + 1", "1/2", "4 - 1", "3^2"] {
            #expect(grade("The answer is \(unfinished).", numbers).extracted == nil)
        }
    }

    @Test func sameTextsAreToldApartByTheirLetters() {
        let texts = ["bar", "pub", "soft", "bar"]
        #expect(grade("D. bar", texts).extracted == "D")
        #expect(grade(#"\boxed{\text{(A) bar}}"#, texts).extracted == "A")
        #expect(grade("The answer is bar.", texts).extracted == nil)
        #expect(grade(#"\boxed{rR}"#, ["R", "rr", "Rr", "RR"]).correct == false)
    }

    /// A text that stops in the middle of a sentence is cut still, unless an option ends so.
    @Test func openEndsAreCut() {
        let texts = ["get up early", "be hurt", "get fat", "get tired of"]
        #expect(grade("D. get tired of", texts).extracted == "D")
        #expect(grade("D. get tired of the", texts).extracted == nil)
        #expect(CutText.isVisible("B. forget tired of", choices: []))
        #expect(
            CutText.isVisible("D. forget of", choices: [Choice(label: "A", text: "get of")]))
    }

    @Test(arguments: [
        (#"\boxed{\text{(B) the force of rubbing}}"#, "B" as String?),
        (#"\boxed{\text{friction (B)}}"#, "B"), (#"\boxed{\text{rubbing (B)}}"#, "B"),
        (#"\boxed{\text{gravity (B)}}"#, nil), (#"\boxed{\text{not (B)}}"#, nil),
        (#"\boxed{\text{(B) magnetism}}"#, nil), (#"\boxed{\text{maybe (B)}}"#, nil),
        (#"\boxed{\text{(B) is wrong}}"#, nil), (#"\boxed{(B)(C)}"#, nil),
    ])
    func bracketsDecideABox(output: String, label: String?) {
        let grade = grade(output, ["gravity", "friction", "magnetism", "light"])
        #expect((grade.correct == true) == (label == "B"), "\(grade)")
    }
}
