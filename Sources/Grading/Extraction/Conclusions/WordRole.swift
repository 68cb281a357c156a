/// What a word can do in a sentence that states, denies or weighs an answer.
struct WordRole: OptionSet, Sendable {
    let rawValue: UInt32

    /// "answer": what a conclusion is about.
    static let subject = WordRole(rawValue: 1 << 0)
    /// "option": names an option ("option B"), and is a subject with a good word ("the best option is").
    static let optionWord = WordRole(rawValue: 1 << 1)
    /// A subject that needs no verb before the letter, as in `Ответ C`.
    static let direct = WordRole(rawValue: 1 << 2)
    /// "options", "choices": a list follows, no conclusion.
    static let list = WordRole(rawValue: 1 << 3)
    /// "correct", "final", "my".
    static let good = WordRole(rawValue: 1 << 4)
    /// "best", "most", "only".
    static let superlative = WordRole(rawValue: 1 << 5)
    /// "wrong", "unlikely".
    static let bad = WordRole(rawValue: 1 << 6)
    /// "another", "first", "possible": an answer among several.
    static let indefinite = WordRole(rawValue: 1 << 7)
    static let copula = WordRole(rawValue: 1 << 8)
    /// "would", "must": a conclusion still.
    static let modal = WordRole(rawValue: 1 << 9)
    /// "might", "maybe": no conclusion.
    static let hedge = WordRole(rawValue: 1 << 10)
    static let negation = WordRole(rawValue: 1 << 11)
    /// A negation that follows what it denies, as ではない does.
    static let negationAfter = WordRole(rawValue: 1 << 12)
    /// "either", "both": several letters follow.
    static let several = WordRole(rawValue: 1 << 13)
    static let conditional = WordRole(rawValue: 1 << 14)
    /// "choose", "go with".
    static let chooser = WordRole(rawValue: 1 << 15)
    static let firstPerson = WordRole(rawValue: 1 << 16)
    /// "people", "students", "claims": whose conclusion is not the writer's.
    static let otherPerson = WordRole(rawValue: 1 << 17)
    /// "think", "sure": what a "not" before it denies together with the statement after it.
    static let belief = WordRole(rawValue: 1 << 18)
    /// "so", "therefore".
    static let therefore = WordRole(rawValue: 1 << 19)
    /// "because", "in", "due": words that may follow a bare letter.
    static let after = WordRole(rawValue: 1 << 20)
    /// "because" and its like, which end a statement.
    static let reason = WordRole(rawValue: 1 << 21)
    /// "but", "rather".
    static let reset = WordRole(rawValue: 1 << 22)
    static let article = WordRole(rawValue: 1 << 23)
    /// Words that change nothing between a statement and its letter.
    static let filler = WordRole(rawValue: 1 << 24)
    static let coordinator = WordRole(rawValue: 1 << 25)
    /// "it".
    static let pronoun = WordRole(rawValue: 1 << 26)
    /// "partly", "also": a predicate that decides nothing.
    static let partial = WordRole(rawValue: 1 << 27)
    /// "leaves", "points to".
    static let pointer = WordRole(rawValue: 1 << 28)
    /// "fits", "makes sense" — decisive with a superlative only.
    static let fits = WordRole(rawValue: 1 << 29)
    static let yes = WordRole(rawValue: 1 << 30)
    static let no = WordRole(rawValue: 1 << 31)
}
