import GRDB

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
        try rows(
            "SELECT id, name, question, CAST(spec AS BLOB) AS spec, seed FROM experiment "
                + "ORDER BY name"
        ) { row in
            ExperimentRow(
                id: RowID(row["id"]),
                record: ExperimentRecord(
                    name: row["name"], question: row["question"],
                    spec: hostile(row["spec"]) ?? "", seed: row["seed"]))
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
