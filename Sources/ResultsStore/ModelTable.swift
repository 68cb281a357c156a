import GRDB

/// A model file, known by its hash.
package struct ModelRecord: Equatable, Sendable {
    /// The name in models.yaml, or the file's name.
    package var name: String
    /// SHA-256 of the file, lowercase hexadecimal; of a model behind a server, of `server`.
    package var sha256: String
    /// The architecture's name in the file, such as `qwen2`.
    package var architecture: String?
    /// All weights; of the vocabulary's two tables, if the file has two, one.
    package var parameters: Int?
    /// The file's size.
    package var fileBytes: Int?
    /// Of a model behind a server, what is known of it, as JSON; nil for one that ran here.
    package var server: String?

    /// A model; only its name and hash are needed.
    package init(
        name: String, sha256: String, architecture: String? = nil, parameters: Int? = nil,
        fileBytes: Int? = nil, server: String? = nil
    ) {
        self.name = name
        self.sha256 = sha256
        self.architecture = architecture
        self.parameters = parameters
        self.fileBytes = fileBytes
        self.server = server
    }
}

extension ModelRecord {
    static let table = StoredTable(
        "model", row: "theirs.sha256", blank: ModelRecord(name: "", sha256: ""),
        [
            Column("name", \.name, .description),
            Column("sha256", \.sha256, .name),
            Column("architecture", \.architecture, .content),
            Column("parameters", \.parameters, .content),
            Column("file_bytes", \.fileBytes, .content),
            Column("server", \.server, .content),
        ])
}

extension ResultsReader {
    /// All models, by name and hash.
    package func models() throws(StoreError) -> [ModelRecord] {
        try rows(
            "SELECT \(ModelRecord.table.selection) FROM model ORDER BY name, sha256", []
        ) { try ModelRecord.table.record($0) }
    }
}

extension ResultsStore {
    /// Stores the model, or finds it by its hash; a renamed model takes its new name.
    package func register(_ model: ModelRecord) throws(StoreError) -> RowID<ModelRecord> {
        try checkName(model.name, what: "a model's name")
        return try transaction { db in
            try ModelRecord.table.register(
                model, "ON CONFLICT (sha256) DO UPDATE SET name = excluded.name", db)
        }
    }
}

extension ResultsReader {
    /// The model of that number in this file.
    package func model(_ id: RowID<ModelRecord>) throws(StoreError) -> ModelRecord {
        let table = ModelRecord.table
        return try row(
            "SELECT \(table.selection) FROM model WHERE id = ?", id.value, table.reading)
    }
}
