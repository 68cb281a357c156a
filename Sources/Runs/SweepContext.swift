import Assets
import Foundation
import Generation
import Grading
import Platform
import ResultsStore
import Routing
import Servers
import Specs

/// What every part of a running sweep works with: what was read, the loaded models, the open database.
struct SweepContext {
    let inputs: SweepInputs
    let specText: String
    let decoders: Pair<AnyModel>
    let store: ResultsStore
    /// Answers that another database has, by cell key: they are not made again.
    let known: [String: Set<String>]
    let budget: BudgetMeter
    let publication: Publication?
    let energy: any EnergyMeter
    let models: Pair<RowID<ModelRecord>>
    let vocabulary: RowID<VocabularyRecord>
    let routerIDs: [String: RowID<RouterRecord>]
    let costs: CostModel

    var spec: SweepSpec { inputs.spec }
    var pair: ModelPair { inputs.pair }
    var benchmark: any Benchmark { inputs.task.benchmark }

    init(
        inputs: SweepInputs, specText: String, decoders: Pair<AnyModel>, store: ResultsStore,
        known: [String: Set<String>], budget: BudgetMeter, publication: Publication?,
        energy: any EnergyMeter
    ) throws {
        self.inputs = inputs
        self.specText = specText
        self.decoders = decoders
        self.store = store
        self.known = known
        self.budget = budget
        self.publication = publication
        self.energy = energy
        costs = CostModel(inputs.pair.participants.map(\.costs))
        let trained =
            inputs.routers.map { ($0.key, $0.value.router, $0.value.sha256) }
            + inputs.judges.map { ($0.key, $0.value.router, $0.value.sha256) }
        routerIDs = try trained.reduce(into: [:]) { ids, entry in
            let (name, router, sha256) = entry
            ids[name] = try store.register(
                RouterRecord(
                    name: name, kind: router.kind, sha256: sha256,
                    details: String(
                        decoding: JSONEncoder.canonical.encode(router.provenance), as: UTF8.self)))
        }
        models = try inputs.pair.participants.map { try store.register(ModelRecord($0.identity)) }
        for model in Route.allCases {
            try inputs.pair[model].checkProbe(in: store, as: models[model])
        }
        let tokens = inputs.pair.vocabulary
        vocabulary = try store.register(
            VocabularyRecord(sha256: tokens.sha256, size: tokens.count) {
                tokens.bytes(of: Int32($0))
            })
    }

    /// Stores what reads of models behind servers have cost so far.
    func recordTraffic(by attempt: RowID<AttemptRecord>) throws {
        for model in Route.allCases {
            guard let traffic = decoders[model].traffic else { continue }
            try store.record(TrafficRow(traffic, of: models[model], by: attempt))
        }
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
    fileprivate init(_ model: Participant.Identity) {
        self.init(
            name: model.name, sha256: model.sha256, architecture: model.architecture,
            parameters: model.parameters, fileBytes: model.fileBytes, server: model.server)
    }
}

extension TrafficRow {
    fileprivate init(
        _ traffic: RemoteTraffic, of model: RowID<ModelRecord>, by attempt: RowID<AttemptRecord>
    ) {
        self.init(
            attempt: attempt, model: model, requests: traffic.requests, retries: traffic.retries,
            failures: traffic.failures, sentBytes: traffic.sentBytes,
            receivedBytes: traffic.receivedBytes, readTokens: traffic.readTokens,
            cachedTokens: traffic.cachedTokens, seconds: traffic.seconds,
            serverSeconds: traffic.serverSeconds)
    }
}

extension Participant {
    /// Asks a server the probe, and compares what it says with what it said when it was first asked; throws `ServerError.changed`.
    fileprivate func checkProbe(
        in store: ResultsStore, as model: RowID<ModelRecord>
    ) throws {
        guard let server else { return }
        let probe = try server.probe(tokenizer)
        let first = try store.probe(probe.text, of: model)
        guard let before = ServerProbe(text: first) else { return }
        try server.check(probe, against: before, tokenizer)
    }
}

/// A line for the user, apart from results.
package func note(_ text: String) {
    StandardError.note(text)
}

extension JSONEncoder {
    /// Sorted keys, so that equal values are equal texts.
    static var canonical: JSONEncoder {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return encoder
    }
}
