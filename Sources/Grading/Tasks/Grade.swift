/// What a grader made of one generated answer.
package struct Grade: Equatable, Sendable {
    /// The answer found in the output, normalised where it could be read; nil if none was found.
    package let extracted: String?
    /// The extraction rule that fired: `boxed`, `marker`, `last-number`, `stated-letter`,
    /// `option-text`, `last-letter`, `whole`, or `none` where no rule found an answer.
    package let rule: String
    /// Whether the answer is right; nil for a text, which has a score but no right or wrong.
    package let correct: Bool?
    /// Quality from 0 to 1: 1 or 0 for right or wrong, the ROUGE-L F1 of a text.
    package let score: Double
    /// Further figures by name, such as `rouge1`, `rouge2` and `rougeL` of a text.
    package let measures: [String: Double]

    /// The grade of an answer that is right or wrong.
    package init(extracted: String?, rule: String, correct: Bool) {
        self.extracted = extracted
        self.rule = rule
        self.correct = correct
        score = correct ? 1 : 0
        measures = [:]
    }

    /// The grade of a text that is better or worse; `score` is in 0...1.
    package init(extracted: String?, rule: String, score: Double, measures: [String: Double]) {
        self.extracted = extracted
        self.rule = rule
        correct = nil
        self.score = score
        self.measures = measures
    }

    /// The grade of an output in which no rule found an answer.
    package static let noAnswer = Grade(extracted: nil, rule: "none", correct: false)
}
