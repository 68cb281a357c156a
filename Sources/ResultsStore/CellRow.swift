import GRDB

/// A stored cell with the names of what it refers to.
public struct CellRow: Equatable, Sendable {
    /// Its number in this file.
    public let id: RowID<CellRecord>
    /// What was registered.
    public let record: CellRecord
    /// The small model's name.
    public let slm: String?
    /// The large model's name.
    public let llm: String?
    /// The router's name.
    public let router: String?
    /// The data set and its split, such as `gsm8k test`.
    public let dataset: String?
    /// The hash of the data.
    public let datasetHash: String?

    /// The label or policy with the setting, such as `entropy threshold=0.5`.
    public var name: String {
        [record.label ?? record.policy, record.setting].compactMap(\.self).joined(separator: " ")
    }
}

extension ResultsReader {
    /// The cells of an experiment in the spec's order.
    public func cells(
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

    /// The cell that `name` means: its number, the start of its key (at least 6 digits), its
    /// `policy`, or `policy:setting`; the label may stand for the policy.
    ///
    /// Throws `.notFound` with all cells' names where none or several fit.
    public func cell(
        named name: String, in experiment: RowID<ExperimentRecord>
    ) throws(StoreError) -> CellRow {
        let cells = try cells(of: experiment)
        let matches = cells.filter { cell in
            if cell.name == name || "\(cell.id.value)" == name { return true }
            if name.count >= 6, cell.record.key.hasPrefix(name) { return true }
            let heads = [cell.record.policy, cell.record.label].compactMap(\.self)
            return heads.contains { head in
                name == head || name == "\(head):\(cell.record.setting ?? "")"
                    || name == "\(head) \(cell.record.setting ?? "")"
            }
        }
        // A policy without setting may share its name with others that have one.
        let exact = matches.filter { $0.name == name }
        guard let found = exact.count == 1 ? exact.first : matches.first,
            exact.count == 1 || matches.count == 1
        else {
            throw .notFound(
                what: matches.isEmpty ? "cell" : "single cell", name: name,
                candidates: (matches.isEmpty ? cells : matches).map(\.name))
        }
        return found
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
