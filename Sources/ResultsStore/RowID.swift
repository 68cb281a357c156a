/// A row's number in one database file; it says nothing in another file.
package struct RowID<Record>: Hashable, Comparable, Sendable {
    /// The SQLite row id.
    package let value: Int64

    /// The id of an existing row, for example one read from a view.
    package init(_ value: Int64) { self.value = value }

    /// Older rows come first.
    package static func < (left: Self, right: Self) -> Bool { left.value < right.value }
}
