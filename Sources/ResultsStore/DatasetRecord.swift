/// The questions a cell answers, known by name, split and hash.
public struct DatasetRecord: Equatable, Sendable {
    /// The name in datasets.yaml.
    public var name: String
    /// Such as `test`.
    public var split: String
    /// SHA-256 of the data, lowercase hexadecimal.
    public var sha256: String
    /// How many rows the whole split has.
    public var rows: Int
    /// Where the data came from.
    public var source: String?

    /// A data set; its source is optional.
    public init(name: String, split: String, sha256: String, rows: Int, source: String? = nil) {
        self.name = name
        self.split = split
        self.sha256 = sha256
        self.rows = rows
        self.source = source
    }
}

/// The text of one question, kept so that reports can show it.
public struct QuestionRecord: Equatable, Sendable {
    /// The data set's own id, else the row number from 0.
    public var name: String
    /// What was asked, without the prompt's frame.
    public var text: String

    /// A question of a data set.
    public init(name: String, text: String) {
        self.name = name
        self.text = text
    }
}
