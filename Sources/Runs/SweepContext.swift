import Assets
import Foundation
import Generation
import Grading
import Inference
import Platform
import ResultsStore
import Routing
import Specs
import Tokenization

/// What every part of a running sweep works with: what was read, the loaded pair, the open database.
struct SweepContext {
    let inputs: SweepInputs
    let specText: String
    let pair: ModelPair
    let store: ResultsStore
    /// Answers that another database has, by cell key: they are not made again.
    let known: [String: Set<String>]
    let budget: BudgetMeter
    let publication: Publication?
    let energy: any EnergyMeter
    let slm: RowID<ModelRecord>
    let llm: RowID<ModelRecord>
    let vocabulary: RowID<VocabularyRecord>
    let routerIDs: [String: RowID<RouterRecord>]
    let costs: CostModel
    let decoders: PairDecoders

    var spec: SweepSpec { inputs.spec }
    var benchmark: any Benchmark { inputs.task.benchmark }

    init(
        inputs: SweepInputs, specText: String, pair: ModelPair, store: ResultsStore,
        known: [String: Set<String>], budget: BudgetMeter, publication: Publication?,
        energy: any EnergyMeter
    ) throws {
        self.inputs = inputs
        self.specText = specText
        self.pair = pair
        self.store = store
        self.known = known
        self.budget = budget
        self.publication = publication
        self.energy = energy
        costs = CostModel(pair)
        routerIDs = try inputs.routers.reduce(into: [:]) { ids, entry in
            ids[entry.key] = try store.register(
                RouterRecord(
                    name: entry.key, kind: entry.value.router.kind, sha256: entry.value.sha256,
                    details: String(
                        decoding: JSONEncoder.canonical.encode(entry.value.router.provenance),
                        as: UTF8.self)))
        }
        slm = try store.register(ModelRecord(pair.small))
        llm = try store.register(ModelRecord(pair.large))
        let (joint, tokenizer) = (pair.header.joint, pair.large.tokenizer)
        vocabulary = try store.register(
            VocabularyRecord(
                sha256: pair.header.vocabularyHash, size: pair.header.vocabularyCount
            ) { joint?.bytes(Int32($0)) ?? tokenizer.bytes(of: Int32($0)) })
        decoders = PairDecoders(pair)
    }

    /// Weights of a setting's router; 0 without one.
    func routerWeights(of setting: PolicySetting) -> Int {
        guard let entry = setting.router.flatMap({ inputs.routers[$0] }) else { return 0 }
        return entry.router.layers.reduce(0) { $0 + $1.weights.count }
    }

    /// The questions with their place in the database.
    func register(_ selected: SelectedQuestions) throws -> QuestionSet {
        let dataset = try store.register(
            DatasetRecord(
                name: selected.dataSet, split: selected.split, sha256: selected.sha256,
                rows: selected.rows, source: selected.source))
        try store.register(
            selected.questions.map { QuestionRecord(name: $0.id, text: $0.user) }, of: dataset)
        return QuestionSet(
            dataset: dataset, sha256: selected.sha256, questions: selected.questions)
    }
}

/// Questions to ask, and where they are registered.
struct QuestionSet {
    let dataset: RowID<DatasetRecord>
    let sha256: String
    let questions: [Question]
}

extension ModelRecord {
    fileprivate init(_ loaded: LoadedModel) {
        let config = loaded.model.config
        self.init(
            name: loaded.file.name, sha256: loaded.file.sha256,
            architecture: config.architecture.rawValue,
            parameters: config.bodyParameters + config.vocabulary * config.width,
            fileBytes: Int(loaded.file.bytes))
    }
}

/// A line for the user, apart from results.
package func note(_ text: String) {
    StandardError.note(text)
}
