import GRDB

/// One question of one cell as stored: an answer or a failure.
package struct SampleRow: Equatable, Sendable {
    /// Its number in this file.
    package let id: Int64
    /// The cell.
    package let cell: RowID<CellRecord>
    /// The question's name.
    package let question: String
    /// The attempt that stored it.
    package let attempt: RowID<AttemptRecord>
    /// How often it was tried, this time included.
    package let tries: Int
    /// Why it failed; nil for an answer.
    package let error: String?
    /// The answer; nil for a failure.
    package let sample: SampleRecord?
}

extension ResultsReader {
    /// All questions of a cell, failed ones included, in the order of their names.
    package func samples(of cell: RowID<CellRecord>) throws(StoreError) -> [SampleRow] {
        try rows(
            "\(sampleColumns) WHERE cell = ? ORDER BY \(questionOrder)", [cell.value], sampleRow)
    }

    /// One question of a cell; throws `.notFound`.
    package func sample(
        of cell: RowID<CellRecord>, question: String
    ) throws(StoreError) -> SampleRow {
        let found = try rows(
            "\(sampleColumns) WHERE cell = ? AND question = ?", [cell.value, question], sampleRow)
        guard let row = found.first else {
            let names = try rows(
                "SELECT question FROM sample WHERE cell = ? ORDER BY \(questionOrder)",
                [cell.value]
            ) { $0["question"] as String }
            throw .notFound(
                what: "question", name: question, candidates: near(question, in: names))
        }
        return row
    }

    /// The questions of a cell that have an answer.
    package func finishedQuestions(of cell: RowID<CellRecord>) throws(StoreError) -> Set<String> {
        Set(
            try rows(
                "SELECT question FROM sample WHERE cell = ? AND error IS NULL", [cell.value]
            ) { $0["question"] as String })
    }

    /// The questions of a cell that failed so far, each with the number of tries.
    package func failedQuestions(
        of cell: RowID<CellRecord>
    ) throws(StoreError) -> [String: Int] {
        let failures = try rows(
            "SELECT question, tries FROM sample WHERE cell = ? AND error IS NOT NULL",
            [cell.value]
        ) { ($0["question"] as String, $0["tries"] as Int) }
        return Dictionary(failures, uniquingKeysWith: max)
    }

    /// The questions' texts by name, where the runner stored them.
    package func questionTexts(
        of dataset: RowID<DatasetRecord>
    ) throws(StoreError) -> [String: String] {
        let texts = try rows(
            "SELECT name, CAST(text AS BLOB) AS text FROM question WHERE dataset = ?",
            [dataset.value]
        ) { ($0["name"] as String, hostile($0["text"]) ?? "") }
        // Names can be equal as strings and still differ in spelling.
        return Dictionary(texts, uniquingKeysWith: { first, _ in first })
    }
}

/// All of a list of names if it is short; of a long one those that stand next to where `name` would, and how many more there are.
private func near(_ name: String, in names: [String], most: Int = 60) -> [String] {
    guard names.count > most else { return names }
    func place(_ name: String) -> (Int, String) { (name.unicodeScalars.count, name) }
    let index = names.firstIndex { place($0) > place(name) } ?? names.count
    let start = min(max(index - most / 4, 0), names.count - most / 2)
    return Array(names[start..<start + most / 2]) + ["and \(names.count - most / 2) more"]
}

private let sampleColumns = """
    SELECT id, cell, question, attempt, tries, finish, correct, score, grader_version,
        prompt_tokens, tokens, llm_calls, llm_passes, slm_processed, llm_processed, flops, bytes,
        seconds, rule, CAST(extracted AS BLOB) AS extracted, CAST(gold AS BLOB) AS gold,
        CAST(error AS BLOB) AS error, CAST(output AS BLOB) AS output
    FROM sample
    """

private func sampleRow(_ row: Row) -> SampleRow {
    SampleRow(
        id: row["id"], cell: RowID(row["cell"]), question: row["question"],
        attempt: RowID(row["attempt"]), tries: row["tries"], error: hostile(row["error"]),
        sample: SampleFinish(rawValue: row["finish"]).map { finish in
            SampleRecord(
                question: row["question"], output: hostile(row["output"]) ?? "", finish: finish,
                gold: hostile(row["gold"]),
                grade: GradeRecord(
                    extracted: hostile(row["extracted"]), rule: row["rule"],
                    correct: row["correct"], score: row["score"],
                    version: row["grader_version"] ?? ""),
                usage: UsageRecord(
                    promptTokens: row["prompt_tokens"], tokens: row["tokens"],
                    llmCalls: row["llm_calls"], llmPasses: row["llm_passes"],
                    slmProcessed: row["slm_processed"], llmProcessed: row["llm_processed"],
                    flops: row["flops"], bytes: row["bytes"], seconds: row["seconds"]))
        })
}
