/// Grades answers that are one number, compared as exact decimals (docs/method.md, section 6).
struct NumberGrader {
    static let version = "number-3"

    let rules: [ExtractionRule]
    let convention: NumberConvention

    /// The grade by the first rule that finds an answer.
    func grade(_ output: String, gold: String) -> Grade {
        for rule in rules {
            guard let (answer, value) = answer(in: output, by: rule) else { continue }
            // Gold is always stored in the English convention, whatever the model writes.
            let correct = value.map { $0 == ExactNumber(gold) } ?? false
            return Grade(
                extracted: value?.description ?? answer, rule: rule.name, correct: correct)
        }
        return .noAnswer
    }

    private typealias Answer = (text: String, value: ExactNumber?)

    /// What a rule takes for the answer, and its number where it can be read; nil if it does not apply.
    private func answer(in output: String, by rule: ExtractionRule) -> Answer? {
        switch rule {
        case .boxed:
            return BoxedAnswer.last(in: output).map(read)
        case .marker(let marker):
            return MarkedAnswer.all(in: output, marker: marker).last(beginning: startsWithNumber)
                .map(read)
        case .lastNumber:
            return LastNumber(in: output, convention: convention).map { ($0.text, $0.value) }
        case .whole:
            let answer = output.trimmed
            return answer.isEmpty ? nil : read(answer)
        case .statedLetter, .lastLetter:
            return nil
        }
    }

    private func read(_ answer: String) -> Answer {
        (answer, NumberAnswer.value(of: answer, convention: convention))
    }

    /// Tells `#### 18 dollars` from a heading such as `#### Step 2` or `#### 2. Add them up`.
    private func startsWithNumber(_ line: ArraySlice<Unicode.Scalar>) -> Bool {
        // A line of nothing but `#` is read at every one of them.
        if line.first == "#" { return false }
        let line = String(String.UnicodeScalarView(line)).trimmed
        let text = Array(LaTeXText.plain(line).unicodeScalars.filter { $0 != "*" && $0 != ":" })
        let start = text.firstIndex { $0 != " " } ?? 0
        let found = NumberScanner(text: text, convention: convention).numbers()
        guard let number = found.first, number.range.lowerBound == start else { return false }
        let rest = text[number.range.upperBound...]
        return !(rest.starts(with: ". ".unicodeScalars) || rest.starts(with: ")".unicodeScalars))
    }
}
