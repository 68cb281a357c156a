import GRDB
import Synchronization

extension ResultsStore {
    /// Stores the experiment, or brings its spec up to date.
    package func register(
        _ experiment: ExperimentRecord
    ) throws(StoreError) -> RowID<ExperimentRecord> {
        try checkName(experiment.name, what: "an experiment's name")
        return try transaction { db in
            try RowID(
                insert(
                    db,
                    """
                    INSERT INTO experiment (name, question, spec, seed)
                    VALUES (?, ?, CAST(? AS TEXT), ?)
                    ON CONFLICT (name) DO UPDATE SET
                        question = excluded.question, spec = excluded.spec, seed = excluded.seed
                    RETURNING id
                    """,
                    [
                        experiment.name, experiment.question, hostile(experiment.spec),
                        experiment.seed,
                    ]))
        }
    }

    /// Stores the model, or finds it by its hash; a renamed model takes its new name.
    package func register(_ model: ModelRecord) throws(StoreError) -> RowID<ModelRecord> {
        try checkName(model.name, what: "a model's name")
        return try transaction { db in
            try RowID(
                insert(
                    db,
                    """
                    INSERT INTO model (name, sha256, architecture, parameters, file_bytes)
                    VALUES (?, ?, ?, ?, ?)
                    ON CONFLICT (sha256) DO UPDATE SET name = excluded.name
                    RETURNING id
                    """,
                    [
                        model.name, model.sha256, model.architecture, model.parameters,
                        model.fileBytes,
                    ]))
        }
    }

    /// Stores the router, or finds it by its hash; a renamed router takes its new name.
    package func register(_ router: RouterRecord) throws(StoreError) -> RowID<RouterRecord> {
        try checkName(router.name, what: "a router's name")
        return try transaction { db in
            try RowID(
                insert(
                    db,
                    """
                    INSERT INTO router (name, kind, sha256, details) VALUES (?, ?, ?, ?)
                    ON CONFLICT (sha256) DO UPDATE SET
                        name = excluded.name, details = excluded.details
                    RETURNING id
                    """,
                    [router.name, router.kind, router.sha256, router.details]))
        }
    }

    /// Stores the data set, or finds it by name, split and hash.
    package func register(_ dataset: DatasetRecord) throws(StoreError) -> RowID<DatasetRecord> {
        try checkName(dataset.name, what: "a data set's name")
        return try transaction { db in
            try RowID(
                insert(
                    db,
                    """
                    INSERT INTO dataset (name, split, sha256, rows, source) VALUES (?, ?, ?, ?, ?)
                    ON CONFLICT (name, split, sha256) DO UPDATE SET source = excluded.source
                    RETURNING id
                    """,
                    [dataset.name, dataset.split, dataset.sha256, dataset.rows, dataset.source]))
        }
    }

    /// Stores the questions' texts for reports, those not yet there; a text never changes.
    package func register(
        _ questions: [QuestionRecord], of dataset: RowID<DatasetRecord>
    ) throws(StoreError) {
        for question in questions { try checkName(question.name, what: "a question's name") }
        try transaction { db in
            let insert = try db.cachedStatement(
                sql: """
                    INSERT INTO question (dataset, name, text) VALUES (?, ?, CAST(? AS TEXT))
                    ON CONFLICT DO NOTHING
                    """)
            for question in questions {
                try insert.execute(
                    arguments: [dataset.value, question.name, hostile(question.text)])
            }
        }
    }

    /// Stores the vocabulary, or finds it by its hash. Its tokens' texts follow as they occur.
    package func register(
        _ vocabulary: VocabularyRecord
    ) throws(StoreError) -> RowID<VocabularyRecord> {
        let id: RowID<VocabularyRecord> = try transaction { db in
            try RowID(
                insert(
                    db,
                    """
                    INSERT INTO vocabulary (sha256, size) VALUES (?, ?)
                    ON CONFLICT (sha256) DO UPDATE SET size = size
                    RETURNING id
                    """, [vocabulary.sha256, vocabulary.size]))
        }
        vocabularies.withLock { $0.spellings[id] = vocabulary.bytes }
        return id
    }

    /// Stores the cell, or finds it by its key; place, label and threshold follow the spec.
    ///
    /// Throws `.invalid` when the key stands for another canonical text or another experiment:
    /// such a key was not computed from what decides the cell's text.
    package func register(_ cell: CellRecord) throws(StoreError) -> RowID<CellRecord> {
        try checkName(cell.policy, what: "a policy's name")
        let id: RowID<CellRecord> = try transaction { db in
            let known = try Row.fetchOne(
                db, sql: "SELECT experiment, canonical FROM cell WHERE key = ?",
                arguments: [cell.key])
            if let known {
                guard known["experiment"] == cell.experiment.value else {
                    throw StoreError.invalid(
                        what: "cell \(cell.key) belongs to another experiment of this file; "
                            + "give each experiment a file of its own")
                }
                guard known["canonical"] == cell.canonical else {
                    throw StoreError.invalid(
                        what: "cell \(cell.key) is stored for other content: "
                            + "\(known["canonical"] as String), now \(cell.canonical)")
                }
            }
            return try RowID(insert(db, Self.cellUpsert, arguments(of: cell)))
        }
        vocabularies.withLock { $0.ofCell[id] = cell.vocabulary }
        return id
    }

    private static let cellUpsert = """
        INSERT INTO cell (experiment, key, policy, setting, threshold, label, position, slm, llm,
            router, dataset, vocabulary, canonical)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        ON CONFLICT (key) DO UPDATE SET
            policy = excluded.policy, setting = excluded.setting,
            threshold = excluded.threshold, label = excluded.label,
            position = excluded.position, slm = excluded.slm, llm = excluded.llm,
            router = excluded.router, dataset = excluded.dataset,
            vocabulary = excluded.vocabulary
        RETURNING id
        """

    private func arguments(of cell: CellRecord) -> StatementArguments {
        [
            cell.experiment.value, cell.key, cell.policy, cell.setting, cell.threshold, cell.label,
            cell.position, cell.slm?.value, cell.llm?.value, cell.router?.value,
            cell.dataset?.value, cell.vocabulary?.value, cell.canonical,
        ]
    }
}

/// Runs an `INSERT ... RETURNING id`.
func insert(_ db: Database, _ sql: String, _ arguments: StatementArguments) throws -> Int64 {
    guard let id = try Int64.fetchOne(db, sql: sql, arguments: arguments) else {
        throw DatabaseError(resultCode: .SQLITE_INTERNAL, message: "no row id", sql: sql)
    }
    return id
}
