import GRDB

/// What paired statistics need of one finished question of a cell.
package struct QuestionOutcome: Equatable, Sendable {
    /// The question's name.
    package let question: String
    /// Right or wrong; nil for tasks with a score only.
    package let correct: Bool?
    /// The score, for tasks that have one.
    package let score: Double?
    /// Whether it was cut at the most tokens that an answer may have.
    package let isCut: Bool
    package let promptTokens: Int
    /// Tokens written.
    package let tokens: Int
    /// Tokens written by the large model.
    package let llmCalls: Int
    /// Serial passes of the large model.
    package let llmPasses: Int
    /// Tokens that the small model read, prompt included.
    package let slmProcessed: Int
    /// Tokens that the large model read, prompt included.
    package let llmProcessed: Int
    /// Floating-point operations.
    package let flops: Int?
    /// Bytes moved.
    package let bytes: Int?
    /// Wall-clock of its passes, or its share of theirs in a batch; where measured.
    package let seconds: Double?
    /// Energy of the processor's packages in joules, where measured.
    package let joules: Double?
}

extension ResultsReader {
    /// The finished questions of a cell in the order of their names.
    package func outcomes(of cell: RowID<CellRecord>) throws(StoreError) -> [QuestionOutcome] {
        try rows(
            """
            SELECT question, correct, score, finish = 'length' AS cut, prompt_tokens, tokens,
                llm_calls, llm_passes, slm_processed, llm_processed, flops, bytes, seconds, joules
            FROM sample WHERE cell = ? AND error IS NULL ORDER BY \(questionOrder)
            """, [cell.value]
        ) { row in
            try QuestionOutcome(
                question: row.value("question"), correct: row.value("correct"),
                score: row.value("score"),
                isCut: row.value("cut"), promptTokens: row.count("prompt_tokens"),
                tokens: row.count("tokens"),
                llmCalls: row.count("llm_calls"), llmPasses: row.count("llm_passes"),
                slmProcessed: row.count("slm_processed"),
                llmProcessed: row.count("llm_processed"),
                flops: row.count("flops", most: Most.work),
                bytes: row.count("bytes", most: Most.work), seconds: row.value("seconds"),
                joules: row.value("joules"))
        }
    }

    /// How many of the questions that both cells finished have different texts as their answers. O(questions).
    package func differentTexts(
        _ cell: RowID<CellRecord>, _ other: RowID<CellRecord>
    ) throws(StoreError) -> Int {
        let counts = try rows(
            """
            SELECT count(*) AS different FROM sample AS one
            JOIN sample AS two ON two.cell = ? AND two.question = one.question
            WHERE one.cell = ? AND one.error IS NULL AND two.error IS NULL
                AND one.output <> two.output
            """, [other.value, cell.value]
        ) { row in
            try row.count("different") as Int
        }
        return counts.first ?? 0
    }
}
