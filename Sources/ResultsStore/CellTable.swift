import GRDB
import Synchronization

/// One policy at one setting on one task with one model pair.
package struct CellRecord: Equatable, Sendable {
    /// The experiment it belongs to.
    package var experiment: RowID<ExperimentRecord>
    /// SHA-256 of `canonical`, 64 lowercase hexadecimal digits: the cell's name in every file.
    package var key: String
    /// The canonical JSON that the key hashes: all that decides the cell's text.
    package var canonical: String
    /// The policy's name in the spec.
    package var policy: String
    /// Such as `threshold=0.5`; nil for a policy without one.
    package var setting: String?
    /// What the policy decides for: `token`, `question` or `answer`.
    package var scope: String?
    /// On which side of its threshold the large model is called, `below` or `above`; nil for a policy without a score.
    package var calls: String?
    /// The name of the rule by which the large model judges the small one's tokens; nil where it judges none.
    package var keep: String?
    /// The name of the curve that it lies on, such as `margin, keep strict`; nil where that is the label or the policy.
    package var method: String?
    /// The score at which the policy switches, where it has one.
    package var threshold: Double?
    /// The share of decisions that were asked to be calls, 0...1, where the threshold was chosen by that.
    package var asked: Double?
    /// An ablation's name.
    package var label: String?
    /// The place in the spec, from 0.
    package var position: Int
    /// The small model.
    package var slm: RowID<ModelRecord>?
    /// The large model.
    package var llm: RowID<ModelRecord>?
    /// The trained router, where the policy has one.
    package var router: RowID<RouterRecord>?
    /// The trained router that judges the small model's tokens, where one does.
    package var judge: RowID<RouterRecord>?
    /// The questions.
    package var dataset: RowID<DatasetRecord>?
    /// The vocabulary of the token ids in the cell's decisions.
    package var vocabulary: RowID<VocabularyRecord>?

    /// A cell, known by its key.
    package init(
        experiment: RowID<ExperimentRecord>, key: String, canonical: String, policy: String,
        setting: String? = nil, scope: String? = nil, calls: String? = nil,
        keep: String? = nil, method: String? = nil, threshold: Double? = nil, asked: Double? = nil,
        label: String? = nil, position: Int,
        slm: RowID<ModelRecord>? = nil, llm: RowID<ModelRecord>? = nil,
        router: RowID<RouterRecord>? = nil, judge: RowID<RouterRecord>? = nil,
        dataset: RowID<DatasetRecord>? = nil,
        vocabulary: RowID<VocabularyRecord>? = nil
    ) {
        self.experiment = experiment
        self.key = key
        self.canonical = canonical
        self.policy = policy
        self.setting = setting
        self.scope = scope
        self.calls = calls
        self.keep = keep
        self.method = method
        self.threshold = threshold
        self.asked = asked
        self.label = label
        self.position = position
        self.slm = slm
        self.llm = llm
        self.router = router
        self.judge = judge
        self.dataset = dataset
        self.vocabulary = vocabulary
    }
}

extension CellRecord {
    static let table = StoredTable(
        "cell", row: "'cell ' || theirs.key",
        blank: CellRecord(experiment: RowID(0), key: "", canonical: "", policy: "", position: 0),
        [
            Column("experiment", \.experiment, .content, in: "experiment"),
            Column("key", \.key, .name),
            Column("policy", \.policy, .content),
            Column("setting", \.setting, .content),
            Column("scope", \.scope, .description),
            Column("calls", \.calls, .description),
            Column("keep", \.keep, .description),
            Column("method", \.method, .description),
            Column("threshold", \.threshold, .content),
            Column("asked", \.asked, .description),
            Column("label", \.label, .description),
            Column("position", \.position, .description),
            // A cell of one model alone stands beside any other.
            Column("slm", \.slm, .description, in: "model"),
            Column("llm", \.llm, .description, in: "model"),
            Column("router", \.router, .content, in: "router"),
            Column("judge", \.judge, .content, in: "router"),
            Column("dataset", \.dataset, .description, in: "dataset"),
            Column("vocabulary", \.vocabulary, .content, in: "vocabulary"),
            Column("canonical", \.canonical, .content),
        ])
}

extension ResultsStore {
    /// Stores the cell, or finds it by its key; place, label and threshold follow the spec.
    ///
    /// Throws `.invalid` when the key stands for another canonical text or another experiment:
    /// such a key was not computed from what decides the cell's text.
    package func register(_ cell: CellRecord) throws(StoreError) -> RowID<CellRecord> {
        try checkName(cell.policy, what: "a policy's name")
        let table = CellRecord.table
        let fixed: Set = ["experiment", "key", "canonical"]
        let updates = table.updates { !fixed.contains($0.name) }
        let id = try transaction { db in
            let known = try Row.fetchOne(
                db, sql: "SELECT experiment, canonical FROM cell WHERE key = ?",
                arguments: [cell.key])
            if let known {
                guard try known.value("experiment") == cell.experiment.value else {
                    throw StoreError.invalid(
                        what: "cell \(cell.key) belongs to another experiment of this file; "
                            + "give each experiment a file of its own")
                }
                let canonical: String = try known.value("canonical")
                guard canonical == cell.canonical else {
                    throw StoreError.invalid(
                        what: "cell \(cell.key) is stored for other content: "
                            + "\(canonical), now \(cell.canonical)")
                }
            }
            return try table.register(cell, "ON CONFLICT (key) DO UPDATE SET \(updates)", db)
        }
        vocabularies.withLock { $0.ofCell[id] = cell.vocabulary }
        return id
    }
}

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
    /// The judge's name.
    package let judge: String?
    /// The data set and its split, such as `gsm8k test`.
    package let dataset: String?
    /// The hash of the data.
    package let datasetHash: String?

    /// The curve that it lies on: its method's name, else its label or policy.
    package var method: String { record.method ?? record.label ?? record.policy }

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
            SELECT cell.id AS id, \(CellRecord.table.selection), small.name AS slm_name, large.name AS llm_name,
                router.name AS router_name, judge.name AS judge_name, dataset.name || ' ' || dataset.split AS dataset_name,
                dataset.sha256 AS dataset_hash
            FROM cell
            LEFT JOIN model AS small ON small.id = cell.slm
            LEFT JOIN model AS large ON large.id = cell.llm
            LEFT JOIN router ON router.id = cell.router
            LEFT JOIN router AS judge ON judge.id = cell.judge
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

    private func cellRow(_ row: Row) throws -> CellRow {
        try CellRow(
            id: RowID(row.value("id")), record: CellRecord.table.record(row),
            slm: row.value("slm_name"),
            llm: row.value("llm_name"), router: row.value("router_name"),
            judge: row.value("judge_name"),
            dataset: row.value("dataset_name"),
            datasetHash: row.value("dataset_hash"))
    }
}
