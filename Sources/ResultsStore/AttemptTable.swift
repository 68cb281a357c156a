import Foundation
import GRDB

/// Where, when and by what a run was made: everything that does not decide its text.
package struct AttemptRecord: Equatable, Sendable {
    /// What ran, such as `sweep`, `train` or `calibrate`.
    package var purpose: String
    /// The experiment, where there is one.
    package var experiment: RowID<ExperimentRecord>?
    /// The program's version.
    package var programVersion: String
    /// The commit the program was built from.
    package var commit: String?
    /// Whether the working tree differed from that commit.
    package var dirty: Bool?
    /// The machine's name.
    package var host: String
    /// The processor's model name and the kernels' instruction set.
    package var cpu: String
    /// Worker threads.
    package var threads: Int
    /// The command line.
    package var command: String
    /// Such as `2/8`; nil when not sharded.
    package var shard: String?
    /// The spec as it ran: one text, with what it includes and its overrides.
    package var spec: String?
    /// Hashes of what was read, by name: models, routers, data.
    package var inputs: [String: String]
    /// Whatever else may explain a difference, by name.
    package var environment: [String: String]

    /// The provenance of a run that is about to start.
    package init(
        purpose: String = "sweep", experiment: RowID<ExperimentRecord>? = nil,
        programVersion: String, commit: String? = nil, dirty: Bool? = nil, host: String,
        cpu: String, threads: Int, command: String, shard: String? = nil, spec: String? = nil,
        inputs: [String: String] = [:], environment: [String: String] = [:]
    ) {
        self.purpose = purpose
        self.experiment = experiment
        self.programVersion = programVersion
        self.commit = commit
        self.dirty = dirty
        self.host = host
        self.cpu = cpu
        self.threads = threads
        self.command = command
        self.shard = shard
        self.spec = spec
        self.inputs = inputs
        self.environment = environment
    }
}

/// How an attempt ended. One that was killed has no outcome at all.
package enum AttemptOutcome: Equatable, Sendable {
    /// All that was planned is stored; some questions may have failed.
    case finished
    /// By a signal or a budget; `reason` says which.
    case interrupted(reason: String)
    /// By an error.
    case failed(reason: String)

    var name: String {
        switch self {
        case .finished: "finished"
        case .interrupted: "interrupted"
        case .failed: "failed"
        }
    }

    var reason: String? {
        switch self {
        case .finished: nil
        case .interrupted(let reason), .failed(let reason): reason
        }
    }
}

/// A stored attempt.
package struct AttemptRow: Equatable, Sendable {
    /// Its number in this file.
    package internal(set) var id: RowID<AttemptRecord>
    /// Its name in every file.
    package internal(set) var uid: String
    /// What was noted at its start.
    package internal(set) var record: AttemptRecord
    /// When it started, UTC, ISO 8601.
    package internal(set) var started: String
    /// When it ended; nil while it runs, or for one that was killed.
    package internal(set) var ended: String?
    /// `finished`, `interrupted` or `failed`; nil as `ended`.
    package internal(set) var outcome: String?
    /// Why it did not finish; nil where it did.
    package internal(set) var reason: String?
    /// The most bytes the process had resident.
    package internal(set) var peakMemory: Int?

    static let table = StoredTable(
        "attempt", row: "theirs.uid",
        blank: AttemptRow(
            id: RowID(0), uid: "",
            record: AttemptRecord(
                programVersion: "", host: "", cpu: "", threads: 0, command: ""),
            started: ""),
        [
            Column("uid", \.uid, .name),
            Column("experiment", \.record.experiment, .content, in: "experiment"),
            Column("purpose", \.record.purpose, .content),
            Column("program_version", \.record.programVersion, .content),
            Column("git_commit", \.record.commit, .content),
            Column("git_dirty", \.record.dirty, .content),
            Column("host", \.record.host, .content),
            Column("cpu", \.record.cpu, .content),
            Column("threads", \.record.threads, .content),
            Column("command", \.record.command, .content),
            Column("shard", \.record.shard, .content),
            Column("spec", \.record.spec, .content),
            Column("inputs", \.record.inputs, .content),
            Column("environment", \.record.environment, .places),
            Column("started", \.started, .content),
            Column("ended", \.ended, .ending),
            Column("outcome", \.outcome, .ending),
            Column("reason", \.reason, .ending),
            Column("peak_memory", \.peakMemory, .ending),
        ])
}

/// As one JSON object.
extension [String: String]: Storable {
    static var isText: Bool { true }
    var stored: StoredValue {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        guard let data = try? encoder.encode(self) else { return .null }
        return .text(String(decoding: data, as: UTF8.self))
    }
    init?(stored: StoredValue) {
        guard case .text(let text) = stored,
            let read = try? JSONDecoder().decode([String: String].self, from: Data(text.utf8))
        else { return nil }
        self = read
    }
}

extension ResultsStore {
    /// Notes that a run starts, now, on this machine.
    package func beginAttempt(_ attempt: AttemptRecord) throws(StoreError) -> RowID<AttemptRecord> {
        let row = AttemptRow(
            id: RowID(0), uid: UUID().uuidString.lowercased(), record: attempt,
            started: Clock.now())
        return try transaction { db in
            RowID(try AttemptRow.table.register(row, "", db).value)
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
                    Clock.now(), outcome.name, outcome.reason.stored.databaseValue, peakMemory,
                    attempt.value,
                ])
        }
    }
}

extension ResultsReader {
    /// The attempts that stored an answer of one of these cells.
    package func writers(
        of cells: [RowID<CellRecord>]
    ) throws(StoreError) -> Set<RowID<AttemptRecord>> {
        let wanted = Set(cells)
        let found = try rows("SELECT DISTINCT cell, attempt FROM sample") { row in
            try (
                cell: RowID<CellRecord>(row.value("cell")),
                attempt: RowID<AttemptRecord>(row.value("attempt"))
            )
        }
        return Set(found.filter { wanted.contains($0.cell) }.map(\.attempt))
    }

    /// All attempts, the oldest first.
    package func attempts() throws(StoreError) -> [AttemptRow] {
        let table = AttemptRow.table
        return try rows(
            "SELECT id, \(table.selection) FROM attempt ORDER BY attempt.started, attempt.uid"
        ) { row in
            var attempt = try table.record(row)
            attempt.id = RowID(try row.value("id"))
            return attempt
        }
    }
}
