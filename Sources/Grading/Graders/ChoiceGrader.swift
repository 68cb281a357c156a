/// Grades multiple-choice answers by the option that they conclude (docs/method.md, section 6).
struct ChoiceGrader {
    static let version = "choice-3"

    let rules: [ExtractionRule]
    let choices: [Choice]

    /// The grade by the first rule that finds an answer.
    func grade(_ output: String, gold: String) -> Grade {
        // Several rules read the whole text.
        lazy var reader = reader(of: output)
        for rule in rules {
            guard let (label, name) = label(in: output, by: rule, reader) else { continue }
            return Grade(extracted: label, rule: name, correct: label == gold)
        }
        return .noAnswer
    }

    private typealias Answer = (label: String, rule: String)

    /// The label (or unreadable answer) that a rule finds and the name to record it under.
    private func label(
        in output: String, by rule: ExtractionRule, _ whole: @autoclosure () -> ConclusionReader
    ) -> Answer? {
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
            return whole().conclusion().map { named($0, rule: rule.name) }
        case .lastLetter:
            return StandaloneLetter(whole()).found().map { named($0, rule: rule.name) }
        case .lastNumber:
            return nil
        }
    }

    /// Reads an answer that is a label, a label with its option, the text of just one option, or a
    /// statement of one. An answer that is none of these is kept as it is, and is wrong.
    private func read(_ answer: String, rule: String) -> Answer {
        let reader = reader(of: answer)
        guard let option = StandaloneLetter(reader).whole() ?? reader.conclusion() else {
            return (LaTeXText.plain(answer).filter { $0 != "*" && $0 != "$" }.trimmed, rule)
        }
        return named(option, rule: rule)
    }

    private func reader(of text: String) -> ConclusionReader {
        ConclusionReader(
            mentions: OptionMentions(tokens: ConclusionTokens.all(of: text), choices: choices))
    }

    private func named(_ mention: OptionMention, rule: String) -> Answer {
        (choices[mention.option].label, mention.form == .text ? "option-text" : rule)
    }
}
