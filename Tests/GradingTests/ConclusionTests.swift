import Testing

@testable import Grading

/// Conclusions against discussions (docs/method.md, section 6): no conclusion is no answer.
struct ConclusionTests {
    private static let choices = [
        Choice(label: "A", text: "a dog"), Choice(label: "B", text: "a cat"),
        Choice(label: "C", text: "rocks"), Choice(label: "D", text: "water"),
    ]

    private func grade(_ output: String, _ choices: [Choice] = choices) -> Grade {
        let task = TaskDefinition(name: "t", format: .multipleChoice, files: [:])
        return task.grade(
            output, for: Question(id: "1", user: "", gold: "B", key: .choices(choices)))
    }

    @Test func discussionsWithoutAConclusionHaveNoAnswer() {
        for seed in 0..<1000 as Range<UInt64> {
            var discussions = Discussions(seed: seed)
            let text = discussions.withoutConclusion()
            let grade = grade(text, discussions.choices)
            #expect(grade.extracted == nil, "seed \(seed): \(grade)\n\(text)")
        }
    }

    /// The mark of an option that asks something is the option's; a mark of the answer's own is a doubt.
    @Test(arguments: [
        ("Answer: A. What is the mass of the liquid?", "A" as String?),
        ("The answer is B. Do plants grow in the dark?.", "B"),
        ("The answer is (C) #NAME?", "C"), ("Answer: C. #NAME?", "C"),
        ("Do plants grow in the dark? is the right one.", "B"),
        ("Is the answer A?", nil), ("Answer: D. rocks?", nil),
    ])
    func optionsThatAreQuestions(output: String, label: String?) {
        let choices = [
            Choice(label: "A", text: "What is the mass of the liquid?"),
            Choice(label: "B", text: "Do plants grow in the dark?"),
            Choice(label: "C", text: "#NAME?"), Choice(label: "D", text: "rocks"),
        ]
        #expect(grade(output, choices).extracted == label)
    }

    @Test func conclusionsAfterADiscussionAreRead() {
        for seed in 0..<800 as Range<UInt64> {
            var discussions = Discussions(seed: seed)
            let (text, label) = discussions.withConclusion()
            let grade = grade(text, discussions.choices)
            #expect(grade.extracted == label, "seed \(seed): \(grade)\n\(text)")
        }
    }

    @Test(arguments: [
        "Respuesta: C", "La respuesta correcta es C.", "La respuesta es la C.", "Elijo C.",
        "Por lo tanto, la opción correcta es C.", "C es la respuesta correcta.",
        "La respuesta no es A, sino C.",
        "La réponse est C", "La bonne réponse est C.", "Réponse : C", "Je choisis C.",
        "C est la bonne réponse.", "La réponse n'est pas A mais C.",
        "Die Antwort ist C", "Die richtige Antwort lautet C.", "Antwort: C", "Ich wähle C.",
        "C ist richtig.", "C ist die richtige Antwort.", "Die Antwort ist nicht A, sondern C.",
        "Ответ: C", "Правильный ответ: C", "Правильный ответ — C.", "Ответ C", "Ответ: С",
        "Я выбираю C.", "C — правильный ответ.", "Правильный ответ не A, а C.",
        "答案是 C", "答案：C", "正确答案是C。", "答案为C", "所以选C。", "因此，正确的选项是C。",
        "答案不是A，而是C。", "C是正确答案。", "我选择C",
        "答えはCです", "答え：C", "正解はCです。", "Cが正解です。", "答えはAではなくCです。",
        "したがって、答えは C です。", "正しい答えはCです",
        "คำตอบคือ C", "คำตอบที่ถูกต้องคือ C", "ดังนั้น คำตอบคือข้อ C", "ตอบ C", "คำตอบ: C",
        "Jibu ni C", "Jibu sahihi ni C.", "Jibu: C", "Nachagua C.", "C ndiyo jibu sahihi.",
        "উত্তর: C", "সঠিক উত্তর হল C", "উত্তর হলো C।", "সঠিক উত্তর C", "C সঠিক উত্তর।",
        "సమాధానం: C", "సరైన సమాధానం C", "జవాబు: C", "C సరైన సమాధానం.",
    ])
    func otherLanguagesConclude(output: String) {
        #expect(grade(output).extracted == "C")
        #expect(grade("A. dog?\nB. cat?\nC. rock?\nD. water?\n\n\(output)").extracted == "C")
    }

    @Test(arguments: [
        "La respuesta no es C.", "La respuesta podría ser C.", "La réponse n'est pas C.",
        "La réponse pourrait être C.", "Die Antwort ist nicht C.", "Die Antwort könnte C sein.",
        "Vielleicht ist die Antwort C.", "Ответ не C.", "Возможно, ответ C.", "答案不是C。", "答案可能是C。",
        "C不是正确答案。", "C是错误的。", "答えはCではありません。", "Cは正しくありません。", "คำตอบไม่ใช่ C", "คำตอบอาจจะเป็น C",
        "Jibu si C.", "Huenda jibu ni C.", "উত্তর C নয়।", "C সঠিক নয়।", "సమాధానం C కాదు.",
        "Die Antwort ist B oder C.", "答案是B或C。", "La respuesta es B o C.", "Ответ: B или C",
    ])
    func otherLanguagesDenyAndWeigh(output: String) {
        #expect(grade(output).extracted == nil)
    }

    @Test(arguments: [
        "not B", "B is incorrect.", "The answer is not B.", "It isn't B.", "B is wrong.",
        "B can't be the answer.", "I don't think the answer is B.", "I doubt the answer is B.",
        "The answer could be B.", "The answer is either A or B.", "Either A or B.", "A or B?",
        "It could be A or B.", "The answer is A or B.", "The answer is A and B.", "Answer: A, B",
        "Answer: A/B", "If it rains, the answer is B.", "The answer would be B if it rained.",
        "Is the answer B?", "The answer is B?", "Some people think the answer is B.",
        "B might be the correct answer.", "B is a possible answer.", "Neither A nor B is correct.",
        "A and B are correct.", "B is partially correct.", "It is a B movie.", "B vitamins help.",
        "The wrong answer is B.", "Another option is B.", "The answer is a bird.",
        "A is for apple.", "I think so.", "A lot of water.", "The options are A, B, C and D.",
        "The answer is in the text.", "Let's look at option B.",
        "(B) a cat is an animal that purrs", "The answer is B. No, the answer is not B.",
        "The incorrect option is B.", "One might choose B.", "I would not choose B.",
        "It's hard to say if B is the answer.", "What if the answer is B?", "Answer:", "Answer: E",
    ])
    func noConclusion(output: String) {
        #expect(grade(output).extracted == nil)
    }

    @Test(arguments: [
        "B is wrong so the answer is C.", "The answer isn't B, it's C.", "C is the answer, not B.",
        "The correct answer is C rather than B.", "B is wrong. C is correct.",
        "C is right, B is wrong.",
        "I first thought B. The answer is C.", "The answer is B. Wait, the answer is C.",
        "The answer must be C.", "The answer, then, is C.", "The answer to the question is: C",
        "Correct answer: C. rocks", "The answer is rocks.", "The answer is the rocks.",
        "Answer: Rocks",
        "Rocks is the correct answer.", "So, the correct answer is (c).", "=> C", "Answer -> C",
        "Answer is C", "answer: C", "Ans: C", "The letter of the correct answer is C.",
        "I'd say C.", "We choose option C.", "Let's go with C.", "C it is.",
        "This leaves us with C.",
        "It has to be C.", "C fits best.", "C makes the most sense.", "C best describes it.",
        "My final answer is C!", "The right one is C.", "The answer is [C].", "The answer is {C}",
        "The answer is \\(C\\).", "The answer is <b>C</b>.", "<answer>C</answer>", "Ｃ",
        "The answer is Ｃ.", "(c)", "c) rocks", "c. rocks", "Option C", "C) rocks", "C: rocks",
        "rocks",
        "The answer is c.", "answer: c", "C, because A and B are wrong.", "<C>",
        "The answer is <C>.", "Ⓒ",
        "The answer is 𝐂.", "The answer's C.", "Response: C", "Choose C.", "Option: C",
        "Both A and C are plausible, but C is the better answer.", "\\boxed{Answer: C}",
        "\\boxed{C. rocks}", "\\boxed{\\text{the answer is C}}",
    ])
    func conclusion(output: String) {
        #expect(grade(output).extracted == "C")
    }
}
