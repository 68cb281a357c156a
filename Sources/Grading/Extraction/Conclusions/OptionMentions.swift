/// An option named in a text.
struct OptionMention: Equatable {
    enum Form: Equatable {
        /// A letter in brackets or after "option".
        case marked
        /// A letter alone.
        case bare
        /// The option's own text.
        case text
    }

    /// The option's place among all.
    let option: Int
    let form: Form
    /// The tokens it takes up.
    let range: Range<Int>
}

/// Finds where options are named, without mistaking the article "A" or the pronoun "I" for one.
struct OptionMentions {
    let tokens: [ConclusionToken]
    let choices: [Choice]
    private let labels: [String: Int]
    private let lowerLabels: [String: Int]
    /// The words of each option's text, without an article in front.
    private let texts: [[String]]
    /// The marks that each option's text ends in, such as the sign of `25%`.
    private let endMarks: [[ConclusionToken.Kind]]
    /// Whether an option differs from another one by its letters' case alone, as `Rr` does from `RR`.
    private let areCased: [Bool]
    private let firstWords: [String: [Int]]
    /// Whether an option is a question itself, whose mark asks nothing of the answer.
    private let areQuestions: [Bool]

    /// Longer texts are compared by their first words.
    private static let mostWords = 60

    init(tokens: [ConclusionToken], choices: [Choice]) {
        self.tokens = tokens
        self.choices = choices
        let numbered = choices.enumerated()
        labels = Dictionary(numbered.map { ($1.label, $0) }) { first, _ in first }
        lowerLabels = Dictionary(numbered.map { ($1.label.lowercased(), $0) }) { first, _ in first }
        let all = choices.map { ConclusionTokens.all(of: $0.text) }
        let written = all.map { tokens in
            let words = tokens.filter(\.isWord)
            let bare = words.drop { Self.articles.contains($0.lower) }
            // "die" may be the whole option.
            return (bare.isEmpty ? words[...] : bare).prefix(Self.mostWords)
        }
        let forms = written.map { $0.map(\.word) }
        let lowers = written.map { $0.map(\.lower) }
        areCased = forms.indices.map { option in
            forms.indices.contains {
                lowers[$0] == lowers[option] && forms[$0] != forms[option]
            }
        }
        texts = zip(areCased, zip(forms, lowers)).map { $0 ? $1.0 : $1.1 }
        endMarks = all.map { tokens in
            tokens.reversed().prefix { !$0.isWord && !$0.isLineEnd }.reversed().map(\.kind)
        }
        areQuestions = all.map { tokens in
            tokens.last { !$0.isMark(".") }?.isMark("?") ?? false
        }
        var first: [String: [Int]] = [:]
        for (option, words) in lowers.enumerated() {
            if let word = words.first { first[word, default: []].append(option) }
        }
        firstWords = first
    }

    func token(_ position: Int) -> ConclusionToken? {
        tokens.indices.contains(position) ? tokens[position] : nil
    }

    /// What is named at a position as a label or as an option's text.
    func mention(at start: Int) -> OptionMention? {
        let label = labelled(at: start)
        guard let text = text(at: start) else { return label }
        // "A dog" is the option of that text, whatever A is.
        if let label, label.form == .marked { return label }
        if let label, text.range.upperBound <= label.range.upperBound { return label }
        return text
    }

    // MARK: Labels

    /// A label at a position: `(B)`, `option B`, or a bare `B` that is no word of a sentence.
    func labelled(at start: Int) -> OptionMention? {
        guard let first = token(start) else { return nil }
        if first.isMark("([{"), let label = bracketed(at: start) { return label }
        if first.roles.contains(.optionWord) || first.lower == "answer" {
            var next = start + 1
            if token(next)?.isMark(":") == true, first.roles.contains(.optionWord) { next += 1 }
            if let label = bracketed(at: next) {
                return OptionMention(
                    option: label.option, form: .marked, range: start..<label.range.upperBound)
            }
            if let option = option(at: next, anyCase: true),
                token(next)?.word != "a" || endsClause(next + 1),
                !isJoined(next)
            {
                return OptionMention(option: option, form: .marked, range: start..<next + 1)
            }
            return nil
        }
        guard let option = option(at: start, anyCase: false), !isJoined(start),
            canFollow(start + 1, option: option) || isMade(start)
        else { return nil }
        // A number that is a label here and the text of another option says neither.
        if let first = first.word.unicodeScalars.first, first.properties.numericType != nil,
            choices.indices.contains(where: { $0 != option && texts[$0] == [tokens[start].word] })
        {
            return nil
        }
        return OptionMention(option: option, form: .bare, range: start..<start + 1)
    }

    /// A label in lower case where nothing else can be meant: "the answer is b."
    func lowerLabel(at position: Int) -> OptionMention? {
        guard let option = option(at: position, anyCase: true), endsClause(position + 1),
            !isJoined(position)
        else { return nil }
        return OptionMention(option: option, form: .bare, range: position..<position + 1)
    }

    private func bracketed(at start: Int) -> OptionMention? {
        guard let open = token(start), open.isMark("([{"), token(start + 2)?.isMark(")]}") == true,
            let option = option(at: start + 1, anyCase: true)
        else { return nil }
        return OptionMention(option: option, form: .marked, range: start..<start + 3)
    }

    /// The option whose label a token is.
    func option(at position: Int, anyCase: Bool) -> Int? {
        guard let token = token(position), token.isWord else { return nil }
        if let option = labels[token.word] { return option }
        // Cyrillic letters that look like Latin ones, as Russian keyboards write them.
        if let latin = Self.lookAlikes[token.word], let option = labels[latin] { return option }
        return anyCase ? lowerLabels[token.lower] : nil
    }

    /// Whether a label is a part of something longer: `B-52`, `vitamin-B`, `A.M`.
    private func isJoined(_ position: Int) -> Bool {
        if isUnit(position) { return true }
        if let before = token(position - 1), before.isMark("-."), !tokens[position].afterSpace,
            token(position - 2)?.isWord == true, !before.afterSpace
        {
            return true
        }
        guard let next = token(position + 1), next.isMark("-.+^="), !next.afterSpace,
            let after = token(position + 2)
        else { return false }
        return after.isWord && !after.afterSpace && !next.isMark("=")
    }

    /// Whether a letter is the unit of what stands before it: `21°C`, `21° C`, `5C`.
    private func isUnit(_ position: Int) -> Bool {
        guard let before = token(position - 1) else { return false }
        if before.isMark("°") { return true }
        guard !tokens[position].afterSpace, before.isWord, !tokens[position].isUnspaced else {
            return false
        }
        return before.word.unicodeScalars.last?.properties.numericType != nil
    }

    /// Whether a label is judged after "makes", as in "this makes B the best choice".
    private func isMade(_ position: Int) -> Bool {
        guard let before = token(position - 1), ["makes", "make", "making"].contains(before.lower),
            before.word != before.word.uppercased(), tokens[position].word != "I",
            let next = token(position + 1)
        else { return false }
        return next.lower == "the" || !next.roles.isDisjoint(with: [.good, .superlative, .bad])
    }

    /// Whether a bare letter can stand before what follows: an end, a mark, a word such as "because", or
    /// its own option.
    private func canFollow(_ next: Int, option: Int) -> Bool {
        guard let token = token(next), token.isWord else { return true }
        if let text = text(at: next), text.option == option { return true }
        let isPronoun = choices[option].label == "I"
        if isPronoun { return token.roles.contains(.reason) || token.lower == "is" }
        if token.word.unicodeScalars.first.map(ConclusionTokens.isUnspaced) == true {
            return !token.roles.isEmpty || token.afterSpace
        }
        if token.word.unicodeScalars.first.map({ $0.value >= 0x530 }) == true { return true }
        // "C best describes it", but "A best friend".
        if token.roles.contains(.superlative), choices[option].label != "A" { return true }
        let following: WordRole = [
            .after, .reason, .coordinator, .reset, .copula, .modal, .negation, .conditional,
            .negationAfter, .hedge, .fits,
        ]
        return !token.roles.isDisjoint(with: following)
    }

    /// Whether nothing, a mark or a reason follows.
    func endsClause(_ position: Int) -> Bool {
        guard let token = token(position) else { return true }
        if token.isLineEnd || token.isMark(".,;!?。！？।)]}") { return true }
        return token.roles.contains(.reason) || Self.politeEnds.contains(token.lower)
    }

    // MARK: Texts

    /// The longest option text at a position, if no other option has the same.
    ///
    /// - Parameter preferred: the option that is meant where several have the same text.
    func text(at start: Int, preferred: Int? = nil) -> OptionMention? {
        guard let first = token(start), first.isWord else { return nil }
        var from = start
        if Self.articles.contains(first.lower), let next = token(start + 1), next.isWord,
            firstWords[next.lower] != nil
        {
            from = start + 1
        }
        guard let candidates = firstWords[tokens[from].lower] else { return nil }
        var best: (option: Int, end: Int)?
        var isShared = false
        for option in candidates {
            guard let end = end(of: option, from: from) else { continue }
            if let found = best, found.end >= end {
                if found.end > end { continue }
                isShared = true
                if option == preferred { best = (option, end) }
            } else {
                best = (option, end)
                isShared = false
            }
        }
        guard var best, !isShared || best.option == preferred, !isOperand(from..<best.end) else {
            return nil
        }
        if areQuestions[best.option], token(best.end)?.isMark("?") == true { best.end += 1 }
        for mark in endMarks[best.option] {
            // A full stop or question mark at the end may be the sentence's.
            if mark == .mark(".") || mark == .mark("?") { break }
            guard token(best.end)?.kind == mark else { break }
            best.end += 1
        }
        return OptionMention(option: best.option, form: .text, range: start..<best.end)
    }

    private func end(of option: Int, from start: Int) -> Int? {
        var position = start
        for (number, word) in texts[option].enumerated() {
            // Marks inside a text are no part of it: `well-known`, `N.Y.`.
            if number > 0 {
                while let token = token(position), case .mark = token.kind { position += 1 }
            }
            guard let token = token(position), (areCased[option] ? token.word : token.lower) == word
            else { return nil }
            position += 1
        }
        return position
    }

    // MARK: Calculations

    /// Whether an option's number is computed with, as the 1 of `1 + 2 = 3` is.
    private func isOperand(_ range: Range<Int>) -> Bool {
        if isNumber(range.upperBound - 1), let sign = token(range.upperBound),
            let next = token(range.upperBound + 1)
        {
            if sign.isMark("+×÷/^·⋅"), next.isWord { return true }
            if sign.isMark("-"), isNumber(range.upperBound + 1) { return true }
        }
        if isNumber(range.upperBound - 1), let next = token(range.upperBound), !next.afterSpace,
            ["x", "y", "z", "n"].contains(next.word)
        {
            return true
        }
        guard isNumber(range.lowerBound), let sign = token(range.lowerBound - 1) else {
            return false
        }
        if sign.isMark("+×÷/^·⋅") { return token(range.lowerBound - 2)?.isWord == true }
        return sign.isMark("-") && isNumber(range.lowerBound - 2)
    }

    private func isNumber(_ position: Int) -> Bool {
        guard let token = token(position), token.isWord else { return false }
        return token.word.unicodeScalars.first { $0 != "-" }?.properties.numericType != nil
    }

    /// The position after the last equals sign of a calculation with numbers that begins at a position;
    /// nil if none does.
    func result(ofCalculationAt start: Int) -> Int? {
        guard isNumber(start) else { return nil }
        var position = start + 1
        var result: Int?
        // No calculation of an answer is longer.
        while position < start + 40, let token = token(position),
            isNumber(position) || token.isMark("+-×÷/^·⋅=()%")
        {
            position += 1
            if token.isMark("="), isNumber(position) { result = position }
        }
        return result
    }

    static let articles: Set<String> = [
        "a", "an", "the", "el", "la", "los", "las", "un", "una", "le", "les", "une", "der", "die",
        "das", "ein", "eine",
    ]
    private static let politeEnds: Set<String> = ["です", "だ", "である", "ครับ", "ค่ะ", "的", "了"]
    private static let lookAlikes = [
        "А": "A", "В": "B", "С": "C", "Е": "E", "Н": "H", "К": "K", "М": "M", "О": "O", "Р": "P",
        "Т": "T", "Х": "X",
    ]
}
