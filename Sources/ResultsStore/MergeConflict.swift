/// One row that two databases hold with different contents.
package struct MergeConflict: Equatable, Sendable, CustomStringConvertible {
    /// The table, such as `sample`.
    package let table: String
    /// The row in words, such as `cell 3f2a… question 17`.
    package let row: String
    /// The columns that differ.
    package let columns: [String]

    init(table: String, row: String, columns: [String]) {
        self.table = table
        self.row = row
        self.columns = columns
    }

    /// `table: row: columns`.
    package var description: String { "\(table) \(row): \(columns.joined(separator: ", "))" }
}
