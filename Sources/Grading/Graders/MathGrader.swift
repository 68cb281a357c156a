struct MathGrader {
    static let version = "math-3"

    let rules: [ExtractionRule]

    /// The grade by the first rule that finds an answer.
    func grade(_ output: String, gold: String) -> Grade {
        for rule in rules {
            guard let answer = answer(in: output, by: rule) else { continue }
            return Grade(
                extracted: answer, rule: rule.name, correct: MathAnswer.isSame(answer, gold))
        }
        return .noAnswer
    }

    /// The text that a rule takes for the answer; nil if it does not apply.
    private func answer(in output: String, by rule: ExtractionRule) -> String? {
        switch rule {
        case .boxed:
            return Self.boxed(in: output)
        case .marker(let marker):
            return MarkedAnswer.all(in: output, marker: marker).last
        case .lastNumber:
            return UnboxedNumber.last(in: output)
        case .whole:
            let answer = output.trimmed
            return answer.isEmpty ? nil : answer
        case .statedLetter, .lastLetter:
            return nil
        }
    }

    /// The answer in the last box, or in several side by side; forms of one answer count once.
    static func boxed(in text: String) -> String? {
        var answers: [String] = []
        for content in BoxedAnswer.contents(in: text)
        where !answers.contains(where: { MathAnswer.isSame($0, content) }) {
            answers.append(content)
        }
        return answers.isEmpty ? nil : answers.joined(separator: ", ")
    }
}
