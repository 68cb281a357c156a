import GRDB

extension ResultsReader {
    /// All scores that a cell's decisions hold, over some questions, in millionths as stored; unordered.
    package func scoreMillionths(
        of cell: RowID<CellRecord>, questions: [String]
    ) throws(StoreError) -> [Int] {
        let wanted = Set(questions)
        return try rows(
            """
            SELECT sample.question, decision.score FROM decision
            JOIN sample ON sample.id = decision.sample
            WHERE sample.cell = ? AND decision.score IS NOT NULL
            """, [cell.value]
        ) { ($0["question"] as String, $0["score"] as Int) }
        .filter { wanted.contains($0.0) }
        .map(\.1)
    }
}
