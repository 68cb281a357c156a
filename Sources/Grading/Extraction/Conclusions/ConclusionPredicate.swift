/// What a predicate is made of.
struct ConclusionPredicate {
    let roles: WordRole
    let hasNoun: Bool
    /// Whether an unknown word follows, so that an adjective does not stand by itself.
    let goesOn: Bool
    let isDefinite: Bool
    let isIndefinite: Bool
    let hasVerb: Bool
    let isOnly: Bool
    /// Whether it is said of an option's text, which may be spoken of in any way: "a library is less noisy
    /// than a bank" does not deny it as the answer.
    var isOfText = false

    func verdict(
        isEnd: Bool, isOpen: Bool
    ) -> ConclusionReader.Verdict? {
        // "B it is".
        if roles.contains(.pronoun), hasVerb, !hasNoun, roles.isDisjoint(with: [.negation, .good]) {
            return isEnd && !goesOn ? .decisive : nil
        }
        guard hasVerb || isOnly else { return nil }
        if isOfText, goesOn, !hasNoun, !roles.isDisjoint(with: [.negation, .bad]) {
            return .undecided
        }
        let isJudging = hasNoun || !roles.isDisjoint(with: [.good, .superlative, .bad])
        if roles.contains(.negation) {
            guard !roles.contains(.bad), !isIndefinite else { return .undecided }
            return isJudging || isEnd && !goesOn ? .wrong : nil
        }
        if roles.contains(.bad) { return .wrong }
        if roles.contains(.hedge) || isIndefinite || isOpen { return .undecided }
        if hasNoun {
            let isGood = !roles.isDisjoint(with: [.good, .superlative])
            guard isGood || roles.contains(.subject) else { return nil }
            // "B would be the answer for a fluid".
            if roles.contains(.modal), !isEnd, !isGood { return nil }
            return .decisive
        }
        if roles.contains(.fits) {
            return roles.contains(.superlative) ? .right : nil
        }
        guard !goesOn, isEnd else { return nil }
        if isOnly { return .right }
        return roles.isDisjoint(with: [.good, .superlative]) ? nil : .right
    }
}
