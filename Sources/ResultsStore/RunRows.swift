import Foundation
import GRDB

/// A stored attempt.
package struct AttemptRow: Equatable, Sendable {
    /// Its number in this file.
    package let id: RowID<AttemptRecord>
    /// Its name in every file.
    package let uid: String
    /// What was noted at its start.
    package let record: AttemptRecord
    /// When it started, UTC, ISO 8601.
    package let started: String
    /// When it ended; nil while it runs, or for one that was killed.
    package let ended: String?
    /// `finished`, `interrupted` or `failed`; nil as `ended`.
    package let outcome: String?
    /// The most bytes the process had resident.
    package let peakMemory: Int?
}

/// Time spent in one phase at one batch size, with the attempt it belongs to.
package struct TimingRow: Equatable, Sendable {
    /// The attempt.
    package let attempt: RowID<AttemptRecord>
    /// The cell; nil where cells shared the work.
    package let cell: RowID<CellRecord>?
    /// The sum of what was recorded.
    package let record: TimingRecord
}

/// A training round with its router.
package struct TrainingRow: Equatable, Sendable {
    /// The router: one that was trained anew is another of the same name.
    package let id: RowID<RouterRecord>
    /// The router's name.
    package let router: String
    /// The method.
    package let kind: String
    /// What the round cost and gave.
    package let record: TrainingRecord
}

extension ResultsReader {
    /// The names of models and data sets, by their hashes.
    package func namesByHash() throws(StoreError) -> [String: String] {
        let found = try rows(
            """
            SELECT sha256, name FROM model
            UNION ALL SELECT sha256, name || ' ' || split FROM dataset
            """
        ) { ($0["sha256"] as String, $0["name"] as String) }
        return Dictionary(found) { first, _ in first }
    }

    /// All attempts, the oldest first.
    package func attempts() throws(StoreError) -> [AttemptRow] {
        try rows(
            """
            SELECT *, CAST(command AS BLOB) AS command_bytes, CAST(spec AS BLOB) AS spec_bytes
            FROM attempt ORDER BY started, uid
            """
        ) { row in
            let experiment: Int64? = row["experiment"]
            return AttemptRow(
                id: RowID(row["id"]), uid: row["uid"],
                record: AttemptRecord(
                    purpose: row["purpose"], experiment: experiment.map { RowID($0) },
                    programVersion: row["program_version"], commit: row["git_commit"],
                    dirty: row["git_dirty"], host: row["host"], cpu: row["cpu"],
                    threads: row["threads"], command: hostile(row["command_bytes"]) ?? "",
                    shard: row["shard"], spec: hostile(row["spec_bytes"]),
                    inputs: try dictionary(row["inputs"]),
                    environment: try dictionary(row["environment"])),
                started: row["started"], ended: row["ended"], outcome: row["outcome"],
                peakMemory: row["peak_memory"])
        }
    }

    /// All measured times.
    package func timings() throws(StoreError) -> [TimingRow] {
        try rows("SELECT * FROM timing ORDER BY attempt, cell, phase, batch") { row in
            let cell: Int64? = row["cell"]
            return TimingRow(
                attempt: RowID(row["attempt"]), cell: cell.map { RowID($0) },
                record: TimingRecord(
                    phase: Phase(rawValue: row["phase"]), batch: row["batch"],
                    seconds: row["seconds"], passes: row["passes"], tokens: row["tokens"]))
        }
    }

    /// All training rounds by router and round.
    package func training() throws(StoreError) -> [TrainingRow] {
        try rows(
            """
            SELECT training.*, router.name AS name, router.kind AS kind
            FROM training JOIN router ON router.id = training.router
            ORDER BY router.name, router.sha256, round
            """
        ) { row in
            TrainingRow(
                id: RowID(row["router"]), router: row["name"], kind: row["kind"],
                record: TrainingRecord(
                    round: row["round"], tokens: row["tokens"], case1: row["case_1"],
                    case2: row["case_2"], case3: row["case_3"], rollouts: row["rollouts"],
                    churn: row["churn"], trainingLoss: row["training_loss"],
                    validationLoss: row["validation_loss"], accuracy: row["accuracy"],
                    flops: row["flops"], bytes: row["bytes"], seconds: row["seconds"]))
        }
    }

    private func dictionary(_ json: String) throws -> [String: String] {
        try JSONDecoder().decode([String: String].self, from: Data(json.utf8))
    }
}
