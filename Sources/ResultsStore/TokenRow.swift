import Foundation
import GRDB

/// One row of the view `token`, with the exact bytes of its texts.
package struct TokenRow: Equatable, Sendable {
    /// From 0.
    package let position: Int
    /// The token written.
    package let token: Int
    /// Its bytes, which need not be UTF-8 by themselves; nil where the vocabulary is unknown.
    package let bytes: [UInt8]?
    /// Who wrote it.
    package let author: TokenAuthor
    /// The policy's score.
    package let score: Double?
    /// The small model's choice; nil where it was not asked.
    package let slm: CandidateRecord?
    /// The text of that choice.
    package let slmBytes: [UInt8]?
    /// The large model's choice; nil where it was not asked.
    package let llm: CandidateRecord?
    /// The text of that choice.
    package let llmBytes: [UInt8]?
}

extension ResultsReader {
    /// The decisions of one answer, in order.
    package func tokens(of sample: SampleRow) throws(StoreError) -> [TokenRow] {
        try rows(
            """
            SELECT position, decision.token_id AS token_id, route, score / 1e6 AS score,
                slm_token, slm_logprob / 1e6 AS slm_logprob,
                llm_token, llm_logprob / 1e6 AS llm_logprob,
                ifnull(written.bytes, CAST(written.text AS BLOB)) AS text,
                ifnull(small.bytes, CAST(small.text AS BLOB)) AS slm_text,
                ifnull(large.bytes, CAST(large.text AS BLOB)) AS llm_text
            FROM decision
            LEFT JOIN piece AS written
                ON written.vocabulary = ?2 AND written.token_id = decision.token_id
            LEFT JOIN piece AS small
                ON small.vocabulary = ?2 AND small.token_id = decision.slm_token
            LEFT JOIN piece AS large
                ON large.vocabulary = ?2 AND large.token_id = decision.llm_token
            WHERE sample = ?1
            ORDER BY position
            """, [sample.id, try vocabulary(of: sample.cell)], tokenRow)
    }

    private func vocabulary(of cell: RowID<CellRecord>) throws(StoreError) -> Int64? {
        try read { db in
            try Int64.fetchOne(
                db, sql: "SELECT vocabulary FROM cell WHERE id = ?", arguments: [cell.value])
        }
    }

    private func tokenRow(_ row: Row) -> TokenRow {
        let token: Int = row["token_id"]
        let text: Data? = row["text"]
        func candidate(_ name: String) -> (CandidateRecord, [UInt8]?)? {
            let logprob: Double? = row["\(name)_logprob"]
            if let other: Int = row["\(name)_token"] {
                let otherText: Data? = row["\(name)_text"]
                return (
                    CandidateRecord(token: other, logprob: logprob), otherText.map { Array($0) }
                )
            }
            guard let logprob else { return nil }
            return (CandidateRecord(token: token, logprob: logprob), text.map { Array($0) })
        }
        let (slm, llm) = (candidate("slm"), candidate("llm"))
        return TokenRow(
            position: row["position"], token: token, bytes: text.map { Array($0) },
            author: row["route"] == 1 ? .llm : .slm, score: row["score"], slm: slm?.0,
            slmBytes: slm?.1, llm: llm?.0, llmBytes: llm?.1)
    }
}
