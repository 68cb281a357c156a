/// One row of a benchmark, ready to ask.
package struct Question: Equatable, Sendable {
    /// The data set's own id, else the row number from 0 as text.
    package let id: String
    /// The user turn, without a chat template.
    package let user: String
    /// The normalised gold answer: a number, a LaTeX answer, a choice's label or a reference text.
    package let gold: String
    /// The data set's worked solution, where it has one; a router's labels may follow it.
    package let solution: String?
    /// What a grader must know beyond `gold`.
    package let key: AnswerKey

    package init(
        id: String, user: String, gold: String, solution: String? = nil, key: AnswerKey = .open
    ) {
        self.id = id
        self.user = user
        self.gold = gold
        self.solution = solution
        self.key = key
    }
}

/// What a grader must know of a question beyond its gold answer.
package enum AnswerKey: Equatable, Sendable {
    /// A free answer, compared with `gold` alone.
    case open
    /// The options listed in the prompt; `gold` is the label of one of them.
    case choices([Choice])
    /// All reference texts, of which `gold` is the first; the best match counts.
    case references([String])
}

/// One option of a multiple-choice question.
package struct Choice: Equatable, Sendable {
    /// The letter (or number) that names the option in the prompt, such as `B`.
    package let label: String
    package let text: String

    package init(label: String, text: String) {
        self.label = label
        self.text = text
    }
}
