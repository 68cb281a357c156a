import Testing

@testable import Grading

/// Sentences that state, deny or doubt an option, whatever words stand between.
struct StatementsTests {
    private static let texts = ["gravity", "friction", "magnetism", "electric current"]

    private func label(of output: String) -> String? {
        let choices = zip("ABCD", Self.texts).map { Choice(label: String($0), text: $1) }
        let task = TaskDefinition(name: "t", format: .multipleChoice, files: [:])
        return task.grade(
            output, for: Question(id: "1", user: "", gold: "B", key: .choices(choices))
        ).extracted
    }

    @Test(arguments: [
        // Options are spoken of on the way.
        "The best answer among the given options is {L}.",
        "The correct answer from the options provided is: {L}",
        "The best answer, given the options, is {L}.",
        "The most appropriate answer of these choices is {L}.",
        "The answer that best fits the options is {L}.",
        // What is denied is something else.
        "There is no doubt that the answer is {L}.", "No doubt the answer is {L}.",
        "There is no question that the answer is {L}.",
        "It is not surprising that the answer is {L}.",
        "The answer is without a doubt {L}.", "The answer is, without any doubt, {L}.",
        "The answer is none other than {L}.", "The answer is not {M} or {N}, but {L}.",
        "The answer is neither {M} nor {N}, but {L}.", "It is neither {M} nor {N}, but {L}.",
        "The answer is unlikely to be {M}, so it is {L}.",
        "The answer is unlikely to be {M} but {L}.", "The answer is not {M}, so it is {L}.",
        // What makes it one.
        "This makes {L} the correct answer.", "The others are wrong, making {L} correct.",
        "This makes option {L} the best choice.",
        // Any noun with a good word.
        "The correct statement is {L}.", "The best location is ({L}).", "The right word is {L}",
        "The most suitable method is {L}.", "The correct sentence is: {L}",
        // Words of other languages in English sentences.
        "Since the ball falls slowly, the correct answer is {L}.",
        "Because the plants die, the answer is {L}.", "One plus one is two, so the answer is {L}.",
        "The Si atoms are large, so the answer is {L}.", "His car falls, so {L} is correct.",
        // A letter first, then the others.
        "{L}\n\nThe others: {M} is wrong, {N} is wrong.", "The answer is {L}, which is right.",
    ])
    func states(form: String) {
        for (label, other, third) in [("A", "B", "C"), ("B", "D", "A"), ("D", "A", "B")] {
            let output = form.replacing("{L}", with: label).replacing("{M}", with: other)
                .replacing("{N}", with: third)
            #expect(self.label(of: output) == label, "\(output)")
        }
    }

    @Test(arguments: [
        "The answer is unlikely to be {L}.", "The correct answer is very unlikely to be {L}.",
        "The answer is less likely to be {L}.", "The answer is wrongly said to be {L}.",
        "The answer appears false to be {L}", "The answer is mistakenly said to be {L}.",
        "It is doubtful that the answer is {L}.", "It is not true that the answer is {L}.",
        "There is no evidence that the answer is {L}.", "There is no way the answer is {L}.",
        "The answer is anything but {L}.", "The answer is other than {L}.",
        "This does not make {L} correct.", "This makes {L} incorrect.",
        "This might make {L} the correct answer.", "This makes {L} a possible answer.",
        "The correct statement is not {L}.", "The wrong term is {L}.",
        "The most common vitamin is {L}.", "The correct term could be {L}.",
        "We should avoid choosing {L}.", "I disagree that the answer is {L}.",
        "The answer is {L}, which is wrong.", "Answer: {L}; {M}", "{L} or possibly {M}",
        "The answer options are {L} and {M}.", "The answer is in the options: {L}, {M}.",
        "To find the answer, look at the options: {L}", "The answer is neither {L} nor {M}.",
    ])
    func deniesOrDoubts(form: String) {
        for (label, other) in [("A", "B"), ("B", "D"), ("D", "A")] {
            let output = form.replacing("{L}", with: label).replacing("{M}", with: other)
            #expect(self.label(of: output) == nil, "\(output)")
        }
    }

    /// An article before a word that is a "because" in another language is an article.
    @Test(arguments: ["car", "son", "den", "die", "plus", "final", "la carte"])
    func articlesAreNoLabels(word: String) {
        for form in ["The answer is a \(word).", "It is a \(word).", "Answer: a \(word)"] {
            #expect(label(of: form) == nil, "\(form)")
        }
    }

    /// Words that English has, too, keep what they mean where another word of their language stands.
    @Test(arguments: [
        ("La réponse est B car la force est grande.", "B" as String?),
        ("Falls es regnet, ist die Antwort B.", nil), ("Die Antwort ist B oder C.", nil),
        ("Si llueve, la respuesta es B.", nil),
    ])
    func otherLanguagesKeepTheirWords(output: String, expected: String?) {
        #expect(label(of: output) == expected)
    }

    @Test(arguments: [
        ("B\n\nA. Gravity is wrong.\nC. Magnetism is wrong.\nD. No.", "B" as String?),
        ("**B. friction**\n\n**Explanation:**\n- A. gravity: wrong\n- C. magnetism: wrong", "B"),
        ("B) friction\n\nA) Gravity pulls.\nB) Friction slows.\nC) Magnetism attracts.", "B"),
        ("B\n\nC. Magnetism is wrong.", "B"), ("B. friction\nC. magnetism", nil),
        ("A. gravity\nB. friction\nC. magnetism", nil), ("B\nD", nil),
        ("B. friction\nD. electric current", nil), ("A. gravity: no\nC. magnetism: no", nil),
        ("B. friction\nC. magnetism attracts\nD. electric current flows", nil),
    ])
    func firstLines(output: String, expected: String?) {
        #expect(label(of: output) == expected)
    }

    /// What is said of an option's text in a sentence of its own leaves the letter stated, unless it
    /// denies it.
    @Test(arguments: [
        ("The answer is B. Friction is less strong than gravity.", "B" as String?),
        ("The answer is B. Friction is not the only force.", "B"),
        ("Answer: B. Friction could be described as rubbing.", "B"),
        ("So it is B. Friction slows things.", "B"), ("The answer is B: friction is a force.", "B"),
        ("Answer: B. Friction is incorrect.", nil),
        ("The answer is B. Friction is not the answer.", nil),
        ("The answer is B if friction acts.", nil), ("(B) friction is a force that slows", nil),
    ])
    func sentencesOfTheText(output: String, expected: String?) {
        #expect(label(of: output) == expected)
    }
}
