import ResultsStore

/// What a reader wants to see of a report.
package struct TableSelection: Equatable, Sendable {
    /// How tables are set.
    package enum Style: String, CaseIterable, Sendable {
        /// All that there is to say.
        case full
        /// In LaTeX, within one column of a paper.
        case paper
    }

    /// Names of tables; nil for all.
    package var tables: [String]?
    /// Columns by their names in CSV or their titles, in that order, of the tables that have some of them; nil for all.
    package var columns: [String]?
    /// Policies, methods or ablations, by name; nil for all.
    package var policies: [String]?
    package var style: Style

    /// All of everything, where nothing else is said.
    package init(
        tables: [String]? = nil, columns: [String]? = nil, policies: [String]? = nil,
        style: Style = .full
    ) {
        self.tables = tables
        self.columns = columns
        self.policies = policies
        self.style = style
    }

    /// The table that one reads, alone.
    package static let main = TableSelection(tables: [Results.mainName])

    /// What is meant of `all`. Throws `.notFound` for a table, a column or a policy that there is nowhere in them.
    func applied(to all: [Table]) throws(StoreError) -> [Table] {
        var chosen = all
        if let tables {
            for name in tables where !all.contains(where: { $0.name == name }) {
                throw .notFound(what: "table", name: name, candidates: all.map(\.name))
            }
            chosen = tables.compactMap { name in all.first { $0.name == name } }
        }
        if let policies { chosen = try filtered(chosen, by: policies) }
        if let columns { chosen = try reduced(chosen, to: columns) }
        return chosen
    }

    private func filtered(
        _ tables: [Table], by policies: [String]
    ) throws(StoreError) -> [Table] {
        let known = tables.flatMap(\.policies)
        for name in policies where !known.contains(where: { $0.isOf(policy: name) }) {
            let names = known.reduce(into: [String]()) { if !$0.contains($1) { $0.append($1) } }
            throw .notFound(what: "policy", name: name, candidates: names)
        }
        return tables.map { $0.rows { policy in policies.contains { policy.isOf(policy: $0) } } }
    }

    private func reduced(_ tables: [Table], to columns: [String]) throws(StoreError) -> [Table] {
        for name in columns
        where !tables.contains(where: { $0.columns.contains { $0.isNamed(name) } }) {
            let keys = tables.flatMap { $0.columns.compactMap(\.keys.first) }
            throw .notFound(
                what: "column", name: name,
                candidates: keys.reduce(into: []) { if !$0.contains($1) { $0.append($1) } })
        }
        return tables.map { $0.columns(named: columns) }.filter { !$0.columns.isEmpty }
    }
}

extension Column {
    fileprivate func isNamed(_ name: String) -> Bool { keys.contains(name) || title == name }
}

extension String {
    /// Whether a method is that policy, or that policy with a rule or drafts of its own.
    fileprivate func isOf(policy name: String) -> Bool { self == name || hasPrefix(name + ",") }
}

extension Table {
    private var policyColumn: Int? { columns.firstIndex { $0.keys == ["policy"] } }

    fileprivate var policies: [String] {
        guard let column = policyColumn else { return [] }
        return rows.map { $0[column].value.shown }
    }

    /// The rows of some policies; all of them, where the table is of none.
    fileprivate func rows(where isMeant: (String) -> Bool) -> Table {
        guard let column = policyColumn else { return self }
        return Table(
            name: name, title: title, columns: columns,
            rows: rows.filter { isMeant($0[column].value.shown) }, notes: notes)
    }

    fileprivate func columns(named names: [String]) -> Table {
        let places = names.compactMap { name in columns.firstIndex { $0.isNamed(name) } }
        return Table(
            name: name, title: title,
            columns: places.map { place in
                let column = columns[place]
                // What is asked for is seen, too.
                return Column(
                    title: column.title ?? column.keys.first, keys: column.keys,
                    isNumeric: column.isNumeric)
            }, rows: rows.map { row in places.map { row[$0] } }, notes: notes)
    }
}
