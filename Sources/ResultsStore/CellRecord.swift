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
    /// The score at which the policy switches, where it has one.
    package var threshold: Double?
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
    /// The questions.
    package var dataset: RowID<DatasetRecord>?
    /// The vocabulary of the token ids in the cell's decisions.
    package var vocabulary: RowID<VocabularyRecord>?

    /// A cell, known by its key.
    package init(
        experiment: RowID<ExperimentRecord>, key: String, canonical: String, policy: String,
        setting: String? = nil, threshold: Double? = nil, label: String? = nil, position: Int,
        slm: RowID<ModelRecord>? = nil, llm: RowID<ModelRecord>? = nil,
        router: RowID<RouterRecord>? = nil, dataset: RowID<DatasetRecord>? = nil,
        vocabulary: RowID<VocabularyRecord>? = nil
    ) {
        self.experiment = experiment
        self.key = key
        self.canonical = canonical
        self.policy = policy
        self.setting = setting
        self.threshold = threshold
        self.label = label
        self.position = position
        self.slm = slm
        self.llm = llm
        self.router = router
        self.dataset = dataset
        self.vocabulary = vocabulary
    }
}
