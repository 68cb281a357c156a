/// A row's number in one database file; it says nothing in another file.
public struct RowID<Record>: Hashable, Comparable, Sendable {
    /// The SQLite row id.
    public let value: Int64

    /// The id of an existing row, for example one read from a view.
    public init(_ value: Int64) { self.value = value }

    /// Older rows come first.
    public static func < (left: Self, right: Self) -> Bool { left.value < right.value }
}
