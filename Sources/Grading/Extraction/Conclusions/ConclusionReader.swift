/// Finds what a text concludes: the last statement of one option as the answer.
///
/// A statement is a sentence such as "the answer is B", "I choose B", "B is the correct answer" or
/// `Respuesta: C`. A letter that heads or discusses an option states nothing, nor does one that is
/// denied, questioned, weighed ("could be B") or made to depend on something ("if ...").
struct ConclusionReader {
    /// What one statement says.
    enum Statement: Equatable {
        case option(OptionMention)
        /// That an option is not the answer.
        case denied(Int)
        /// Several options at once.
        case several
    }

    let mentions: OptionMentions
    var tokens: [ConclusionToken] { mentions.tokens }

    /// The subject that a verb or colon may come to speak of.
    struct Subject {
        let position: Int
        /// Whether it is an "option", which needs a good word: "the best option".
        var needsGoodWord: Bool
        /// The roles of the words since.
        var gap: WordRole = []
        /// Whether a verb and "unlikely", "wrongly" or their like have come since: "is unlikely to be".
        var isDoubted = false
        /// The end of "without a doubt", whose words deny nothing.
        var skipsTo = 0
        /// Where the last verb since stands.
        var verb: Int?
        /// Whether it is any noun with a good word, so that nothing may follow its letter.
        var isStrict = false
        var isDenied: Bool { isDoubted || gap.contains(.negation) }
        /// Whether all words since change nothing, so that a colon still belongs to it.
        var isNear = true
    }

    /// The option that the text concludes, with the form it is named in; nil where it concludes none, or
    /// several.
    func conclusion() -> OptionMention? {
        var conclusion: OptionMention?
        var isDecided = false
        var weak: [OptionMention] = []
        for (statement, isStrong) in statements() {
            switch statement {
            case .option(let mention):
                if isStrong {
                    conclusion = mention
                    isDecided = true
                } else {
                    weak.append(mention)
                }
            case .denied(let option):
                if conclusion?.option == option { conclusion = nil }
                weak.removeAll { $0.option == option }
            case .several:
                conclusion = nil
                isDecided = true
            }
        }
        if conclusion != nil || isDecided { return conclusion }
        // "B is right" may be said of several; the verdict is one only if no other gets it.
        if let first = weak.first {
            return weak.allSatisfy { $0.option == first.option } ? first : nil
        }
        return onlyVerdict() ?? lastSentence()
    }

    // MARK: All statements

    private func statements() -> [(Statement, isStrong: Bool)] {
        var found: [(Statement, isStrong: Bool)] = []
        var subject: Subject?
        var sentenceStart = 0
        var isOpening = true
        for position in tokens.indices {
            let token = tokens[position]
            if isSentenceEnd(position) {
                subject = nil
                sentenceStart = position + 1
                isOpening = true
                continue
            }
            let clause = Clause(
                sentenceStart: sentenceStart, position: position, isOpening: isOpening)
            if token.isWord, token.roles.isDisjoint(with: [.therefore, .filler]) {
                isOpening = false
            }
            if let statement = cue(at: position, subject, clause) {
                found.append((statement, true))
            }
            if let verdict = predicate(at: position, clause) { found.append(verdict) }
            update(&subject, at: position, token, clause)
        }
        return found
    }

    /// Where a word stands.
    struct Clause {
        let sentenceStart: Int
        let position: Int
        /// Whether nothing but "therefore" and its like stands before it in its sentence.
        let isOpening: Bool
    }

    private func isSentenceEnd(_ position: Int) -> Bool {
        let token = tokens[position]
        if token.isLineEnd { return true }
        if token.isMark("!?。！？।;") { return true }
        guard token.isMark(".") else { return false }
        guard let next = mentions.token(position + 1) else { return true }
        return next.isLineEnd || next.afterSpace
    }

    private func update(
        _ subject: inout Subject?, at position: Int, _ token: ConclusionToken, _ clause: Clause
    ) {
        if token.roles.contains(.list) {
            // "The best answer among the given options is B": they are spoken of on the way.
            if subject != nil, isAfterPreposition(position) {
                subject?.isNear = false
            } else {
                subject = nil
            }
        } else if token.isMark(",") {
            // "The correct answer, therefore, is B" goes on; "to find the answer, look at" does not.
            let next = mentions.token(position + 1)
            let goesOn = next.map {
                $0.roles.isDisjoint(with: .pronoun)
                    && !$0.roles.isDisjoint(with: [.filler, .therefore, .belief, .copula, .modal])
                    || ["i", "in", "of", "we"].contains($0.lower)
            }
            // "The answer is not A, so it is B" speaks of something else.
            let isDenied = subject?.verb != nil && subject?.isDenied == true
            if goesOn != true || isDenied { subject = nil }
        } else if !token.roles.isDisjoint(with: [.subject, .optionWord]) {
            let quality = quality(ofSubjectAt: position, clause)
            if quality != .none {
                let isOption = token.roles.isDisjoint(with: .subject)
                // "The letter of the correct answer": the answer counts.
                if isOption, subject != nil { return }
                subject = Subject(
                    position: position, needsGoodWord: isOption && quality != .good)
            } else {
                subject = nil
            }
        } else if Self.nouns.contains(token.lower), quality(ofSubjectAt: position, clause) == .good
        {
            // "The right one", "the best fit".
            subject = Subject(position: position, needsGoodWord: false)
        } else if subject == nil, isJudgedNoun(position, clause) {
            // "The correct statement is B."
            subject = Subject(position: position, needsGoodWord: false, isStrict: true)
        } else if let started = subject {
            if position - started.position > 40 {
                subject = nil
            } else {
                if token.roles.contains(.bad), let verb = started.verb, position - verb <= 2 {
                    subject?.isDoubted = true
                }
                if token.roles.contains(.copula) { subject?.verb = position }
                if let next = assurance(at: position) {
                    subject?.skipsTo = next
                }
                if position >= subject?.skipsTo ?? 0 { subject?.gap.formUnion(token.roles) }
                let near: WordRole = [
                    .filler, .article, .copula, .good, .superlative, .therefore, .modal,
                ]
                if token.isWord, token.roles.isDisjoint(with: near) { subject?.isNear = false }
            }
        } else if !token.roles.isDisjoint(with: .good), isLineStart(position),
            mentions.token(position + 1)?.isMark(":-→") == true
        {
            // `Correct: B`.
            subject = Subject(position: position, needsGoodWord: false)
        }
    }

    /// Whether a preposition or its like stands before a word, but for articles and participles: "from the
    /// given options", "that best fits the options".
    private func isAfterPreposition(_ position: Int) -> Bool {
        var before = position - 1
        while before > position - 5, let word = mentions.token(before), word.isWord {
            if Self.prepositions.contains(word.lower) || word.roles.contains(.fits) { return true }
            guard
                !word.roles.isDisjoint(with: [.article, .good, .filler])
                    || ["these", "those", "all", "provided", "listed", "available", "answer"]
                        .contains(
                            word.lower)
            else { return false }
            before -= 1
        }
        return false
    }

    private static let prepositions: Set<String> = [
        "among", "amongst", "from", "of", "given", "on",
    ]

    /// Whether a noun without a role of its own stands right after a good word and before a verb or
    /// colon: "the correct statement is", "the best location:".
    private func isJudgedNoun(_ position: Int, _ clause: Clause) -> Bool {
        let token = tokens[position]
        guard token.isWord, token.roles.isEmpty, position > clause.sentenceStart,
            let next = mentions.token(position + 1), next.isMark(":") || next.lower == "is"
        else { return false }
        let before = tokens[position - 1]
        guard
            before.roles.contains(.good) && !["my", "our"].contains(before.lower)
                || before.lower == "best"
        else { return false }
        return quality(ofSubjectAt: position, clause) == .good
    }

    // MARK: Assurances

    /// The position after words that deny nothing though they hold a "no": "no doubt", "without any
    /// doubt", "not surprising", "beyond question"; nil where no such begin.
    func assurance(at position: Int) -> Int? {
        guard let first = mentions.token(position),
            first.roles.contains(.negation) || first.lower == "beyond"
        else { return nil }
        var next = position + 1
        while next < position + 3, let word = mentions.token(next),
            ["a", "any", "the"].contains(word.lower)
        {
            next += 1
        }
        guard let noun = mentions.token(next), Self.assured.contains(noun.lower) else { return nil }
        return next + 1
    }

    /// Where an assurance begins that ends right before a position.
    func startOfAssurance(before end: Int) -> Int? {
        (2...4).lazy.map { end - $0 }.first { $0 >= 0 && assurance(at: $0) == end }
    }

    private static let assured: Set<String> = [
        "doubt", "question", "surprise", "surprising", "wonder", "coincidence",
    ]

    /// Nouns that are a subject after a good word.
    static let nouns: Set<String> = ["one", "fit", "match", "description", "candidate"]

    private enum Quality { case none, plain, good }

    /// Judges a subject by the words in front of it: "the best option", "another option", "the wrong answer".
    private func quality(ofSubjectAt position: Int, _ clause: Clause) -> Quality {
        var quality = Quality.plain
        var before = position - 1
        while before >= max(clause.sentenceStart, position - 5), tokens[before].isWord {
            if let start = startOfAssurance(before: before + 1) {
                before = start - 1
                continue
            }
            let word = tokens[before]
            let roles = word.roles
            let stops: WordRole = [
                .copula, .coordinator, .therefore, .belief, .conditional, .reset,
            ]
            // "likely" and "so" have several roles; a good word is one first.
            if !roles.contains(.good), !roles.isDisjoint(with: stops) { break }
            if roles.contains(.bad) { return .none }
            if roles.contains(.negation) { return .none }
            if !roles.isDisjoint(with: [.good, .superlative]) {
                quality = .good
            } else if roles.contains(.indefinite), quality != .good || word.lower != "one" {
                return .none
            }
            if roles.contains(.otherPerson) { return .none }
            before -= 1
        }
        return quality
    }

    func isLineStart(_ position: Int) -> Bool {
        var before = position - 1
        while let token = mentions.token(before), token.isMark("->•+") { before -= 1 }
        return mentions.token(before)?.isLineEnd ?? true
    }
}
