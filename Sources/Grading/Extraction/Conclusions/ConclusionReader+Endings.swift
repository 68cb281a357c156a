// Conclusions without a statement: a list in which one option gets a "yes", and a last sentence that
// ends in an option's text.

extension ConclusionReader {
    /// The only option with a "yes" in a list that gives every other one a "no".
    func onlyVerdict() -> OptionMention? {
        var verdicts: [Int: Bool] = [:]
        var found: OptionMention?
        for line in lines() {
            guard let head = head(of: line), let isYes = verdict(of: line, after: head) else {
                continue
            }
            guard verdicts.updateValue(isYes, forKey: head.option) == nil else { return nil }
            if isYes { found = head }
        }
        guard verdicts.count == mentions.choices.count, verdicts.values.count(where: { $0 }) == 1
        else { return nil }
        return found
    }

    /// The option that the last sentence ends in, as in "So it will decrease."
    func lastSentence() -> OptionMention? {
        var end = tokens.count
        while end > 0, !tokens[end - 1].isWord { end -= 1 }
        var start = end
        while start > 0, end - start < 60, !isBreak(start - 1) { start -= 1 }
        let sentence = tokens[start..<end]
        guard let first = sentence.first(where: \.isWord), first.roles.contains(.therefore) else {
            return nil
        }
        let doubts: WordRole = [.hedge, .negation, .conditional, .several, .bad, .otherPerson]
        guard sentence.dropFirst().allSatisfy({ $0.roles.isDisjoint(with: doubts) }) else {
            return nil
        }
        var last: OptionMention?
        var position = start
        while position < end {
            if let mention = mentions.mention(at: position) {
                if let last, last.option != mention.option { return nil }
                last = mention
                position = mention.range.upperBound
            } else {
                position += 1
            }
        }
        return last?.range.upperBound == end && last?.form == .text ? last : nil
    }

    private func isBreak(_ position: Int) -> Bool {
        tokens[position].isLineEnd || tokens[position].isMark(".!?。！？।;")
    }

    // MARK: Lines

    /// The lines that hold something, as ranges of tokens.
    func lines() -> [Range<Int>] {
        var lines: [Range<Int>] = []
        var start = 0
        for position in 0...tokens.count where mentions.token(position)?.isLineEnd ?? true {
            if position > start { lines.append(start..<position) }
            start = position + 1
        }
        return lines
    }

    /// The label that heads a line: `B. text`, `(B) text`, `- Option B: text`.
    func head(of line: Range<Int>) -> OptionMention? {
        var start = line.lowerBound
        while start < line.upperBound, tokens[start].isMark("-•+>") { start += 1 }
        guard start < line.upperBound else { return nil }
        // `1. **B. text**`: the list counts its options.
        if start + 2 < line.upperBound, Int(tokens[start].word) != nil,
            tokens[start + 1].isMark(".)"),
            mentions.option(at: start + 2, anyCase: false) != nil
                || tokens[start + 2].isMark("(") || tokens[start + 2].roles.contains(.optionWord)
        {
            start += 2
        }
        if let label = mentions.labelled(at: start), label.form == .marked { return label }
        guard let option = mentions.option(at: start, anyCase: true) else { return nil }
        let label = OptionMention(option: option, form: .bare, range: start..<start + 1)
        if start + 1 == line.upperBound { return label }
        guard tokens[start + 1].isMark(".):-") else { return nil }
        return label
    }

    private func verdict(of line: Range<Int>, after head: OptionMention) -> Bool? {
        let end = endOfOwnText(after: head)
        let rest = tokens[min(end, line.upperBound)..<line.upperBound]
        let first = rest.first { $0.isWord || !$0.roles.isDisjoint(with: [.yes, .no]) }
        let last = rest.last { $0.isWord || !$0.roles.isDisjoint(with: [.yes, .no]) }
        for token in [first, last].compactMap(\.self) {
            if token.roles.contains(.no) { return false }
            if token.roles.contains(.yes) { return true }
        }
        return nil
    }
}
