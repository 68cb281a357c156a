import GRDB

/// A part of decoding that is timed apart (docs/method.md, 3).
package struct Phase: RawRepresentable, Hashable, Sendable {
    /// The name in the database.
    package let rawValue: String

    /// A phase of any name, such as one a later program writes.
    package init(rawValue: String) { self.rawValue = rawValue }

    /// The small model reads the prompt.
    package static let slmPrefill = Phase(rawValue: "slm_prefill")
    /// The small model steps.
    package static let slmStep = Phase(rawValue: "slm_step")
    /// The router scores.
    package static let router = Phase(rawValue: "router")
    /// The large model reads the prompt and what the small one wrote.
    package static let llmCatchUp = Phase(rawValue: "llm_catch_up")
    /// The large model steps.
    package static let llmStep = Phase(rawValue: "llm_step")
    /// A token is chosen from logits.
    package static let sampling = Phase(rawValue: "sampling")
    /// Text to tokens and back.
    package static let tokenizing = Phase(rawValue: "tokenizing")
    /// Decisions and answers are stored.
    package static let logging = Phase(rawValue: "logging")
}

/// Wall-clock spent in a phase at one batch size; records of the same kind add up.
package struct TimingRecord: Equatable, Sendable {
    /// The part of decoding.
    package var phase: Phase
    /// Sequences per pass.
    package var batch: Int
    /// Wall-clock.
    package var seconds: Double
    /// Forward passes or calls.
    package var passes: Int
    /// Tokens processed.
    package var tokens: Int
    /// Energy that the processor's packages used meanwhile, in joules; nil where that can't be measured.
    package var joules: Double?

    /// A measurement.
    package init(
        phase: Phase, batch: Int = 1, seconds: Double, passes: Int, tokens: Int,
        joules: Double? = nil
    ) {
        self.phase = phase
        self.batch = batch
        self.seconds = seconds
        self.passes = passes
        self.tokens = tokens
        self.joules = joules
    }
}

/// Time spent in one phase at one batch size, with the attempt it belongs to.
package struct TimingRow: Equatable, Sendable {
    /// The attempt.
    package internal(set) var attempt: RowID<AttemptRecord>
    /// The cell; nil where cells shared the work.
    package internal(set) var cell: RowID<CellRecord>?
    /// The sum of what was recorded.
    package internal(set) var record: TimingRecord

    static let table = StoredTable(
        "timing",
        row: """
            'attempt ' || (SELECT uid FROM source.attempt WHERE id = theirs.attempt)
                || ' phase ' || theirs.phase || ' batch ' || theirs.batch
            """,
        blank: TimingRow(
            attempt: RowID(0), cell: nil,
            record: TimingRecord(phase: .logging, seconds: 0, passes: 0, tokens: 0)),
        [
            Column("attempt", \.attempt, .name, in: "attempt"),
            Column("cell", \.cell, .name, in: "cell"),
            Column("phase", \.record.phase, .name),
            Column("batch", \.record.batch, .name, most: Most.things),
            Column("seconds", \.record.seconds, .sum),
            Column("passes", \.record.passes, .sum, most: Most.things),
            Column("tokens", \.record.tokens, .sum, most: Most.things),
            Column("joules", \.record.joules, .sum),
        ])
}

extension Phase: Storable {}

extension ResultsStore {
    /// Adds measured times to those of the same phase and batch size.
    ///
    /// `cell` is nil where cells shared the work, as in a fused sweep. A sum of which a part is unknown, as joules may be, is unknown.
    package func record(
        _ timings: [TimingRecord], in cell: RowID<CellRecord>? = nil,
        by attempt: RowID<AttemptRecord>
    ) throws(StoreError) {
        for timing in timings where !timing.seconds.isFinite {
            throw .invalid(what: "\(timing.phase.rawValue) took \(timing.seconds) seconds")
        }
        let table = TimingRow.table
        let sums = table.layout.columns(.sum).map {
            "\($0.name) = \($0.name) + excluded.\($0.name)"
        }
        try transaction { db in
            let add = try db.cachedStatement(
                sql: """
                    \(table.insertion) ON CONFLICT (attempt, ifnull(cell, 0), phase, batch)
                    DO UPDATE SET \(sums.joined(separator: ", "))
                    """)
            for timing in timings {
                try add.execute(
                    arguments: table.arguments(
                        TimingRow(attempt: attempt, cell: cell, record: timing)))
            }
        }
    }
}

extension ResultsReader {
    /// All measured times.
    package func timings() throws(StoreError) -> [TimingRow] {
        let table = TimingRow.table
        return try rows(
            """
            SELECT \(table.selection) FROM timing
            ORDER BY timing.attempt, timing.cell, timing.phase, timing.batch
            """, [], table.reading)
    }
}
