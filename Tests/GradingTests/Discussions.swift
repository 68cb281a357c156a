import Hashing

@testable import Grading

/// Makes answers as models write them to multiple-choice questions: discussions of the options, with and
/// without a conclusion at their end.
struct Discussions {
    private var random: SplitMix64
    let choices: [Choice]

    /// Options like those of MMLU, ARC and CommonsenseQA.
    static let optionTexts = [
        ["bank", "library", "department store", "mall", "new york"],
        ["photosynthesis", "respiration", "digestion", "fermentation"],
        ["It will increase.", "It will decrease.", "It will stay the same.", "It will double."],
        ["a dog", "a cat", "rocks", "water"],
        ["2 m/s", "4 m/s", "8 m/s", "16 m/s"],
        ["the hippocampus", "the amygdala", "the cerebellum", "the frontal lobe"],
        ["classical conditioning", "operant conditioning", "modeling", "habituation"],
        ["ignore", "enforce", "authoritarian", "yell at", "avoid"],
        ["I only", "II only", "I and II", "neither I nor II"],
        ["A cold front moves in.", "A warm front moves in.", "The air dries.", "Rain evaporates."],
    ]

    init(seed: UInt64) {
        random = SplitMix64(seed: seed)
        let texts = Self.optionTexts[Int(random.next() % UInt64(Self.optionTexts.count))]
        choices = zip("ABCDE", texts).map { Choice(label: String($0), text: $1) }
    }

    private mutating func pick<Element>(_ elements: [Element]) -> Element {
        elements[Int(random.next() % UInt64(elements.count))]
    }

    private mutating func isChosen(_ percent: UInt64) -> Bool { random.next() % 100 < percent }

    // MARK: Discussions

    /// A text that weighs options and concludes none; sometimes it breaks off.
    mutating func withoutConclusion() -> String {
        var text = pick(Self.openings) + "\n\n"
        let style = pick(Array(0..<6))
        for (index, choice) in choices.enumerated() {
            text += discussion(of: choice, number: index, style: style)
        }
        text += pick(Self.inconclusive + [""])
        text = filled(text)
        if isChosen(40) {
            text = String(
                text.prefix(text.count / 3 + Int(random.next() % UInt64(text.count * 2 / 3))))
        }
        return text
    }

    /// A discussion that ends in a conclusion, and the label concluded.
    mutating func withConclusion() -> (text: String, label: String) {
        var text = isChosen(80) ? pick(Self.openings) + "\n\n" : ""
        let style = pick(Array(0..<6))
        for (index, choice) in choices.enumerated() {
            text += discussion(of: choice, number: index, style: style)
        }
        if isChosen(30) { text += pick(Self.inconclusive) }
        text = filled(text)
        let choice = pick(choices)
        let others = choices.filter { $0 != choice }
        let statement = pick(Self.conclusions)
            .replacing("{L}", with: decorated(choice.label))
            .replacing("{T}", with: choice.text.trimmingEnd(of: "."))
            .replacing("{M}", with: pick(others).label)
        text += "\n" + pick(["", "\n"]) + statement
        if isChosen(25) { text += pick(Self.epilogues) }
        return (text, choice.label)
    }

    private mutating func decorated(_ label: String) -> String {
        pick([
            label, label, label, "(\(label))", "**\(label)**", "$\(label)$", "`\(label)`",
            "\"\(label)\"",
        ])
    }

    private mutating func discussion(of choice: Choice, number: Int, style: Int) -> String {
        let head =
            switch style {
            case 0: "\(choice.label). \(choice.text): "
            case 1: "\(choice.label)) \(choice.text) - "
            case 2: "**Option \(choice.label): \(choice.text)** - "
            case 3: "(\(choice.label)) \(choice.text)\n   - "
            case 4: "\(number + 1). **\(choice.label). \(choice.text)**: "
            default: "- Option \(choice.label) (\(choice.text)): "
            }
        var text = head + pick(Self.remarks)
        if isChosen(40) { text += " " + pick(Self.remarks) }
        return text.replacing("{L}", with: choice.label)
            .replacing("{T}", with: choice.text.trimmingEnd(of: ".")) + pick(["\n", "\n\n"])
    }

    /// Fills what names no particular option with any two.
    private mutating func filled(_ text: String) -> String {
        let (one, two) = (pick(choices), pick(choices))
        return text.replacing("{X}", with: one.label).replacing("{Y}", with: two.label)
            .replacing("{Z}", with: one.text.trimmingEnd(of: "."))
    }

    // MARK: Sentences

    private static let openings = [
        "To determine the answer, let's analyze each option:",
        "Let us look at the options.", "Let's consider each of the answer choices:",
        "To answer this question, we need to understand what each option means.",
        "We need to find the best answer. Here are the options:",
        "To find the correct answer, we go through the choices one by one:",
        "The correct answer should fit the question. Let's evaluate each choice:",
        "The question asks which option is the right answer:",
        "I will think step by step about which answer is correct.",
        "Possible answers are:", "Answer choices:",
        "Let's break down the options to see which is correct:",
    ]

    private static let remarks = [
        "possible.", "unlikely.", "this is a place that people visit.", "This could be correct.",
        "This might be the answer.", "A common choice, but it depends.", "It is not clear.",
        "This option describes something else.", "Option {L} is a possible answer.",
        "{T} may be related to the question.", "One could argue for {L}.",
        "If the question is about time, {L} would be the answer.",
        "Some people would choose {L}.", "This is a type of process that happens in nature.",
        "It is related, but not always.", "I am not sure about this one.",
        "A person might think the answer is {L}.", "Is the answer {L}?",
        "It would be wrong to say that the answer is {L} without more evidence.",
        "We can't say that {L} is the answer yet.", "{L} is also a reasonable option.",
        "Perhaps {L}.", "It is known that this happens often.", "Choice {L} is a strong candidate.",
        "Let's check whether {L} is correct.", "{L} is partially correct.",
        "This is the most common one in practice.", "In some cases, this is true.",
    ]

    private static let inconclusive = [
        "\nIt could be {X} or {Y}.", "\nI am torn between {X} and {Y}.",
        "\nThe answer might be {X}.", "\nMore information is needed to choose between the options.",
        "\nThe answer depends on the context.", "\nI am not sure whether the answer is {X} or {Y}.",
        "\nThe answer could be {X}, but it could also be {Y}.", "\nAll options are plausible.",
        "\nIf we knew more, {X} would be the best answer.", "\nThe answer is not obvious.",
        "\nSo it is hard to say which option is correct.", "\nTherefore, we need more information.",
        "\nMaybe the answer is {X}.", "\nOne option is {X}, and another option is {Y}.",
        "\nA possible answer is {X}.", "\nThe first option is {X}.",
        "\nStudents often choose {X}.", "\nThe wrong answer is {X}.", "\nThe answer is not {X}.",
        "\nIs the correct answer {X}?", "\nEither {X} or {Y} is correct.",
    ]

    private static let conclusions = [
        "Therefore, the correct answer is {L}.", "The answer is {L}.", "So the answer is {L}",
        "Answer: {L}", "Final answer: {L}", "**Answer:** {L}", "The correct option is {L}.",
        "The best answer is {L}: {T}.", "Thus, the correct answer is {L}. {T}.",
        "Hence, option {L} is correct.", "I choose {L}.", "I would go with {L}.",
        "So I'd pick option {L}.", "My answer is {L}.", "{L} is the correct answer.",
        "Option {L} is the best choice.", "The answer is {L} and not {M}.",
        "The answer is not {M} but {L}.", "It's not {M}, so it must be {L}.",
        "Based on the above, the most likely answer is {L}.", "Therefore, {L}.", "So it's {L}.",
        "The answer is {T}.", "The correct answer is therefore {T}.", "\\boxed{{L}}",
        "The answer is $\\boxed{\\text{{L}}}$.", "Answer:\n{L}", "That leaves {L}.",
        "Only {L} is correct.", "We can conclude that the answer is {L}.",
        "I think the answer is {L} because it fits.",
        "The right choice would be {L}, since {M} is wrong.",
        "In conclusion, {L} is the most appropriate answer.", "ANSWER: {L}",
        "Thus, among the options, {L} is the best answer.", "Without a doubt, the answer is {L}.",
        "Given all this, option {L} would be the correct answer.",
        "{M} is wrong, and {L} is the right answer.",
        "I'm confident that the correct answer is {L}.",
        "Considering everything, I believe {L} is the correct answer.",
        "The option that best answers the question is {L}.", "So the correct choice here is {L}.",
    ]

    private static let epilogues = [
        " {T}", "\nI hope this helps!", "\nThe other options do not fit.",
        "\nLet me know if you have questions.", "\nThis is a matter of definition.",
    ].map { $0.replacing(" {T}", with: "") }
}

extension String {
    func trimmingEnd(of suffix: String) -> String {
        hasSuffix(suffix) ? String(dropLast(suffix.count)) : self
    }
}
