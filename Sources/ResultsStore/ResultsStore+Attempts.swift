import Foundation
import GRDB

extension ResultsStore {
    /// Notes that a run starts, now, on this machine.
    package func beginAttempt(_ attempt: AttemptRecord) throws(StoreError) -> RowID<AttemptRecord> {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return try transaction { db in
            let inputs = try encoder.encode(attempt.inputs)
            let environment = try encoder.encode(attempt.environment)
            return try RowID(
                insert(
                    db,
                    """
                    INSERT INTO attempt (uid, experiment, purpose, program_version, git_commit,
                        git_dirty, host, cpu, threads, command, shard, spec, inputs, environment,
                        started)
                    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, CAST(? AS TEXT), ?, CAST(? AS TEXT),
                        CAST(? AS TEXT), CAST(? AS TEXT), ?)
                    RETURNING id
                    """,
                    [
                        UUID().uuidString.lowercased(), attempt.experiment?.value, attempt.purpose,
                        attempt.programVersion, attempt.commit, attempt.dirty, attempt.host,
                        attempt.cpu, attempt.threads, hostile(attempt.command), attempt.shard,
                        hostile(attempt.spec), inputs, environment, Clock.now(),
                    ]))
        }
    }

    /// Notes how a run ended, now.
    ///
    /// `peakMemory`: the most bytes the process had resident.
    package func endAttempt(
        _ attempt: RowID<AttemptRecord>, _ outcome: AttemptOutcome, peakMemory: Int? = nil
    ) throws(StoreError) {
        try transaction { db in
            try db.execute(
                sql: """
                    UPDATE attempt
                    SET ended = ?, outcome = ?, reason = CAST(? AS TEXT), peak_memory = ?
                    WHERE id = ?
                    """,
                arguments: [
                    Clock.now(), outcome.name, hostile(outcome.reason), peakMemory, attempt.value,
                ])
        }
    }

    /// Adds measured times to those of the same phase and batch size.
    ///
    /// `cell` is nil where cells shared the work, as in a fused sweep.
    package func record(
        _ timings: [TimingRecord], in cell: RowID<CellRecord>? = nil,
        by attempt: RowID<AttemptRecord>
    ) throws(StoreError) {
        for timing in timings where !timing.seconds.isFinite {
            throw .invalid(what: "\(timing.phase.rawValue) took \(timing.seconds) seconds")
        }
        try transaction { db in
            let add = try db.cachedStatement(
                sql: """
                    INSERT INTO timing (attempt, cell, phase, batch, seconds, passes, tokens)
                    VALUES (?, ?, ?, ?, ?, ?, ?)
                    ON CONFLICT (attempt, ifnull(cell, 0), phase, batch) DO UPDATE SET
                        seconds = seconds + excluded.seconds, passes = passes + excluded.passes,
                        tokens = tokens + excluded.tokens
                    """)
            for timing in timings {
                try add.execute(arguments: [
                    attempt.value, cell?.value, timing.phase.rawValue, timing.batch,
                    timing.seconds, timing.passes, timing.tokens,
                ])
            }
        }
    }

    /// Stores a training round; the same round again replaces it.
    package func record(
        _ training: TrainingRecord, of router: RowID<RouterRecord>,
        by attempt: RowID<AttemptRecord>? = nil
    ) throws(StoreError) {
        try transaction { db in
            try db.execute(
                sql: """
                    INSERT OR REPLACE INTO training (router, round, attempt, tokens, case_1,
                        case_2, case_3, rollouts, churn, training_loss, validation_loss, accuracy,
                        flops, bytes, seconds)
                    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                    """,
                arguments: [
                    router.value, training.round, attempt?.value, training.tokens, training.case1,
                    training.case2, training.case3, training.rollouts, training.churn,
                    training.trainingLoss, training.validationLoss, training.accuracy,
                    training.flops, training.bytes, training.seconds,
                ])
        }
    }
}
