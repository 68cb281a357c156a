import GRDB

/// What paired statistics need of one finished question of a cell.
public struct QuestionOutcome: Equatable, Sendable {
    /// The question's name.
    public let question: String
    /// Right or wrong; nil for tasks with a score only.
    public let correct: Bool?
    /// The score, for tasks that have one.
    public let score: Double?
    /// Whether it was cut at the most tokens that an answer may have.
    public let isCut: Bool
    /// Tokens of the prompt.
    public let promptTokens: Int?
    /// Tokens written.
    public let tokens: Int
    /// Tokens written by the large model.
    public let llmCalls: Int
    /// Serial passes of the large model.
    public let llmPasses: Int
    /// Floating-point operations.
    public let flops: Int?
    /// Bytes moved.
    public let bytes: Int?
    /// Wall-clock as if run alone, where measured.
    public let seconds: Double?
}

extension ResultsReader {
    /// The finished questions of a cell in the order of their names.
    public func outcomes(of cell: RowID<CellRecord>) throws(StoreError) -> [QuestionOutcome] {
        try rows(
            """
            SELECT question, correct, score, finish = 'length' AS cut, prompt_tokens, tokens, llm_calls, llm_passes, flops, bytes, seconds
            FROM sample WHERE cell = ? AND error IS NULL ORDER BY \(questionOrder)
            """, [cell.value]
        ) { row in
            QuestionOutcome(
                question: row["question"], correct: row["correct"], score: row["score"],
                isCut: row["cut"], promptTokens: row["prompt_tokens"], tokens: row["tokens"],
                llmCalls: row["llm_calls"], llmPasses: row["llm_passes"],
                flops: row["flops"], bytes: row["bytes"], seconds: row["seconds"])
        }
    }
}
