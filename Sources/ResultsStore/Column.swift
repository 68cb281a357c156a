/// A column of a table, named once: from its entry in the table's list follow how it is written, read, merged, compared and exported.
///
/// Adding a column takes that entry, a member of the record, and a migration.
struct Column<Record>: Sendable {
    /// What both sides of a merge need to know of it.
    let layout: ColumnLayout
    let value: @Sendable (Record) -> StoredValue
    /// Sets the record's member; false where the value is none of its type.
    let read: @Sendable (StoredValue, inout Record) -> Bool

    var name: String { layout.name }

    /// A member of the record; `table` is the one that an id refers to, `most` the largest number that one can be, where it counts something.
    init<Value: Storable>(
        _ name: String, _ member: any WritableKeyPath<Record, Value> & Sendable,
        _ agreement: Agreement, in table: String? = nil, most: Int? = nil
    ) {
        layout = ColumnLayout(
            name: name, isText: Value.isText, agreement: agreement, table: table, most: most)
        value = { $0[keyPath: member].stored }
        read = { stored, record in
            if let most, case .integer(let count) = stored, !(0...most).contains(count) {
                return false
            }
            guard let value = Value(stored: stored) else { return false }
            record[keyPath: member] = value
            return true
        }
    }

    /// A text that is more than one member.
    init(
        text name: String, _ agreement: Agreement,
        value: @escaping @Sendable (Record) -> String,
        read: @escaping @Sendable (String, inout Record) -> Bool
    ) {
        layout = ColumnLayout(
            name: name, isText: true, agreement: agreement, table: nil, most: nil)
        self.value = { .text(value($0)) }
        self.read = { stored, record in
            guard case .text(let text) = stored else { return false }
            return read(text, &record)
        }
    }
}

/// What a merge knows of a column.
struct ColumnLayout: Sendable {
    let name: String
    let isText: Bool
    let agreement: Agreement
    /// The table whose row its id names; ids differ between files.
    let table: String?
    /// The largest number that one can be, where it counts something.
    let most: Int?
}

/// The largest numbers that a row may count: far beyond what any run comes to, and so small that sums of them are numbers, too.
enum Most {
    /// Tokens, passes, requests, bytes of a file or on the wire: a million millions.
    static let things = 1_000_000_000_000
    /// Floating-point operations, bytes moved.
    static let work = 1_000_000_000_000_000_000
}

/// What it means that two databases hold different values in the same row.
enum Agreement: Sendable {
    /// Part of what names the row in every file.
    case name
    /// A contradiction.
    case content
    /// A contradiction, unless another version of the grader gave it.
    case grade
    /// How it was last called or placed: each file keeps its own, and the difference is told.
    case description
    /// Not known before the end: it fills what is missing, and two different ones are a contradiction.
    case ending
    /// An object that may name places of a machine, which packing leaves out: the fuller one stays, any other difference is a contradiction.
    case places
    /// A sum that grows while an attempt runs: the later row's sums stay. No row is later in one sum and earlier in another.
    case sum
    /// What every run measures anew, or which run it was: each file keeps its own.
    case measurement
}

/// A value as a row holds it.
package enum StoredValue: Equatable, Sendable {
    case null
    /// A truth value, stored as 0 or 1.
    case flag(Bool)
    case integer(Int)
    case real(Double)
    /// TEXT of any content.
    case text(String)
    /// BLOB.
    case bytes([UInt8])
}

/// A type that a column can hold.
protocol Storable: SendableMetatype {
    /// Whether it is stored as TEXT.
    static var isText: Bool { get }
    var stored: StoredValue { get }
    /// nil where the value is none of this type.
    init?(stored: StoredValue)
}

extension Storable {
    static var isText: Bool { false }
}

extension Int: Storable {
    var stored: StoredValue { .integer(self) }
    init?(stored: StoredValue) {
        guard case .integer(let value) = stored else { return nil }
        self = value
    }
}

extension Double: Storable {
    var stored: StoredValue { .real(self) }
    init?(stored: StoredValue) {
        guard case .real(let value) = stored else { return nil }
        self = value
    }
}

extension Bool: Storable {
    var stored: StoredValue { .flag(self) }
    init?(stored: StoredValue) {
        switch stored {
        case .integer(0), .flag(false): self = false
        case .integer(1), .flag(true): self = true
        default: return nil
        }
    }
}

extension String: Storable {
    static var isText: Bool { true }
    var stored: StoredValue { .text(self) }
    init?(stored: StoredValue) {
        guard case .text(let value) = stored else { return nil }
        self = value
    }
}

extension [UInt8]: Storable {
    var stored: StoredValue { .bytes(self) }
    init?(stored: StoredValue) {
        guard case .bytes(let value) = stored else { return nil }
        self = value
    }
}

extension RowID: Storable {
    var stored: StoredValue { .integer(Int(value)) }
    init?(stored: StoredValue) {
        guard case .integer(let value) = stored else { return nil }
        self.init(Int64(value))
    }
}

extension Optional: Storable where Wrapped: Storable {
    static var isText: Bool { Wrapped.isText }
    var stored: StoredValue { map(\.stored) ?? .null }
    init?(stored: StoredValue) {
        guard stored != .null else {
            self = .none
            return
        }
        guard let value = Wrapped(stored: stored) else { return nil }
        self = .some(value)
    }
}

extension Storable where Self: RawRepresentable, RawValue: Storable {
    static var isText: Bool { RawValue.isText }
    var stored: StoredValue { rawValue.stored }
    init?(stored: StoredValue) {
        guard let raw = RawValue(stored: stored) else { return nil }
        self.init(rawValue: raw)
    }
}
