import GRDB

extension Row {
    /// The value of a column, nil of an optional type where it is NULL.
    ///
    /// A damaged file may hold anything anywhere; GRDB's subscripts end the program at what is not of the type that is asked for. Throws SQLite's error of a
    /// damaged file, with the column's name.
    func value<Value: DatabaseValueConvertible>(_ column: String) throws -> Value {
        let stored: DatabaseValue = self[column]
        guard let value = Value.fromDatabaseValue(stored) else {
            throw DatabaseError(
                resultCode: .SQLITE_CORRUPT,
                message: "\(column) is \(stored), which was never written")
        }
        return value
    }

    /// The number of things in a column, nil where it is NULL.
    func count(_ column: String, most: Int = Most.things) throws -> Int? {
        let value: Int? = try value(column)
        guard value.map((0...most).contains) ?? true else {
            throw DatabaseError(
                resultCode: .SQLITE_CORRUPT,
                message: "\(column) is \(value ?? 0), expected 0 to \(most)")
        }
        return value
    }

    /// The number of things in a column, which is not NULL.
    func count(_ column: String, most: Int = Most.things) throws -> Int {
        try count(column, most: most) as Int? ?? value(column)
    }
}
