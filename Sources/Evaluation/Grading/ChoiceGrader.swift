/// Grades multiple-choice answers by the option's label (METHOD.md, section 6).
struct ChoiceGrader {
    static let version = "choice-1"

    let rules: [ExtractionRule]
    let choices: [Choice]

    /// The grade by the first rule that finds an answer.
    func grade(_ output: String, gold: String) -> Grade {
        for rule in rules {
            guard let (label, name) = label(in: output, by: rule) else { continue }
            return Grade(extracted: label, rule: name, correct: label == gold)
        }
        return .noAnswer
    }

    /// The label (or unreadable answer) that a rule finds and the name to record it under.
    private func label(
        in output: String, by rule: ExtractionRule
    ) -> (label: String, rule: String)? {
        let letters = LetterScanner(choices: choices)
        switch rule {
        case .boxed:
            return BoxedAnswer.last(in: output).map { read($0, rule: rule.name) }
        case .marker(let marker):
            return MarkedAnswer.all(in: output, marker: marker).last.map {
                read($0, rule: rule.name)
            }
        case .whole:
            let answer = output.trimmed
            return answer.isEmpty ? nil : read(answer, rule: rule.name)
        case .statedLetter:
            return letters.lastStated(in: output).map { ($0, rule.name) }
        case .lastLetter:
            return letters.lastNamed(in: output).map { ($0, rule.name) }
        case .lastNumber:
            return nil
        }
    }

    /// Reads an answer that is a label, a label with its option, or the text of just one option. An
    /// answer that is none of these is kept as it is, and is wrong.
    private func read(_ answer: String, rule: String) -> (label: String, rule: String) {
        let plain = LaTeXText.plain(answer).filter { $0 != "*" && $0 != "$" }.trimmed
        if let label = LetterScanner(choices: choices).label(ofAnswer: plain) {
            return (label, rule)
        }
        let words = Words.of(plain)
        let named = choices.filter { !words.isEmpty && Words.of($0.text) == words }
        return named.count == 1 ? (named[0].label, "option-text") : (plain, rule)
    }
}
