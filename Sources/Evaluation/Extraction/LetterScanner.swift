/// Finds the letters that name options in a text, without mistaking the article "A" for one.
struct LetterScanner {
    /// The options asked about.
    let choices: [Choice]

    /// A label found in a text and the position after it.
    private struct Found {
        let choice: Choice
        let end: Int
        let isBracketed: Bool
    }

    // MARK: A whole answer

    /// The label that an answer is: `B`, `(b)`, `Option B`, or with its option as in `B. text`.
    ///
    /// Nil where another label is named as well, as in `A, C` or `(A) and (B)`.
    func label(ofAnswer answer: String) -> String? {
        let text = Array(answer)
        let start = skipOptionWord(in: text, from: 0)
        if let found = label(in: text, at: start, anyCase: true),
            text[found.end...].allSatisfy({ ".,:;!)] \t\n".contains($0) })
        {
            return found.choice.label
        }
        guard let found = label(in: text, at: start, anyCase: false) else { return nil }
        let rest = text[found.end...]
        let isMarked = found.isBracketed || start > 0 || rest.first.map(".:)".contains) == true
        guard isMarked || Words.of(String(rest)) == Words.of(found.choice.text) else { return nil }
        let others = named(in: text, from: found.end)
        return others.allSatisfy { $0 == found.choice.label } ? found.choice.label : nil
    }

    // MARK: Letters in running text

    /// The label of the last statement such as "the answer is (B)", "Answer: B", "correct option is B".
    func lastStated(in output: String) -> String? {
        let text = Array(output.replacing("**", with: ""))
        let lower = text.map { Character($0.lowercased().first.map(String.init) ?? " ") }
        var last: String?
        for position in lower.indices {
            guard let end = statementEnd(in: lower, at: position) else { continue }
            let start = skipOptionWord(in: text, from: skipSpaces(in: text, from: end))
            if let found = label(in: text, at: start, anyCase: false), isStatement(found, in: text)
            {
                last = found.choice.label
            }
        }
        return last
    }

    /// The last letter that stands as an option's name: `(B)`, `Option B`, or `B`, `B.`, `B)` at the
    /// start of a line.
    func lastNamed(in output: String) -> String? {
        named(in: Array(output.replacing("**", with: "")), from: 0).last
    }

    private func named(in text: [Character], from start: Int) -> [String] {
        var labels: [String] = []
        var position = start
        while position < text.count {
            let isInsideWord = position > 0 && isWordPart(text[position - 1])
            let word = skipOptionWord(in: text, from: position)
            if !isInsideWord, let found = label(in: text, at: word, anyCase: false),
                found.isBracketed || word > position
                    || isLineStart(text, position) && isClosed(text, found.end)
            {
                labels.append(found.choice.label)
                position = found.end
            } else {
                position += 1
            }
        }
        return labels
    }

    // MARK: Parts

    /// The label at a position, with or without brackets.
    private func label(in text: [Character], at start: Int, anyCase: Bool) -> Found? {
        guard start < text.count else { return nil }
        let isBracketed = text[start] == "(" || text[start] == "["
        let from = isBracketed ? start + 1 : start
        for choice in choices {
            let candidate = String(text[from...].prefix(choice.label.count))
            let matches =
                anyCase || isBracketed
                ? candidate.lowercased() == choice.label.lowercased() : candidate == choice.label
            let end = from + choice.label.count
            guard matches else { continue }
            if isBracketed {
                guard end < text.count, text[end] == ")" || text[end] == "]" else { continue }
                return Found(choice: choice, end: end + 1, isBracketed: true)
            }
            if end == text.count || !isWordPart(text[end]) {
                return Found(choice: choice, end: end, isBracketed: false)
            }
        }
        return nil
    }

    /// Tells "the answer is A." from "the answer is A dog": a bare letter must not run on into other
    /// words than its own option's.
    private func isStatement(_ found: Found, in text: [Character]) -> Bool {
        if found.isBracketed || found.end >= text.count || text[found.end] != " " { return true }
        let rest = text[skipSpaces(in: text, from: found.end)...]
        guard let next = rest.first, next.isLetter else { return true }
        let connectives = ["because", "since", "as", "which", "with", "for"]
        return connectives.contains { rest.starts(with: $0) }
            || String(rest).lowercased().hasPrefix(found.choice.text.lowercased())
    }

    /// The end of "answer is", "answer to this is:", "option:" ... at a position in lower-case text.
    private func statementEnd(in lower: [Character], at start: Int) -> Int? {
        if start > 0, isWordPart(lower[start - 1]) { return nil }
        let subjects = ["answer", "option", "choice"]
        guard let subject = subjects.first(where: { lower[start...].starts(with: $0) }) else {
            return nil
        }
        let sentence = lower[(start + subject.count)...].prefix(60).prefix { !".!?\n".contains($0) }
        for position in sentence.indices {
            if sentence[position] == ":" { return position + 1 }
            let rest = sentence[position...]
            for verb in [" is:", " is ", " be ", " = "] where rest.starts(with: verb) {
                return position + verb.count
            }
        }
        return nil
    }

    /// Skips "option", "choice" or "letter" and the space after it; `start` where there is none.
    private func skipOptionWord(in text: [Character], from start: Int) -> Int {
        let rest = text[min(start, text.count)...].prefix(8)
        let word = ["option ", "choice ", "letter ", "answer "].first {
            String(rest).lowercased().hasPrefix($0)
        }
        return word.map { skipSpaces(in: text, from: start + $0.count) } ?? start
    }

    private func skipSpaces(in text: [Character], from start: Int) -> Int {
        text[min(start, text.count)...].firstIndex { !$0.isWhitespace } ?? text.count
    }

    private func isClosed(_ text: [Character], _ end: Int) -> Bool {
        end >= text.count || ".):".contains(text[end]) || text[end].isNewline
    }

    private func isLineStart(_ text: [Character], _ position: Int) -> Bool {
        let before = text[..<position].last { !" \t>*-#".contains($0) }
        return before?.isNewline ?? true
    }

    private func isWordPart(_ character: Character) -> Bool {
        character.isLetter || character.isNumber || "'’_".contains(character)
    }
}

/// The words of a text in lower case, for comparing texts up to case, spacing and punctuation.
enum Words {
    static func of(_ text: String) -> [Substring] {
        text.lowercased().split { !($0.isLetter || $0.isNumber) }
    }
}
