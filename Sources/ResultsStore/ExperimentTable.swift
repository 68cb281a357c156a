import GRDB

/// What an experiment asks, and the spec that asks it.
package struct ExperimentRecord: Equatable, Sendable {
    /// The name on the command line.
    package var name: String
    /// The question in words.
    package var question: String?
    /// The spec's text as last run.
    package var spec: String
    /// The seed of every random choice, where the spec gives one.
    package var seed: Int?

    /// An experiment, known by its name.
    package init(name: String, question: String? = nil, spec: String, seed: Int? = nil) {
        self.name = name
        self.question = question
        self.spec = spec
        self.seed = seed
    }
}

/// A stored experiment.
package struct ExperimentRow: Equatable, Sendable {
    /// Its number in this file.
    package let id: RowID<ExperimentRecord>
    /// What was registered.
    package let record: ExperimentRecord
}

extension ResultsReader {
    /// The experiments in this file, by name; nearly always one.
    package func experiments() throws(StoreError) -> [ExperimentRow] {
        let table = ExperimentRecord.table
        return try rows("SELECT id, \(table.selection) FROM experiment ORDER BY name") { row in
            ExperimentRow(id: RowID(try row.value("id")), record: try table.record(row))
        }
    }

    /// The experiment named `name`.
    package func experiment(named name: String) throws(StoreError) -> ExperimentRow {
        let all = try experiments()
        guard let found = all.first(where: { $0.record.name == name }) else {
            throw .notFound(what: "experiment", name: name, candidates: all.map(\.record.name))
        }
        return found
    }
}

extension ExperimentRecord {
    static let table = StoredTable(
        "experiment", row: "theirs.name",
        blank: ExperimentRecord(name: "", spec: ""),
        [
            Column("name", \.name, .name),
            Column("question", \.question, .description),
            Column("spec", \.spec, .description),
            Column("seed", \.seed, .description),
        ])
}

extension ResultsStore {
    /// Stores the experiment, or brings its spec up to date.
    package func register(
        _ experiment: ExperimentRecord
    ) throws(StoreError) -> RowID<ExperimentRecord> {
        try checkName(experiment.name, what: "an experiment's name")
        let table = ExperimentRecord.table
        let updates = table.updates { $0.agreement != .name }
        return try transaction { db in
            try table.register(
                experiment, "ON CONFLICT (name) DO UPDATE SET \(updates)", db)
        }
    }
}
