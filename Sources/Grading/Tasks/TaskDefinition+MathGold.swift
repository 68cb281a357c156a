extension TaskDefinition {
    /// The gold answer of a row of mathematics: what the gold rules find, else the whole field.
    ///
    /// Throws where a worked solution has no box, so that it would stand for its answer as a whole, and
    /// where the answer is nothing that another one can be compared with.
    func mathGold(of row: Row) throws(BenchmarkError) -> String {
        let field = fields.answer
        let value = try required(field, of: row)
        guard let written = value.text?.trimmed, !written.isEmpty else {
            throw .badField(line: row.line, field: field, found: value.kind, expected: "an answer")
        }
        let marked = goldExtraction.lazy.compactMap { rule -> String? in
            switch rule {
            case .boxed: MathGrader.boxed(in: written)
            case .marker(let marker): MarkedAnswer.all(in: written, marker: marker).last
            case .lastNumber, .statedLetter, .lastLetter, .whole: nil
            }
        }.first
        if marked == nil, row.value(fields.solution) == value {
            throw .badField(
                line: row.line, field: field, found: "a solution without a boxed answer",
                expected: "an answer in \\boxed{}, or a field with the answer alone")
        }
        let answer = marked ?? written
        guard MathAnswer.isReadable(answer) else {
            throw .badField(
                line: row.line, field: field, found: "'\(answer.prefix(40))'",
                expected:
                    "an answer that can be compared: an expression in LaTeX, a list of them, or a "
                    + "few words in \\text{}")
        }
        return answer
    }
}
