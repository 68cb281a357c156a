/// Scores a text by ROUGE against references, the best reference counting for each figure.
struct TextGrader {
    static let version = "rouge-1"

    let rules: [ExtractionRule]

    /// The grade by the first rule that finds a text; its score is the ROUGE-L F1.
    func grade(_ output: String, references: [String]) -> Grade {
        for rule in rules {
            guard let text = text(in: output, by: rule) else { continue }
            let scores = references.map { Rouge.scores(of: text, against: $0) }
            let best: (KeyPath<Rouge.Scores, Rouge.Score>) -> Double = { figure in
                scores.map { $0[keyPath: figure].f1 }.max() ?? 0
            }
            let rougeL = best(\.rougeL)
            return Grade(
                extracted: text, rule: rule.name, score: rougeL,
                measures: [
                    "rouge1": best(\.rouge1), "rouge2": best(\.rouge2), "rougeL": rougeL,
                ])
        }
        return Grade(extracted: nil, rule: "none", score: 0, measures: [:])
    }

    private func text(in output: String, by rule: ExtractionRule) -> String? {
        switch rule {
        case .boxed: return BoxedAnswer.last(in: output)
        case .marker(let marker): return MarkedAnswer.all(in: output, marker: marker).last
        case .whole:
            let text = output.trimmed
            return text.isEmpty ? nil : text
        case .lastNumber, .statedLetter, .lastLetter: return nil
        }
    }
}
