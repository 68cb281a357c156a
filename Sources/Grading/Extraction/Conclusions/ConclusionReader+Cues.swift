// Statements that come to their letter at the end: "the answer is B", "I choose B", "so it is B".

extension ConclusionReader {
    /// The statement that the word at a position leads to.
    func cue(at position: Int, _ subject: Subject?, _ clause: Clause) -> Statement? {
        let token = tokens[position]
        let isColon = token.isMark(":=→") || token.isMark("-") && token.afterSpace
        if let subject, isColon || token.roles.contains(.copula) {
            if isColon, !subject.isNear { return nil }
            return afterSubject(subject, from: position, token.roles, isColon: isColon, clause)
        }
        if token.roles.contains(.direct) || token.roles.contains(.subject) && token.isUnspaced {
            return attitude(before: position, clause) == .plain
                ? statement(from: position + 1, isDenied: false) : nil
        }
        if token.roles.contains(.chooser) { return choice(at: position, clause) }
        if token.roles.contains(.negation), position == clause.sentenceStart,
            mentions.text(at: position) == nil
        {
            // "Not A but B", unless an option reads "none of these".
            let statement = statement(from: position, isDenied: false)
            if case .option = statement { return statement }
        }
        if token.roles.contains(.pointer) {
            guard isConcluding(clause) || ["leaves", "leaving"].contains(token.lower),
                attitude(before: position, clause) == .plain
            else { return nil }
            return single(statement(from: position + 1, isDenied: false, isStrict: true))
        }
        if token.roles.contains(.belief), hasFirstPerson(before: position, clause),
            attitude(before: position, clause) == .plain
        {
            return single(statement(from: position + 1, isDenied: false, isStrict: true))
        }
        if token.roles.contains(.pronoun) || isDemonstrative(token) && isConcluding(clause) {
            return pronoun(at: position, clause)
        }
        if isConcludingWord(position, clause) {
            return single(statement(from: position + 1, isDenied: false, isStrict: true))
        }
        return nil
    }

    private func afterSubject(
        _ subject: Subject, from position: Int, _ roles: WordRole, isColon: Bool, _ clause: Clause
    ) -> Statement? {
        if subject.needsGoodWord,
            subject.gap.isDisjoint(with: [.good, .superlative, .fits])
        {
            return nil
        }
        let undecided: WordRole = [.hedge, .conditional, .otherPerson]
        guard subject.gap.isDisjoint(with: undecided) else { return nil }
        var isDenied =
            roles.contains(.negation) || subject.gap.contains(.negation)
        if subject.isDoubted {
            // "Is not unlikely to be B" says little.
            if isDenied { return nil }
            isDenied = true
        }
        switch attitude(before: subject.position, clause) {
        case .undecided: return nil
        case .denied: isDenied.toggle()
        case .plain: break
        }
        let found = statement(
            from: position + 1, isDenied: isDenied, isStrict: subject.isStrict, crossesLines: true)
        if subject.isStrict, case .option(let mention) = found, mention.form == .text {
            return nil
        }
        return found
    }

    // MARK: Attitudes

    enum Attitude { case plain, denied, undecided }

    /// What the words before a statement make of it: "I don't think", "if", "one might say".
    func attitude(before position: Int, _ clause: Clause) -> Attitude {
        var attitude = Attitude.plain
        var hasBelief = false
        var isSameClause = true
        var before = position - 1
        let first = max(clause.sentenceStart, position - 24)
        while before >= first {
            let token = tokens[before]
            if token.roles.contains(.therefore), token.isWord || token.isMark("∴") { break }
            if token.roles.contains(.conditional), isCondition(before, isSameClause: isSameClause) {
                return .undecided
            }
            // "Maybe, the answer is B".
            if before == clause.sentenceStart, token.roles.contains(.hedge),
                mentions.token(before + 1)?.isMark(",") == true
            {
                return .undecided
            }
            if token.isMark(",:-—") || token.roles.contains(.reset) || isBecause(token) {
                isSameClause = false
            }
            if isSameClause {
                if token.roles.contains(.belief) { hasBelief = true }
                if asks(before) { return .undecided }
                if let start = startOfAssurance(before: before + 1) {
                    before = start - 1
                    continue
                }
                if token.lower == "disagree" {
                    attitude = attitude == .denied ? .plain : .denied
                }
                if token.roles.contains(.hedge) { return .undecided }
                if token.roles.contains(.otherPerson) { return .undecided }
                // "I don't think that", "it would be wrong to say that".
                if token.roles.contains(.negation) && (hasBelief || before == position - 1)
                    || token.roles.contains(.bad) && hasBelief
                {
                    attitude = attitude == .denied ? .plain : .denied
                }
            }
            before -= 1
        }
        return attitude
    }

    /// Whether a word such as "if" makes what follows depend on it. "If we add them up, the answer is B"
    /// does not, nor does "whether or not it rains, ...".
    private func isCondition(_ position: Int, isSameClause: Bool) -> Bool {
        if isSameClause { return true }
        if ["whether", "assuming", "supposing", "ob", "ли", "是否"].contains(tokens[position].lower) {
            return false
        }
        guard let person = mentions.token(position + 1), ["we", "you", "i"].contains(person.lower)
        else {
            return true
        }
        return !Self.workings.contains(mentions.token(position + 2)?.lower ?? "")
    }

    /// "If we add them up" is a step of the work, no condition.
    private static let workings: Set<String> = [
        "look", "consider", "think", "read", "examine", "compare", "analyze", "analyse",
        "eliminate",
        "combine", "apply", "use", "divide", "add", "subtract", "multiply", "substitute", "solve",
        "calculate", "put", "recall", "remember", "check", "sum", "plug", "convert", "go", "see",
    ]

    /// Whether a word asks: "which option is the answer", but not "which is why the answer".
    private func asks(_ position: Int) -> Bool {
        guard ["which", "what"].contains(tokens[position].lower),
            let next = mentions.token(position + 1)
        else { return false }
        let named: WordRole = [
            .optionWord, .subject, .list, .good, .superlative, .article, .filler,
        ]
        return next.lower == "one" || !next.roles.isDisjoint(with: named)
    }

    private func isBecause(_ token: ConclusionToken) -> Bool {
        ["because", "since", "and", "that's", "porque", "weil", "parce"].contains(token.lower)
    }

    private func hasFirstPerson(before position: Int, _ clause: Clause) -> Bool {
        let first = max(clause.sentenceStart, position - 6)
        return tokens[first..<max(first, position)].contains {
            $0.roles.contains(.firstPerson) && !$0.roles.contains(.chooser)
        }
    }

    /// Whether the sentence begins with "so", "therefore" and their like.
    func isConcluding(_ clause: Clause) -> Bool {
        guard clause.sentenceStart < clause.position else { return false }
        return tokens[clause.sentenceStart..<clause.position].prefix(4).contains {
            $0.roles.contains(.therefore)
        }
    }

    /// "Therefore", at the start or after a reason.
    private func isConcludingWord(_ position: Int, _ clause: Clause) -> Bool {
        let token = tokens[position]
        let isArrow =
            token.isMark("→") || token.isMark(">") && tokens[max(0, position - 1)].isMark("=")
        guard token.roles.contains(.therefore) || isArrow else { return false }
        let isStart = tokens[clause.sentenceStart..<position].prefix(8).allSatisfy {
            !$0.isWord || ["in", "to", "and", "por", "lo", "kwa"].contains($0.lower)
        }
        // "A is wrong, so B."
        return isStart || !isArrow && attitude(before: position, clause) == .plain
    }

    private func isDemonstrative(_ token: ConclusionToken) -> Bool {
        ["this", "that", "which", "that's"].contains(token.lower)
    }

    // MARK: Choosing and "it is"

    private func choice(at position: Int, _ clause: Clause) -> Statement? {
        let token = tokens[position]
        let isOwn =
            token.roles.contains(.firstPerson) || hasFirstPerson(before: position, clause)
            || clause.isOpening
        // An imperative at the sentence's start, maybe after "therefore", is one's own, too.
        guard isOwn else { return nil }
        var isDenied = false
        switch attitude(before: position, clause) {
        case .undecided: return nil
        case .denied: isDenied = true
        case .plain: break
        }
        // "I would not choose B".
        let before = max(clause.sentenceStart, position - 4)
        if tokens[before..<position].contains(where: {
            $0.roles.contains(.negation) || ["avoid", "against", "avoiding"].contains($0.lower)
        }) {
            isDenied = true
        }
        return single(statement(from: position + 1, isDenied: isDenied))
    }

    /// "It's B", "it must be B", "so that is B".
    private func pronoun(at position: Int, _ clause: Clause) -> Statement? {
        var isDenied = false
        switch attitude(before: position, clause) {
        case .undecided: return nil
        case .denied: isDenied = true
        case .plain: break
        }
        var next = position + 1
        var hasCopula =
            tokens[position].roles.contains(.copula) || tokens[position].lower == "that's"
        while let token = mentions.token(next), token.isWord, next < position + 6 {
            let roles = token.roles
            if roles.contains(.copula) {
                hasCopula = true
                if roles.contains(.negation) { isDenied = true }
            } else if roles.contains(.negation) {
                isDenied = true
            } else if roles.isDisjoint(with: [.modal, .filler]) || roles.contains(.hedge) {
                break
            }
            next += 1
        }
        guard hasCopula else { return nil }
        return single(statement(from: next, isDenied: isDenied, isStrict: true))
    }

    /// Nil where several letters follow: then the cue does not count.
    private func single(_ statement: Statement?) -> Statement? {
        statement == .several ? nil : statement
    }
}

extension ConclusionToken {
    /// Whether it is a word of a script without spaces.
    var isUnspaced: Bool { word.unicodeScalars.first.map(ConclusionTokens.isUnspaced) ?? false }
}
