// From a verb or colon to the letter it leads to: "is not A but **B**".

extension ConclusionReader {
    /// Reads from a verb or colon on to the letter.
    ///
    /// - Parameters:
    ///   - isStrict: whether nothing may follow the letter but the end of the clause.
    ///   - crossesLines: whether the letter may stand on one of the next lines, as in `Answer:` and a
    ///     line `B`.
    func statement(
        from start: Int, isDenied: Bool, isStrict: Bool = false, crossesLines: Bool = false
    ) -> Statement? {
        var position = start
        var isDenied = isDenied
        var denied: Int?
        var isSeveral = false
        var hasCrossed = false
        for _ in 0..<16 {
            guard let token = mentions.token(position) else { break }
            if token.isLineEnd {
                guard crossesLines, hasCrossed || position == start || isAllMarks(start..<position)
                else { break }
                hasCrossed = true
                position += 1
                continue
            }
            if let mention = mentions.mention(at: position) ?? mentions.lowerLabel(at: position) {
                let isDeniedAfter = deniedAfter(mention)
                if isDenied || isDeniedAfter != nil {
                    denied = mention.option
                    isDenied = false
                    guard let next = continuation(after: isDeniedAfter ?? mention.range.upperBound)
                    else { break }
                    position = next
                    continue
                }
                if isSeveral { return .several }
                return judged(mention, isStrict: isStrict, hasCrossed: hasCrossed)
            }
            if let result = mentions.result(ofCalculationAt: position) {
                // "1 + 2 = 3": what it comes to counts.
                position = result
                continue
            }
            if let next = assurance(at: position) ?? exception(at: position) {
                position = next
                continue
            }
            let roles = token.roles
            if roles.contains(.several) {
                isSeveral = true
            } else if roles.contains(.hedge) || roles.contains(.conditional) {
                return nil
            } else if roles.contains(.negation) {
                isDenied = true
            } else if roles.contains(.reset) {
                isDenied = false
            } else if !canSkip(token) {
                break
            }
            position += 1
        }
        return denied.map { .denied($0) }
    }

    /// The position after "none other than", which denies nothing.
    private func exception(at position: Int) -> Int? {
        guard let first = mentions.token(position),
            ["none", "no", "nothing"].contains(first.lower),
            mentions.token(position + 1)?.lower == "other",
            mentions.token(position + 2)?.lower == "than"
        else { return nil }
        return position + 3
    }

    private func isAllMarks(_ range: Range<Int>) -> Bool {
        tokens[range].allSatisfy { !$0.isWord }
    }

    private func canSkip(_ token: ConclusionToken) -> Bool {
        if token.isMark(":-=→>([{,") { return true }
        let skipped: WordRole = [
            .filler, .article, .copula, .modal, .good, .superlative, .optionWord, .subject,
            .therefore, .partial,
        ]
        return token.isWord && !token.roles.isDisjoint(with: skipped)
            && token.roles.isDisjoint(with: .bad) && token.lower != "i"
    }

    /// The end of a denial that follows what it denies, as in `Aではありません`.
    private func deniedAfter(_ mention: OptionMention) -> Int? {
        var next = mention.range.upperBound
        for _ in 0..<3 {
            guard let token = mentions.token(next), token.isWord else { return nil }
            if token.roles.contains(.negationAfter) { return next + 1 }
            guard !token.roles.isDisjoint(with: [.good, .copula, .filler]) else { return nil }
            next += 1
        }
        return nil
    }

    /// The position after an option that a coordinator joins to a denied one.
    private func otherDenied(from start: Int) -> Int? {
        var next = start
        var isJoined = false
        while next < start + 4, let token = mentions.token(next) {
            let joins = token.roles.contains(.coordinator) || token.isMark(",/")
            guard joins || isJoined && token.roles.contains(.negation) else { break }
            isJoined = isJoined || joins
            next += 1
        }
        guard isJoined, let other = mentions.mention(at: next) else { return nil }
        return endOfOwnText(after: other)
    }

    /// Where a statement goes on after "not A": at "but B", or at B after `ではなく`.
    private func continuation(after end: Int) -> Int? {
        var next = end
        // "Not A or C, but B": the others are denied, too.
        for _ in mentions.choices {
            guard let other = otherDenied(from: next) else { break }
            next = other
        }
        while let token = mentions.token(next), token.isMark(",;.") { next += 1 }
        guard let token = mentions.token(next) else { return nil }
        if token.roles.contains(.reset) { return next }
        return tokens[max(0, end - 1)].lower == "ではなく" && mentions.mention(at: next) != nil
            ? next : nil
    }
}
