import GRDB

/// The questions a cell answers, known by name, split and hash.
package struct DatasetRecord: Equatable, Sendable {
    /// The name in datasets.yaml.
    package var name: String
    /// Such as `test`.
    package var split: String
    /// SHA-256 of the data, lowercase hexadecimal.
    package var sha256: String
    /// How many rows the whole split has.
    package var rows: Int
    /// Where the data came from.
    package var source: String?

    /// A data set; its source is optional.
    package init(name: String, split: String, sha256: String, rows: Int, source: String? = nil) {
        self.name = name
        self.split = split
        self.sha256 = sha256
        self.rows = rows
        self.source = source
    }
}

/// The text of one question, kept so that reports can show it.
package struct QuestionRecord: Equatable, Sendable {
    /// The data set's own id, else the row number from 0.
    package var name: String
    /// What was asked, without the prompt's frame.
    package var text: String

    /// A question of a data set.
    package init(name: String, text: String) {
        self.name = name
        self.text = text
    }
}

extension DatasetRecord {
    static let table = StoredTable(
        "dataset", row: "theirs.name || ' ' || theirs.split",
        blank: DatasetRecord(name: "", split: "", sha256: "", rows: 0),
        [
            Column("name", \.name, .name),
            Column("split", \.split, .name),
            Column("sha256", \.sha256, .name),
            Column("rows", \.rows, .content, most: Most.things),
            Column("source", \.source, .description),
        ])
}

/// A row of `question`.
struct StoredQuestion: Sendable {
    var dataset: RowID<DatasetRecord>
    var question: QuestionRecord

    static let table = StoredTable(
        "question", row: "theirs.name",
        blank: StoredQuestion(dataset: RowID(0), question: QuestionRecord(name: "", text: "")),
        [
            Column("dataset", \.dataset, .name, in: "dataset"),
            Column("name", \.question.name, .name),
            Column("text", \.question.text, .content),
        ])
}

extension ResultsStore {
    /// Stores the data set, or finds it by name, split and hash.
    package func register(_ dataset: DatasetRecord) throws(StoreError) -> RowID<DatasetRecord> {
        try checkName(dataset.name, what: "a data set's name")
        return try transaction { db in
            try DatasetRecord.table.register(
                dataset,
                "ON CONFLICT (name, split, sha256) DO UPDATE SET source = excluded.source", db)
        }
    }

    /// Stores the questions' texts for reports, those not yet there; a text never changes.
    package func register(
        _ questions: [QuestionRecord], of dataset: RowID<DatasetRecord>
    ) throws(StoreError) {
        for question in questions { try checkName(question.name, what: "a question's name") }
        try transaction { db in
            let table = StoredQuestion.table
            let insert = try db.cachedStatement(sql: "\(table.insertion) ON CONFLICT DO NOTHING")
            for question in questions {
                try insert.execute(
                    arguments: table.arguments(
                        StoredQuestion(dataset: dataset, question: question)))
            }
        }
    }
}

extension ResultsReader {
    /// The data set of that number in this file.
    package func dataset(_ id: RowID<DatasetRecord>) throws(StoreError) -> DatasetRecord {
        let table = DatasetRecord.table
        return try row(
            "SELECT \(table.selection) FROM dataset WHERE id = ?", id.value, table.reading)
    }

    /// The questions' texts by name, where the runner stored them.
    package func questionTexts(
        of dataset: RowID<DatasetRecord>
    ) throws(StoreError) -> [String: String] {
        let table = StoredQuestion.table
        let texts = try rows(
            "SELECT \(table.selection) FROM question WHERE dataset = ?", [dataset.value]
        ) { row in
            let question = try table.record(row).question
            return (question.name, question.text)
        }
        // Names can be equal as strings and still differ in spelling.
        return Dictionary(texts, uniquingKeysWith: { first, _ in first })
    }

    /// The names of models and data sets, by their hashes.
    package func namesByHash() throws(StoreError) -> [String: String] {
        let found = try rows(
            """
            SELECT sha256, name FROM model
            UNION ALL SELECT sha256, name || ' ' || split FROM dataset
            """
        ) { try ($0.value("sha256") as String, $0.value("name") as String) }
        return Dictionary(found) { first, _ in first }
    }
}
