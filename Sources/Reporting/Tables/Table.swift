/// A table before it is written in one of the formats.
struct Table: Equatable, Sendable {
    /// A short name for files and for JSON, such as `cells`.
    let name: String
    let title: String
    let columns: [Column]
    /// Shape (rows, columns).
    let rows: [[Entry]]
    /// Sentences under the table.
    let notes: [String]
}

/// A column's head: what readers see above it, and the names of its values in CSV and JSON.
struct Column: Equatable, Sendable {
    /// Nil for a column that only programs see.
    let title: String?
    /// One name, or more for a value with its interval.
    let keys: [String]
    /// Whether it is set flush right.
    let isNumeric: Bool
}

/// One entry of a table, and whether it is emphasised as significant.
struct Entry: Equatable, Sendable {
    let value: Value
    var isEmphasised = false

    /// What it says, as a reader sees it and as a program reads it.
    enum Value: Equatable, Sendable {
        case missing
        case text(String)
        case count(Int)
        /// Shown with a fixed number of decimals.
        case number(Double, decimals: Int)
        /// A share of one, shown in percent.
        case percent(Double, decimals: Int = 1)
        /// A share of one with an interval, shown in percent.
        case percentInterval(Double, low: Double, high: Double)
        /// A figure of the bootstrap; `defined` is the share of the resamples in which it exists.
        case estimate(Double, low: Double, high: Double, decimals: Int, defined: Double)
        /// Shown with three digits and an SI prefix.
        case quantity(Double)
        /// A p-value: three decimals, or its power of ten where that would show 0.
        case probability(Double)
        /// Words in place of a number, such as `not reached`.
        case remark(String)
    }
}

extension Table {
    /// The table as readers see it: without columns for programs and without columns that are
    /// empty in every row.
    func forReaders() -> Table {
        let kept = columns.indices.filter { index in
            columns[index].title != nil && rows.contains { $0[index].value != .missing }
        }
        return Table(
            name: name, title: title, columns: kept.map { columns[$0] },
            rows: rows.map { row in kept.map { row[$0] } }, notes: notes)
    }
}

extension Entry.Value {
    /// As readers see it; `missing` is a dash.
    var shown: String {
        switch self {
        case .missing: "–"
        case .text(let text), .remark(let text): text
        case .count(let count): String(count)
        case .number(let value, let decimals): fixed(value, decimals)
        case .percent(let share, let decimals): fixed(share * 100, decimals)
        case .percentInterval(let share, let low, let high):
            "\(fixed(share * 100, 1)) [\(fixed(low * 100, 1)), \(fixed(high * 100, 1))]"
        case .estimate(let value, let low, let high, let decimals, let defined):
            "\(fixed(value, decimals)) [\(fixed(low, decimals)), \(fixed(high, decimals))]"
                + (defined < 1 ? " in \(Int(defined * 100)) %" : "")
        case .quantity(let value): scaled(value)
        case .probability(let value): probabilityText(value)
        }
    }

    /// As programs read it: as many values as its column has keys.
    func json(count: Int) -> [JSONValue] {
        let values: [JSONValue] =
            switch self {
            case .missing, .remark: []
            case .text(let text): [.string(text)]
            case .count(let count): [.integer(count)]
            case .number(let value, _), .percent(let value, _), .quantity(let value),
                .probability(let value):
                [.number(value)]
            case .percentInterval(let value, let low, let high):
                [.number(value), .number(low), .number(high)]
            case .estimate(let value, let low, let high, _, let defined):
                [.number(value), .number(low), .number(high), .number(defined)]
            }
        return values + Array(repeating: .null, count: max(0, count - values.count))
    }
}
