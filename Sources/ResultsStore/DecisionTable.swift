import Foundation
import GRDB

/// Which model wrote a token.
package enum TokenAuthor: Int, Equatable, Sendable {
    /// The small model.
    case slm = 0
    /// The large model.
    case llm = 1
}

/// A model's own choice at a position.
package struct CandidateRecord: Equatable, Sendable {
    /// The token it would write.
    package var token: Int
    /// Its natural log-probability, finite; nil where the model does not tell.
    package var logprob: Double?

    /// A candidate token.
    package init(token: Int, logprob: Double?) {
        self.token = token
        self.logprob = logprob
    }
}

/// One routing decision; its position is its place in the array that is saved.
package struct DecisionRecord: Equatable, Sendable {
    /// The token written.
    package var token: Int
    /// Who wrote it.
    package var author: TokenAuthor
    /// The policy's score, finite; nil for a policy without one. Stored to a millionth.
    package var score: Double?
    /// The small model's choice; nil where it was not asked.
    package var slm: CandidateRecord?
    /// The large model's choice; nil where it was not asked.
    package var llm: CandidateRecord?

    /// A decision.
    package init(
        token: Int, author: TokenAuthor, score: Double? = nil, slm: CandidateRecord? = nil,
        llm: CandidateRecord? = nil
    ) {
        self.token = token
        self.author = author
        self.score = score
        self.slm = slm
        self.llm = llm
    }
}

/// A row of `decision`: scores and log-probabilities in whole millionths.
///
/// A model's token is nil where it was not asked, and also where it is the token written and its log-probability is known.
struct StoredDecision: Sendable {
    var sample: RowID<SampleRow> = RowID(0)
    var position = 0
    var token = 0
    var author = TokenAuthor.slm
    var score: Int?
    var slmToken: Int?
    var slmLogprob: Int?
    var llmToken: Int?
    var llmLogprob: Int?

    static let table = StoredTable(
        "decision", row: "'position ' || theirs.position", blank: StoredDecision(),
        [
            Column("sample", \.sample, .name, in: "sample"),
            Column("position", \.position, .name, most: Most.things),
            Column("token_id", \.token, .content),
            Column("route", \.author, .content),
            Column("score", \.score, .content),
            Column("slm_token", \.slmToken, .content),
            Column("slm_logprob", \.slmLogprob, .content),
            Column("llm_token", \.llmToken, .content),
            Column("llm_logprob", \.llmLogprob, .content),
        ])
}

extension TokenAuthor: Storable {}

extension StoredDecision {
    init(
        _ decision: DecisionRecord, at position: Int, of sample: RowID<SampleRow>
    ) throws(StoreError) {
        func token(_ candidate: CandidateRecord?) -> Int? {
            guard let candidate else { return nil }
            let isWritten = candidate.token == decision.token && candidate.logprob != nil
            return isWritten ? nil : candidate.token
        }
        self.init(
            sample: sample, position: position, token: decision.token, author: decision.author,
            score: try Self.millionths(decision.score), slmToken: token(decision.slm),
            slmLogprob: try Self.millionths(decision.slm?.logprob),
            llmToken: token(decision.llm), llmLogprob: try Self.millionths(decision.llm?.logprob))
    }

    var decision: DecisionRecord {
        func candidate(_ other: Int?, _ logprob: Int?) -> CandidateRecord? {
            guard other != nil || logprob != nil else { return nil }
            return CandidateRecord(token: other ?? token, logprob: logprob.map { Double($0) / 1e6 })
        }
        return DecisionRecord(
            token: token, author: author, score: score.map { Double($0) / 1e6 },
            slm: candidate(slmToken, slmLogprob), llm: candidate(llmToken, llmLogprob))
    }

    private static func millionths(_ value: Double?) throws(StoreError) -> Int? {
        guard let value else { return nil }
        guard let scaled = Int(exactly: (value * 1e6).rounded()) else {
            throw .invalid(what: "a score or log-probability of \(value)")
        }
        return scaled
    }
}

/// One row of the view `token`, with the exact bytes of its texts.
package struct TokenRow: Equatable, Sendable {
    /// From 0.
    package let position: Int
    package let decision: DecisionRecord
    /// The bytes of the token written, which need not be UTF-8 by themselves; nil where the vocabulary is unknown.
    package let bytes: [UInt8]?
    /// The text of the small model's choice.
    package let slmBytes: [UInt8]?
    /// The text of the large model's choice.
    package let llmBytes: [UInt8]?

    /// The token written.
    package var token: Int { decision.token }
    /// Who wrote it.
    package var author: TokenAuthor { decision.author }
    /// The policy's score.
    package var score: Double? { decision.score }
    /// The small model's choice; nil where it was not asked.
    package var slm: CandidateRecord? { decision.slm }
    /// The large model's choice; nil where it was not asked.
    package var llm: CandidateRecord? { decision.llm }
}

/// What became of a cell's drafted tokens.
package struct DraftCount: Equatable, Sendable {
    /// Written by the small model and taken by the large one.
    package let accepted: Int
    /// Those, and the ones that the large model put its own token in place of.
    package let checked: Int
    /// All that the small model wrote, what was taken back unread included; nil where an answer does not tell.
    package let drafted: Int?
}

extension ResultsReader {
    /// The decisions of one answer, in order.
    package func tokens(of sample: SampleRow) throws(StoreError) -> [TokenRow] {
        let table = StoredDecision.table
        return try rows(
            """
            SELECT \(table.selection),
                ifnull(written.bytes, CAST(written.text AS BLOB)) AS written_text,
                ifnull(small.bytes, CAST(small.text AS BLOB)) AS small_text,
                ifnull(large.bytes, CAST(large.text AS BLOB)) AS large_text
            FROM decision
            LEFT JOIN piece AS written
                ON written.vocabulary = ?2 AND written.token_id = decision.token_id
            LEFT JOIN piece AS small
                ON small.vocabulary = ?2 AND small.token_id = decision.slm_token
            LEFT JOIN piece AS large
                ON large.vocabulary = ?2 AND large.token_id = decision.llm_token
            WHERE decision.sample = ?1
            ORDER BY decision.position
            """, [sample.id, try vocabulary(of: sample.cell)]
        ) { row in
            let stored = try table.record(row)
            let decision = stored.decision
            func bytes(_ name: String) throws -> [UInt8]? {
                try (row.value(name) as Data?).map { Array($0) }
            }
            let written = try bytes("written_text")
            func text(
                _ candidate: CandidateRecord?, _ other: Int?, _ name: String
            ) throws -> [UInt8]? {
                try candidate == nil ? nil : other == nil ? written : bytes(name)
            }
            return try TokenRow(
                position: stored.position, decision: decision, bytes: written,
                slmBytes: text(decision.slm, stored.slmToken, "small_text"),
                llmBytes: text(decision.llm, stored.llmToken, "large_text"))
        }
    }

    private func vocabulary(of cell: RowID<CellRecord>) throws(StoreError) -> Int64? {
        try read { db in
            try Int64.fetchOne(
                db, sql: "SELECT vocabulary FROM cell WHERE id = ?", arguments: [cell.value])
        }
    }

    /// Tokens of a cell's finished answers that the small model read in a pass together with the one behind them: of a stretch that was kept as long as it may be
    /// the last, which no word of its followed before the large model's. So where it copies nothing from the text, an answer took it as many passes as it read
    /// tokens from the prompt's last one on, less these.
    package func slmCatchUps(of cell: RowID<CellRecord>) throws(StoreError) -> Int {
        try rows(
            """
            SELECT count(*) AS tokens FROM sample
            JOIN decision ON decision.sample = sample.id
            JOIN decision AS next
                ON next.sample = sample.id AND next.position = decision.position + 1
            WHERE sample.cell = ? AND sample.error IS NULL AND decision.route = 1
                AND decision.slm_logprob IS NULL AND next.slm_logprob IS NOT NULL
            """, [cell.value]
        ) { try $0.count("tokens") }.first ?? 0
    }

    /// Counts a cell's drafted tokens, over its finished questions.
    package func drafts(of cell: RowID<CellRecord>) throws(StoreError) -> DraftCount {
        // At a stop S's token has a score and was no draft; one that was taken back has none.
        let counts = try rows(
            """
            SELECT count(*) FILTER (WHERE decision.route = 0) AS accepted, count(*) AS checked,
                (SELECT CASE WHEN count(drafted) = count(*) THEN sum(drafted) END FROM sample
                    WHERE cell = ?1 AND error IS NULL) AS drafted
            FROM decision JOIN sample ON sample.id = decision.sample
            WHERE sample.cell = ?1 AND sample.error IS NULL
                AND decision.slm_logprob IS NOT NULL AND decision.llm_logprob IS NOT NULL
                AND (decision.route = 0 OR decision.score IS NULL)
            """, [cell.value]
        ) {
            try DraftCount(
                accepted: $0.value("accepted"), checked: $0.value("checked"),
                drafted: $0.value("drafted"))
        }
        return counts.first ?? DraftCount(accepted: 0, checked: 0, drafted: nil)
    }

    /// All scores that a cell's decisions hold, in millionths as stored; unordered.
    package func scoreMillionths(of cell: RowID<CellRecord>) throws(StoreError) -> [Int] {
        try rows(
            """
            SELECT decision.score FROM sample JOIN decision ON decision.sample = sample.id
            WHERE sample.cell = ? AND decision.score IS NOT NULL
            """, [cell.value]
        ) { try $0.value("score") }
    }

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
        ) { try ($0.value("question") as String, $0.value("score") as Int) }
        .filter { wanted.contains($0.0) }
        .map(\.1)
    }
}

extension TokenRow {
    /// The names of an exported token's values.
    package static let exportedNames = [
        "position", "token_id", "text", "bytes", "route", "score", "threshold", "slm_token",
        "slm_text", "slm_logprob", "llm_token", "llm_text", "llm_logprob",
    ]

    /// A token as it is exported, in the order of `exportedNames`; `bytes` in hexadecimal where they are not UTF-8, so that nothing is lost.
    package func exported(threshold: Double?) -> [StoredValue] {
        func text(_ bytes: [UInt8]?) -> StoredValue {
            bytes.map { String(decoding: $0, as: UTF8.self) }.stored
        }
        func candidate(_ candidate: CandidateRecord?, _ bytes: [UInt8]?) -> [StoredValue] {
            [(candidate?.token).stored, text(bytes), (candidate?.logprob).stored]
        }
        return [
            position.stored, token.stored, text(bytes), bytes.flatMap(Self.hexUnlessText).stored,
            .text(author == .llm ? "llm" : "slm"), score.stored, threshold.stored,
        ] + candidate(slm, slmBytes) + candidate(llm, llmBytes)
    }

    private static func hexUnlessText(_ bytes: [UInt8]) -> String? {
        guard Array(String(decoding: bytes, as: UTF8.self).utf8) != bytes else { return nil }
        return bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }
}
