/// One row that two databases hold with different contents.
public struct MergeConflict: Equatable, Sendable, CustomStringConvertible {
    /// The table, such as `sample`.
    public let table: String
    /// The row in words, such as `cell 3f2a… question 17`.
    public let row: String
    /// The columns that differ.
    public let columns: [String]

    init(table: String, row: String, columns: [String]) {
        self.table = table
        self.row = row
        self.columns = columns
    }

    /// `table: row: columns`.
    public var description: String { "\(table) \(row): \(columns.joined(separator: ", "))" }
}
