/// Grades answers that are one number, compared as exact decimals (METHOD.md, section 6).
struct NumberGrader {
    static let version = "number-1"

    let rules: [ExtractionRule]
    let convention: NumberConvention

    /// The grade by the first rule that finds an answer.
    func grade(_ output: String, gold: String) -> Grade {
        for rule in rules {
            guard let answer = answer(in: output, by: rule) else { continue }
            let value = NumberAnswer.value(of: answer, convention: convention)
            // Gold is always stored in the English convention, whatever the model writes.
            let correct = value.map { $0 == ExactNumber(gold) } ?? false
            return Grade(
                extracted: value?.description ?? answer, rule: rule.name, correct: correct)
        }
        return .noAnswer
    }

    /// The text that a rule takes for the answer; nil if it does not apply.
    private func answer(in output: String, by rule: ExtractionRule) -> String? {
        switch rule {
        case .boxed:
            return BoxedAnswer.last(in: output)
        case .marker(let marker):
            return MarkedAnswer.all(in: output, marker: marker).last {
                startsWithNumber($0)
            }
        case .lastNumber:
            let text = Array(LaTeXText.plain(output).unicodeScalars)
            let found = NumberScanner(text: text, convention: convention).numbers()
            return found.last.map { String(String.UnicodeScalarView(text[$0.range])) }
        case .whole:
            let answer = output.trimmed
            return answer.isEmpty ? nil : answer
        case .statedLetter, .lastLetter:
            return nil
        }
    }

    /// Tells `#### 18 dollars` from a heading such as `#### Step 2` or `#### 2. Add them up`.
    private func startsWithNumber(_ line: String) -> Bool {
        let text = Array(LaTeXText.plain(line).unicodeScalars.filter { $0 != "*" && $0 != ":" })
        let start = text.firstIndex { $0 != " " } ?? 0
        let found = NumberScanner(text: text, convention: convention).numbers()
        guard let number = found.first, number.range.lowerBound == start else { return false }
        let rest = text[number.range.upperBound...]
        return !(rest.starts(with: ". ".unicodeScalars) || rest.starts(with: ")".unicodeScalars))
    }
}
