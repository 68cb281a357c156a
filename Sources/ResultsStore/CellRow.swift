import GRDB

/// A stored cell with the names of what it refers to.
package struct CellRow: Equatable, Sendable {
    /// Its number in this file.
    package let id: RowID<CellRecord>
    /// What was registered.
    package let record: CellRecord
    /// The small model's name.
    package let slm: String?
    /// The large model's name.
    package let llm: String?
    /// The router's name.
    package let router: String?
    /// The data set and its split, such as `gsm8k test`.
    package let dataset: String?
    /// The hash of the data.
    package let datasetHash: String?

    /// The label or policy with the setting, such as `entropy threshold=0.5`.
    package var name: String {
        [record.label ?? record.policy, record.setting].compactMap(\.self).joined(separator: " ")
    }

    /// The name and as much of the key as tells it from others: `entropy threshold=0.5 (key 0123456789ab)`.
    package var nameWithKey: String { "\(name) (key \(record.key.prefix(12)))" }

    fileprivate func answers(to name: String) -> Bool {
        let heads = [record.policy, record.label].compactMap(\.self)
        return heads.contains { head in
            name == head || [":", " "].contains { name == head + $0 + (record.setting ?? "") }
        }
    }

    fileprivate func isExactly(_ name: String) -> Bool {
        let head = record.label ?? record.policy
        guard let setting = record.setting else { return name == head }
        return name == "\(head):\(setting)" || name == "\(head) \(setting)"
    }
}

extension ResultsReader {
    /// The cells of an experiment in the spec's order.
    package func cells(
        of experiment: RowID<ExperimentRecord>
    ) throws(StoreError) -> [CellRow] {
        try rows(
            """
            SELECT cell.*, small.name AS slm_name, large.name AS llm_name,
                router.name AS router_name, dataset.name || ' ' || dataset.split AS dataset_name,
                dataset.sha256 AS dataset_hash
            FROM cell
            LEFT JOIN model AS small ON small.id = cell.slm
            LEFT JOIN model AS large ON large.id = cell.llm
            LEFT JOIN router ON router.id = cell.router
            LEFT JOIN dataset ON dataset.id = cell.dataset
            WHERE cell.experiment = ?
            ORDER BY cell.position, cell.key
            """, [experiment.value], cellRow)
    }

    /// The cell that `name` means: its number or the start of its key (at least 4 digits), of any configuration; or within one configuration
    /// its `policy` or `policy:setting`, for which the label may stand. Without `configuration` that is the newest.
    ///
    /// Throws `.notFound` with what was meant, or all cells of the configuration, where none or several fit.
    package func cell(
        named name: String, in experiment: RowID<ExperimentRecord>, configuration: String? = nil
    ) throws(StoreError) -> CellRow {
        let choice = try self.configuration(named: configuration, of: experiment)
        let all = try cells(of: experiment)
        let cells = all.filter { choice.chosen.cells.contains($0.id) }
        // A key names one cell of the whole file, whatever configuration a name would be looked up in.
        let byKey = (configuration == nil ? all : cells).filter { cell in
            "\(cell.id.value)" == name || (name.count >= 4 && cell.record.key.hasPrefix(name))
        }
        var matches = byKey + cells.filter { $0.answers(to: name) && !byKey.contains($0) }
        // An ablation shares its policy's name, and a policy without setting that of those with one.
        let exact = matches.filter { $0.isExactly(name) }
        if exact.count == 1 { matches = exact }
        guard matches.count == 1 else {
            throw .notFound(
                what: matches.isEmpty ? "cell" : "single cell", name: name,
                candidates: matches.isEmpty
                    ? Self.others(named: name, among: all, choice) + cells.map(\.name)
                    : matches.map(\.nameWithKey))
        }
        return matches[0]
    }

    /// Cells of that name that are in other configurations only.
    private static func others(
        named name: String, among all: [CellRow], _ choice: ConfigurationChoice
    ) -> [String] {
        all.filter { !choice.chosen.cells.contains($0.id) && $0.answers(to: name) }.map { cell in
            let numbers = choice.all.filter { $0.cells.contains(cell.id) }.map { "\($0.number)" }
            return "\(cell.nameWithKey) of configuration \(numbers.joined(separator: ", "))"
        }
    }

    private func cellRow(_ row: Row) -> CellRow {
        let slm: Int64? = row["slm"]
        let llm: Int64? = row["llm"]
        let router: Int64? = row["router"]
        let dataset: Int64? = row["dataset"]
        let vocabulary: Int64? = row["vocabulary"]
        return CellRow(
            id: RowID(row["id"]),
            record: CellRecord(
                experiment: RowID(row["experiment"]), key: row["key"],
                canonical: row["canonical"], policy: row["policy"], setting: row["setting"],
                threshold: row["threshold"], label: row["label"], position: row["position"],
                slm: slm.map { RowID($0) }, llm: llm.map { RowID($0) },
                router: router.map { RowID($0) }, dataset: dataset.map { RowID($0) },
                vocabulary: vocabulary.map { RowID($0) }),
            slm: row["slm_name"], llm: row["llm_name"], router: row["router_name"],
            dataset: row["dataset_name"], datasetHash: row["dataset_hash"])
    }
}
