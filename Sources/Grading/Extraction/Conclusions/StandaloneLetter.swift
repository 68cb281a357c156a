/// Finds the letter that is an answer by where it stands: alone, as the whole text, its first line or its
/// last one.
///
/// Where the text lists the options by their letters, a letter at a line's start is the list's.
struct StandaloneLetter {
    private let reader: ConclusionReader
    private var mentions: OptionMentions { reader.mentions }
    private var tokens: [ConclusionToken] { reader.tokens }

    init(_ reader: ConclusionReader) { self.reader = reader }

    // MARK: An answer of its own

    /// The option that an answer is, as the content of a box: `B`, `(b)`, `Option B`, `B. text`, or an
    /// option's text; nil where it says more or something else.
    func whole() -> OptionMention? {
        let lines = reader.lines()
        guard let first = lines.first, let last = lines.last else { return nil }
        let all = first.lowerBound..<last.upperBound
        guard let label = labelAtStart(of: all) else { return text(in: all) ?? labelAtEnd(of: all) }
        let end = reader.endOfOwnText(after: label)
        if isEmpty(end..<all.upperBound) { return label }
        // `(B) in the model's own words`.
        if label.form == .marked, tokens[label.range.upperBound].isWord {
            return isPlain(end..<all.upperBound) && !namesAnother(label, from: end, in: all)
                ? label : nil
        }
        // `B. something of the model's own words`, if it names nothing else.
        guard tokens[label.range.upperBound].isMark(".:)-(,"),
            !namesAnother(label, from: end, in: all)
        else { return nil }
        return tokens[label.range.upperBound].isMark(",") ? nil : label
    }

    /// A label in brackets that ends an answer: `friction (B)`.
    private func labelAtEnd(of range: Range<Int>) -> OptionMention? {
        var end = range.upperBound
        while end > range.lowerBound, tokens[end - 1].isMark(".") { end -= 1 }
        let start = end - 3
        guard start > range.lowerBound, let label = mentions.labelled(at: start),
            label.form == .marked, label.range.upperBound == end,
            isPlain(range.lowerBound..<start),
            !namesAnother(label, from: range.lowerBound, in: range)
        else { return nil }
        return label
    }

    /// Whether words deny, doubt and join nothing.
    private func isPlain(_ range: Range<Int>) -> Bool {
        let changing: WordRole = [
            .negation, .negationAfter, .hedge, .bad, .no, .several, .conditional, .copula,
        ]
        return tokens[range].allSatisfy { $0.roles.isDisjoint(with: changing) && !$0.isMark("?") }
    }

    private func text(in range: Range<Int>) -> OptionMention? {
        var start = range.lowerBound
        while start < range.upperBound, !tokens[start].isWord { start += 1 }
        guard let text = mentions.text(at: start), isEmpty(text.range.upperBound..<range.upperBound)
        else { return nil }
        return text
    }

    // MARK: In a longer text

    /// The letter that stands alone in a text.
    func found() -> OptionMention? {
        let lines = reader.lines()
        guard let first = lines.first, let last = lines.last else { return nil }
        let heads = lines.map { reader.head(of: $0) }
        let isListed = !isDiscussed(after: first, lines, heads)
        if let answer = firstLine(
            first, others: isListed ? heads.dropFirst() : [], isOnly: lines.count == 1)
        {
            return answer
        }
        return lastLine(last, others: heads.dropLast(), from: first.lowerBound)
    }

    /// Whether the lines after the first one that are headed by other options discuss them, so that the
    /// first line is no part of their list: each says more than its option, and the first of them
    /// does not go on from the label of the first line, unless that is nothing but a letter.
    private func isDiscussed(
        after first: Range<Int>, _ lines: [Range<Int>], _ heads: [OptionMention?]
    ) -> Bool {
        guard let label = labelAtStart(of: first) else { return false }
        let others = zip(lines, heads).dropFirst().filter {
            $1 != nil && $1?.option != label.option
        }
        guard let next = others.first?.1 else { return false }
        let isBare = isEmpty(label.range.upperBound..<first.upperBound)
        guard isBare || next.option != label.option + 1 else { return false }
        return others.allSatisfy { line, head in
            head.map { !isEmpty(reader.endOfOwnText(after: $0)..<line.upperBound) } ?? false
        }
    }

    /// An answer that comes first, alone or with an explanation after it.
    private func firstLine(
        _ line: Range<Int>, others: ArraySlice<OptionMention?>, isOnly: Bool
    ) -> OptionMention? {
        guard let label = labelAtStart(of: line) else { return isOnly ? text(in: line) : nil }
        guard others.allSatisfy({ $0 == nil || $0?.option == label.option }) else { return nil }
        let end = reader.endOfOwnText(after: label)
        if isEmpty(end..<line.upperBound) { return label }
        let rest = tokens[end..<line.upperBound]
        guard isOnly, let word = rest.first(where: \.isWord) else { return nil }
        // "B, because ..."; "D. It can't be A" says more than a head does, since it speaks of another.
        let isDenying =
            ["it", "this", "that"].contains(word.lower) && end == label.range.upperBound
            && (end..<line.upperBound).contains { position in
                mentions.mention(at: position).map { $0.option != label.option } ?? false
            }
        if word.roles.contains(.reason)
            || isDenying && !namesAnother(label, from: end, in: line),
            !rest.contains(where: { $0.roles.contains(.hedge) })
        {
            return label
        }
        // "C Casey": a name after the letter, and nothing said of it.
        let isArticle = ["A", "I"].contains(mentions.choices[label.option].label)
        let isName = rest.count <= 3 && rest.allSatisfy { $0.isWord && $0.roles.isEmpty }
        return !isArticle && isName && end == label.range.upperBound ? label : nil
    }

    /// An answer that comes last: a letter alone.
    private func lastLine(
        _ line: Range<Int>, others: ArraySlice<OptionMention?>, from start: Int
    ) -> OptionMention? {
        let sentence = lastSentence(of: line)
        let hasHeads = others.contains { $0 != nil }
        if let label = labelAtStart(of: sentence) {
            let isListed = others.contains { $0?.option == label.option }
            let isAlone = isEmpty(label.range.upperBound..<sentence.upperBound)
            if isAlone, !hasHeads || isListed && sentence == line { return label }
            let end = reader.endOfOwnText(after: label)
            let isOwn = isEmpty(end..<sentence.upperBound) && sentence == line
            // After "let's look at each option:" a list begins.
            let isList =
                tokens[start..<line.lowerBound].last { !$0.isLineEnd }?.isMark(":") == true
                || tokens[start..<line.lowerBound].contains {
                    !$0.roles.isDisjoint(with: [.list, .optionWord, .subject]) || $0.lower == "each"
                }
            return isOwn && !hasHeads && !isList ? label : nil
        }
        // "Cork floats: (B)".
        guard !hasHeads, line.count > 4 else { return nil }
        var end = line.upperBound
        while end > line.lowerBound, tokens[end - 1].isMark(".") { end -= 1 }
        guard end - 4 >= line.lowerBound, tokens[end - 4].isMark(":→=>"),
            let label = mentions.labelled(at: end - 3), label.form == .marked,
            label.range.upperBound == end
        else { return nil }
        return label
    }

    private func lastSentence(of line: Range<Int>) -> Range<Int> {
        var end = line.upperBound
        while end > line.lowerBound, tokens[end - 1].isMark(".") { end -= 1 }
        var start = end
        while start > line.lowerBound, !tokens[start - 1].isMark("!?。！？।"),
            !(tokens[start - 1].isMark(".") && tokens[start - 1].afterSpace == false
                && start < tokens.count && tokens[start].afterSpace
                && mentions.option(at: start - 2, anyCase: true) == nil)
        {
            start -= 1
        }
        return start..<line.upperBound
    }

    // MARK: Parts

    /// A label where a line or answer begins, in any case if it stands apart from what follows.
    private func labelAtStart(of range: Range<Int>) -> OptionMention? {
        var start = range.lowerBound
        while start < range.upperBound, tokens[start].isMark("-•>+=→") { start += 1 }
        guard start < range.upperBound else { return nil }
        if let label = mentions.labelled(at: start), label.range.upperBound <= range.upperBound {
            return label
        }
        guard let option = mentions.option(at: start, anyCase: true) else { return nil }
        let label = OptionMention(option: option, form: .bare, range: start..<start + 1)
        let isUpper = mentions.option(at: start, anyCase: false) != nil
        guard start + 1 < range.upperBound else { return label }
        let next = tokens[start + 1]
        if next.isMark(".):,-(") { return isUpper || !next.isMark(",-(") ? label : nil }
        // A name may follow: "C Casey".
        return isUpper && next.isWord && !["A", "I"].contains(tokens[start].word) ? label : nil
    }

    private func isEmpty(_ range: Range<Int>) -> Bool {
        range.isEmpty || tokens[range].allSatisfy { $0.isMark(".,:;!)]}。-=") || $0.isLineEnd }
    }

    /// Whether an answer names another option, but to deny it.
    private func namesAnother(_ label: OptionMention, from start: Int, in range: Range<Int>) -> Bool
    {
        var isDenied = false
        var position = start
        while position < range.upperBound {
            if tokens[position].roles.contains(.negation) { isDenied = true }
            if let other = mentions.mention(at: position) {
                if other.option != label.option, !isDenied { return true }
                position = other.range.upperBound
            } else {
                position += 1
            }
        }
        return false
    }
}
