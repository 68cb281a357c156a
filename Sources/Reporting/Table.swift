import Statistics

/// One entry of a table, as a reader sees it and as a program reads it.
enum Entry: Equatable, Sendable {
    case missing
    case text(String)
    case count(Int)
    /// Shown with a fixed number of decimals.
    case number(Double, decimals: Int)
    /// A share of one, shown in percent with one decimal.
    case percent(Double)
    /// A share of one with an interval, shown in percent.
    case percentInterval(Double, low: Double, high: Double)
    /// A number with an interval.
    case interval(Double, low: Double, high: Double, decimals: Int)
    /// A figure of the bootstrap; `defined` is the share of the resamples in which it exists.
    case estimate(Double, low: Double, high: Double, decimals: Int, defined: Double)
    /// Shown with three digits and an SI prefix.
    case quantity(Double)
    /// A p-value: three decimals, or its power of ten where that would show 0.
    case probability(Double)
    /// Words in place of a number, such as `not reached`.
    case remark(String)
}

/// A column: what readers see above it, and the names of its values in CSV and JSON.
struct Column: Equatable, Sendable {
    /// Nil for a column that only programs see.
    let title: String?
    /// One name, or more for a value with its interval.
    let keys: [String]
    let isNumeric: Bool

    /// A column of texts for programs only.
    static func hidden(_ key: String) -> Column {
        Column(title: nil, keys: [key], isNumeric: false)
    }

    /// A column of texts.
    static func text(_ title: String, _ key: String) -> Column {
        Column(title: title, keys: [key], isNumeric: false)
    }

    /// A column of numbers.
    static func number(_ title: String, _ key: String) -> Column {
        Column(title: title, keys: [key], isNumeric: true)
    }

    /// A column of numbers with intervals: `key`, `key_low` and `key_high`.
    static func interval(_ title: String, _ key: String) -> Column {
        Column(title: title, keys: [key, "\(key)_low", "\(key)_high"], isNumeric: true)
    }

    /// A column of bootstrap figures: those three and `key_defined`.
    static func estimate(_ title: String, _ key: String) -> Column {
        Column(
            title: title, keys: [key, "\(key)_low", "\(key)_high", "\(key)_defined"],
            isNumeric: true)
    }
}

/// One row; `bold` holds the columns whose entry is significant.
struct TableRow: Equatable, Sendable {
    var entries: [Entry]
    var bold: Set<Int> = []
}

/// Columns to mark; none where the questions are too few for any mark (docs/method.md, section 4).
func marking(_ columns: Set<Int>, questions: Int) -> Set<Int> {
    questions < PairedDifference.leastQuestions ? [] : columns
}

/// A table before it is written in one of the formats.
struct Table: Equatable, Sendable {
    /// A short name for files and for JSON, such as `cells`.
    let name: String
    let title: String
    let columns: [Column]
    let rows: [TableRow]
    /// Sentences under the table.
    let notes: [String]

    /// The table as readers see it: without columns for programs and without columns that are
    /// empty in every row.
    func forReaders() -> Table {
        let kept = columns.indices.filter { index in
            columns[index].title != nil && rows.contains { $0.entries[index] != .missing }
        }
        return Table(
            name: name, title: title, columns: kept.map { columns[$0] },
            rows: rows.map { row in
                TableRow(
                    entries: kept.map { row.entries[$0] },
                    bold: Set(kept.indices.filter { row.bold.contains(kept[$0]) }))
            },
            notes: notes)
    }
}

extension Entry {
    /// As readers see it; `missing` is a dash.
    var shown: String {
        switch self {
        case .missing: "–"
        case .text(let text), .remark(let text): text
        case .count(let count): String(count)
        case .number(let value, let decimals): fixed(value, decimals)
        case .percent(let share): fixed(share * 100, 1)
        case .percentInterval(let share, let low, let high):
            "\(fixed(share * 100, 1)) [\(fixed(low * 100, 1)), \(fixed(high * 100, 1))]"
        case .interval(let value, let low, let high, let decimals):
            "\(fixed(value, decimals)) [\(fixed(low, decimals)), \(fixed(high, decimals))]"
        case .estimate(let value, let low, let high, let decimals, let defined):
            "\(fixed(value, decimals)) [\(fixed(low, decimals)), \(fixed(high, decimals))]"
                + (defined < 1 ? " in \(Int(defined * 100)) %" : "")
        case .quantity(let value): scaled(value)
        case .probability(let value): value < 0.001 ? scientific(value) : fixed(value, 3)
        }
    }

    /// As programs read it: as many values as its column has keys.
    func values(count: Int) -> [JSONValue] {
        let values: [JSONValue] =
            switch self {
            case .missing, .remark: []
            case .text(let text): [.string(text)]
            case .count(let count): [.integer(count)]
            case .number(let value, _), .percent(let value), .quantity(let value),
                .probability(let value):
                [.number(value)]
            case .percentInterval(let value, let low, let high),
                .interval(let value, let low, let high, _):
                [.number(value), .number(low), .number(high)]
            case .estimate(let value, let low, let high, _, let defined):
                [.number(value), .number(low), .number(high), .number(defined)]
            }
        return values + Array(repeating: .null, count: max(0, count - values.count))
    }
}
