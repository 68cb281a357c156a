import GRDB

/// What became of a cell's drafted tokens.
package struct DraftCount: Equatable, Sendable {
    /// Written by the small model and taken by the large one.
    package let accepted: Int
    /// Those, and the ones that the large model put its own token in place of.
    package let checked: Int
}

extension ResultsReader {
    /// Counts a cell's drafted tokens, over its finished questions.
    package func drafts(of cell: RowID<CellRecord>) throws(StoreError) -> DraftCount {
        let counts = try rows(
            """
            SELECT count(*) FILTER (WHERE decision.route = 0) AS accepted, count(*) AS checked
            FROM decision JOIN sample ON sample.id = decision.sample
            WHERE sample.cell = ? AND sample.error IS NULL
                AND decision.slm_logprob IS NOT NULL AND decision.llm_logprob IS NOT NULL
            """, [cell.value]
        ) { DraftCount(accepted: $0["accepted"], checked: $0["checked"]) }
        return counts.first ?? DraftCount(accepted: 0, checked: 0)
    }
}
