import Statistics

/// All there is to a column of a table of results: title, unit, decimals, names in CSV and JSON, how a result fills it, when it is emphasised.
struct ResultColumn<Result> {
    let head: Column
    let entry: (Result) -> Entry
}

extension Table {
    /// A row for each result.
    init<Result>(
        name: String, title: String, columns: [ResultColumn<Result>], results: [Result],
        notes: [String]
    ) {
        self.init(
            name: name, title: title, columns: columns.map(\.head),
            rows: results.map { result in columns.map { $0.entry(result) } }, notes: notes)
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
        value(title, key) { share($0).map(Entry.Value.percent) }
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
        _ title: String, _ key: String, isEmphasised: @escaping (Result) -> Bool = { _ in false },
        _ share: @escaping (Result) -> (value: Double, interval: Interval?)?
    ) -> Self {
        let keys = [key, "\(key)_low", "\(key)_high"]
        return Self(head: Column(title: title, keys: keys, isNumeric: true)) { result in
            guard let share = share(result) else { return Entry(value: .missing) }
            return Entry(
                value: share.interval.map {
                    .percentInterval(share.value, low: $0.low, high: $0.high)
                } ?? .percent(share.value),
                isEmphasised: isEmphasised(result))
        }
    }

    /// A figure of the bootstrap in units of `unit`: those three, and `key_defined`, the share of the resamples in which it exists.
    static func estimate(
        _ title: String, _ key: String, unit: Double = 1, decimals: Int,
        isEmphasised: @escaping (Result) -> Bool = { _ in false },
        _ estimate: @escaping (Result) -> Bootstrap.Estimate?
    ) -> Self {
        self.estimate(title, key, isEmphasised: isEmphasised) { result in
            estimate(result).map { .estimate($0, unit: unit, decimals: decimals) }
        }
    }

    /// The same in a form that the result decides, or words in its place.
    static func estimate(
        _ title: String, _ key: String, isEmphasised: @escaping (Result) -> Bool = { _ in false },
        value: @escaping (Result) -> Entry.Value?
    ) -> Self {
        let keys = [key, "\(key)_low", "\(key)_high", "\(key)_defined"]
        return Self(head: Column(title: title, keys: keys, isNumeric: true)) { result in
            guard let value = value(result) else { return Entry(value: .missing) }
            return Entry(value: value, isEmphasised: isEmphasised(result))
        }
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
