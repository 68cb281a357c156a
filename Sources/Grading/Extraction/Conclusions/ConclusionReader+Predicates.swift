// What is said of a letter after it: "B is the correct answer", "B is wrong", "B or C".

extension ConclusionReader {
    /// The statement that a mention makes by what follows it.
    func judged(_ mention: OptionMention, isStrict: Bool, hasCrossed: Bool) -> Statement? {
        var end = endOfOwnText(after: mention)
        if mentions.token(end)?.isMark("?") == true { return nil }
        if hasConditional(at: end) { return nil }
        if namesAnother(than: mention, from: end) { return .several }
        // "The answer is B. A library has books": the letter is stated, and its text begins a sentence
        // that may say of it what it will; one that denies it as the answer is a statement itself.
        if isNewSentence(after: mention, from: end) { end = mention.range.upperBound }
        if isStrict, !mentions.endsClause(end), !isListEnd(end) { return nil }
        if hasCrossed, isHeadOfList(mention) || !mentions.endsClause(end) { return nil }
        // "B, which is wrong".
        if mentions.token(end)?.isMark(",") == true, mentions.token(end + 1)?.lower == "which",
            verdict(from: end + 2) == .wrong
        {
            return .denied(mention.option)
        }
        switch verdict(from: end) {
        case .wrong: return .denied(mention.option)
        // "B: a library is a place" says something of the text, not of the letter.
        case .undecided where !isExplained(mention, by: end): return nil
        case .right, .decisive, .undecided, nil: return .option(mention)
        }
    }

    /// Whether a label's text follows it after a full stop and goes on as a sentence.
    private func isNewSentence(after mention: OptionMention, from end: Int) -> Bool {
        let label = mention.range.upperBound
        guard end > label, mentions.token(label)?.isMark(".") == true,
            let next = mentions.token(end)
        else { return false }
        return next.isWord && !next.roles.contains(.conditional)
    }

    /// Whether a label's text follows it after a colon.
    private func isExplained(_ mention: OptionMention, by end: Int) -> Bool {
        let label = mention.range.upperBound
        return end > label && mentions.token(label)?.isMark(":") == true
    }

    /// A colon or dash at a line's end ends a clause, too.
    private func isListEnd(_ position: Int) -> Bool {
        guard let token = mentions.token(position), token.isMark(":-") else { return false }
        return mentions.token(position + 1)?.isLineEnd ?? true
    }

    private func hasConditional(at position: Int) -> Bool {
        var next = position
        while let token = mentions.token(next), token.isMark(",") || token.lower == "only" {
            next += 1
        }
        return mentions.token(next)?.roles.contains(.conditional) == true
    }

    /// The position after a label's own option: `B. a cat`, `B (a cat)`, `B, a cat,`.
    func endOfOwnText(after mention: OptionMention) -> Int {
        let end = mention.range.upperBound
        var next = end
        while let token = mentions.token(next), case .mark = token.kind, next < end + 3 {
            next += 1
        }
        guard let own = mentions.text(at: next, preferred: mention.option),
            own.option == mention.option,
            own.range.lowerBound >= end
        else { return end }
        next = own.range.upperBound
        if mentions.token(next)?.isMark(")]") == true { next += 1 }
        return next
    }

    /// Whether the same statement names another option: "B or C", "B, C".
    private func namesAnother(than mention: OptionMention, from end: Int) -> Bool {
        var next = end
        var isJoined = false
        while let token = mentions.token(next), next < end + 4 {
            let joins = token.roles.contains(.coordinator) || token.isMark(",/;")
            guard joins || isJoined && !token.roles.isDisjoint(with: [.article, .hedge]) else {
                break
            }
            isJoined = isJoined || joins
            next += 1
        }
        guard isJoined, let other = mentions.mention(at: next), other.option != mention.option
        else {
            return false
        }
        // "B, A is a fish" begins something new.
        let after = mentions.token(endOfOwnText(after: other))
        let speaks: WordRole = [.copula, .modal, .hedge, .negation, .fits]
        return after.map { !$0.isWord || $0.roles.isDisjoint(with: speaks) } ?? true
    }

    /// Whether the next line heads the next option, so that this one heads its own in a list.
    private func isHeadOfList(_ mention: OptionMention) -> Bool {
        var next = mention.range.upperBound
        let limit = next + 200
        while let token = mentions.token(next), !token.isLineEnd, next < limit { next += 1 }
        while let token = mentions.token(next), token.isLineEnd || token.isMark("-•") { next += 1 }
        if mentions.token(next)?.isMark("([") == true { next += 1 }
        return mentions.option(at: next, anyCase: true) == mention.option + 1
    }

    // MARK: Predicates

    enum Verdict { case decisive, right, wrong, undecided }

    /// The verdict on an option that a sentence is about, as in "B is the correct answer".
    func predicate(at position: Int, _ clause: Clause) -> (Statement, isStrong: Bool)? {
        guard let mention = subjectMention(at: position, clause) else { return nil }
        let before = mentions.token(position - 1)
        // "A and B are right" is about both.
        if let before, before.roles.contains(.coordinator) || before.isMark(","),
            isEndOfLabel(position - 2)
        {
            return nil
        }
        let end = endOfOwnText(after: mention)
        if namesAnother(than: mention, from: end) { return nil }
        let isMade = before.map { ["makes", "make", "making"].contains($0.lower) } ?? false
        let isOnly = before?.lower == "only"
        // "This does not make B correct."
        if isMade, isDenied(before: position - 1, clause) { return nil }
        guard
            let verdict = verdict(
                from: end, isMade: isMade, isOnly: isOnly,
                isOfText: mention.form == .text || isNewSentence(after: mention, from: end))
        else { return nil }
        switch (verdict, attitude(before: position, clause)) {
        case (.undecided, _), (_, .undecided): return nil
        case (.wrong, .denied): return nil
        case (.wrong, .plain), (.right, .denied), (.decisive, .denied):
            return (.denied(mention.option), false)
        case (.decisive, .plain): return (.option(mention), true)
        case (.right, .plain):
            return (.option(mention), isOnly || isMade || isConcluding(clause))
        }
    }

    private func isDenied(before position: Int, _ clause: Clause) -> Bool {
        let first = max(clause.sentenceStart, position - 3)
        return tokens[first..<max(first, position)].contains { $0.roles.contains(.negation) }
    }

    /// A mention that a sentence can be about: a label anywhere, a text at the start.
    private func subjectMention(at position: Int, _ clause: Clause) -> OptionMention? {
        if let before = mentions.token(position - 1) {
            // Inside "option B" the option word has been looked at.
            if before.roles.contains(.optionWord) || before.lower == "answer"
                || before.isMark("([{")
            {
                return nil
            }
        }
        if let label = mentions.labelled(at: position) { return label }
        return clause.isOpening ? mentions.text(at: position) : nil
    }

    private func isEndOfLabel(_ position: Int) -> Bool {
        let label = mentions.token(position)?.isMark(")]") == true ? position - 1 : position
        return mentions.option(at: label, anyCase: false) != nil
    }

    /// Reads what follows a mention as a predicate; nil where it is not one.
    private func verdict(
        from start: Int, isMade: Bool = false, isOnly: Bool = false, isOfText: Bool = false
    ) -> Verdict? {
        var roles: WordRole = []
        var hasNoun = false
        var goesOn = false
        var isDefinite = false
        var isIndefinite = false
        var hasVerb = isMade
        var position = start
        if mentions.token(position)?.isMark(",") == true,
            mentions.token(position + 1)?.roles.contains(.copula) == true
        {
            position += 1
        }
        let limit = position + 12
        while position < limit {
            guard let token = mentions.token(position), token.isWord || token.isMark("-") else {
                break
            }
            let role = token.roles
            if token.isMark("-") {
                // `C - правильный ответ`, but not `B - correct` of a list.
                guard mentions.token(position + 1)?.lower.unicodeScalars.first?.value ?? 0 >= 0x400
                else { break }
                hasVerb = true
            } else if role.contains(.negation) || role.contains(.negationAfter) {
                if role.contains(.copula) { hasVerb = true }
                roles.insert(.negation)
            } else if role.contains(.bad) {
                roles.insert(.bad)
            } else if role.contains(.hedge) || role.contains(.conditional)
                || role.contains(.partial)
            {
                roles.insert(.hedge)
            } else if role.contains(.copula) || role.contains(.fits) && !hasVerb {
                hasVerb = true
                roles.formUnion(role.intersection(.fits))
            } else if role.contains(.subject) || role.contains(.optionWord)
                || Self.nouns.contains(token.lower)
                    && !roles.isDisjoint(with: [.good, .superlative])
            {
                hasNoun = true
                roles.formUnion(role.intersection([.subject, .optionWord]))
                position += 1
                break
            } else if role.contains(.good) || role.contains(.superlative) {
                roles.formUnion(role.intersection([.good, .superlative]))
                if ["my", "our"].contains(token.lower) { isDefinite = true }
                // Where no verb is needed, the word itself is one.
                if token.lower.unicodeScalars.first.map({ $0.value >= 0x900 }) == true {
                    hasVerb = true
                }
            } else if role.contains(.article) {
                isDefinite = true
            } else if role.contains(.reason) || role.contains(.coordinator) || role.contains(.reset)
            {
                break
            } else if ["a", "an", "another", "una", "un", "une", "ein", "eine"].contains(
                token.lower)
            {
                isIndefinite = true
            } else if role.contains(.modal) {
                roles.insert(.modal)
            } else if token.lower == "it", !hasVerb {
                roles.insert(.pronoun)
            } else if role.isDisjoint(with: [.filler, .after]) || role.contains(.indefinite) {
                goesOn = true
                break
            }
            position += 1
        }
        let isFound = ConclusionPredicate(
            roles: roles, hasNoun: hasNoun, goesOn: goesOn, isDefinite: isDefinite,
            isIndefinite: isIndefinite, hasVerb: hasVerb, isOnly: isOnly,
            isOfText: isOfText)
        return isFound.verdict(
            isEnd: mentions.endsClause(position),
            isOpen: hasConditional(at: position) || mentions.token(position)?.isMark("?") == true
                || isSoFar(position))
    }
}

extension ConclusionReader {
    private func isSoFar(_ position: Int) -> Bool {
        mentions.token(position)?.lower == "so" && mentions.token(position + 1)?.lower == "far"
    }
}
