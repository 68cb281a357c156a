import Statistics

/// All there is to a column of a table of results: title, unit, decimals, names in CSV and JSON, how a result fills it, which comparison it makes.
struct ResultColumn<Result> {
    let head: Column
    let entry: (Result) -> Entry
    var mark: (Result) -> Mark? = { _ in nil }
}

extension Table {
    /// A row for each result.
    init<Result>(
        name: String, title: String, columns: [ResultColumn<Result>], results: [Result],
        notes: [String]
    ) {
        self.init(
            name: name, title: title, columns: columns.map(\.head),
            rows: Self.marked(
                results.map { result in
                    columns.map { (entry: $0.entry(result), mark: $0.mark(result)) }
                }),
            notes: notes)
    }

    /// Emphasises what is significant at 5 % among all comparisons of the table (Holm).
    private static func marked(_ rows: [[(entry: Entry, mark: Mark?)]]) -> [[Entry]] {
        var adjusted = HolmCorrection.adjusted(
            rows.flatMap { $0.compactMap { $0.mark?.pValue } })[...]
        return rows.map { row in
            row.map { entry, mark in
                guard let mark, let pValue = adjusted.popFirst() else { return entry }
                return Entry(value: entry.value, isEmphasised: mark.isMeant && pValue < 0.05)
            }
        }
    }
}

/// Where the closure gives nil, the entry is missing.
extension ResultColumn {
    /// A text for programs only.
    static func hidden(_ key: String, _ text: @escaping (Result) -> String?) -> Self {
        Self(head: Column(title: nil, keys: [key], isNumeric: false)) {
            Entry(value: text($0).map(Entry.Value.text) ?? .missing)
        }
    }

    /// A text.
    static func text(
        _ title: String, _ key: String, _ text: @escaping (Result) -> String?
    ) -> Self {
        Self(head: Column(title: title, keys: [key], isNumeric: false)) {
            Entry(value: text($0).map(Entry.Value.text) ?? .missing)
        }
    }

    /// A whole number.
    static func count(_ title: String, _ key: String, _ count: @escaping (Result) -> Int?) -> Self {
        value(title, key) { count($0).map(Entry.Value.count) }
    }

    /// A number with so many decimals.
    static func number(
        _ title: String, _ key: String, decimals: Int, _ number: @escaping (Result) -> Double?
    ) -> Self {
        value(title, key) { number($0).map { .number($0, decimals: decimals) } }
    }

    /// A share of one, shown in percent.
    static func percent(
        _ title: String, _ key: String, _ share: @escaping (Result) -> Double?
    ) -> Self {
        value(title, key) { share($0).map { .percent($0) } }
    }

    /// A large number, shown with a prefix of the SI.
    static func quantity(
        _ title: String, _ key: String, _ quantity: @escaping (Result) -> Double?
    ) -> Self {
        value(title, key) { quantity($0).map(Entry.Value.quantity) }
    }

    /// A p-value.
    static func probability(
        _ title: String, _ key: String, _ probability: @escaping (Result) -> Double?
    ) -> Self {
        value(title, key) { probability($0).map(Entry.Value.probability) }
    }

    /// A number whose form the result decides, or words in its place.
    static func value(
        _ title: String, _ key: String, _ value: @escaping (Result) -> Entry.Value?
    ) -> Self {
        Self(head: Column(title: title, keys: [key], isNumeric: true)) {
            Entry(value: value($0) ?? .missing)
        }
    }

    /// A share of one with its interval, shown in percent: `key`, `key_low` and `key_high`.
    static func percentInterval(
        _ title: String, _ key: String, mark: @escaping (Result) -> Mark? = { _ in nil },
        _ share: @escaping (Result) -> (value: Double, interval: Interval?)?
    ) -> Self {
        let keys = [key, "\(key)_low", "\(key)_high"]
        return Self(
            head: Column(title: title, keys: keys, isNumeric: true),
            entry: { result in
                guard let share = share(result) else { return Entry(value: .missing) }
                return Entry(
                    value: share.interval.map {
                        .percentInterval(share.value, low: $0.low, high: $0.high)
                    } ?? .percent(share.value))
            }, mark: mark)
    }

    /// A figure of the bootstrap in units of `unit`: those three, and `key_defined`, the share of the resamples in which it exists.
    static func estimate(
        _ title: String, _ key: String, unit: Double = 1, decimals: Int,
        mark: @escaping (Result) -> Mark? = { _ in nil },
        _ estimate: @escaping (Result) -> Bootstrap.Estimate?
    ) -> Self {
        self.estimate(title, key, mark: mark) { result in
            estimate(result).map { .estimate($0, unit: unit, decimals: decimals) }
        }
    }

    /// The same in a form that the result decides, or words in its place.
    static func estimate(
        _ title: String, _ key: String, mark: @escaping (Result) -> Mark? = { _ in nil },
        value: @escaping (Result) -> Entry.Value?
    ) -> Self {
        let keys = [key, "\(key)_low", "\(key)_high", "\(key)_defined"]
        return Self(
            head: Column(title: title, keys: keys, isNumeric: true),
            entry: { Entry(value: value($0) ?? .missing) }, mark: mark)
    }
}

extension Entry.Value {
    /// A figure of the bootstrap in units of `unit`.
    static func estimate(_ estimate: Bootstrap.Estimate, unit: Double, decimals: Int) -> Self {
        .estimate(
            estimate.value / unit, low: estimate.interval.low / unit,
            high: estimate.interval.high / unit, decimals: decimals,
            defined: 1 - estimate.undefinedShare)
    }
}
