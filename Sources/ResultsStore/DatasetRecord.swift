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
