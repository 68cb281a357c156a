public import Assets
import Evaluation
import Foundation
import Generation
import Inference
import ResultsStore
import Routing
import Training

/// Trains the routers that a spec names: labels from both models, then the optimiser, round by round (METHOD.md, section 1).
///
/// Everything the models say is kept beside the results, in `results/labels.sqlite`, for all experiments; a run that was cut goes on where it stopped.
public struct RouterTraining {
    /// How to run; none of it decides a label.
    public struct Options: Sendable {
        /// Changes of the spec, `key.key=value` each.
        public var overrides: [String] = []
        /// The results database; nil: results/EXPERIMENT.sqlite.
        public var database: String?
        /// nil: one a core.
        public var threads: Int?
        /// Only this router; nil: all of the spec.
        public var router: String?
        /// Only routers that have no file yet.
        public var missingOnly = false
        /// Where router files go.
        public var directory = RouterShelf.directory

        /// All routers, here.
        public init() {}
    }

    /// What is to be trained.
    public let spec: SweepSpec
    private let plans: [RouterPlan]
    private let specText: String
    private let assets: AssetStore
    private let options: Options

    /// Reads and checks the spec.
    public init(path: String, assets: AssetStore, options: Options) throws {
        let names = try SpecNames(
            catalog: assets.catalog, routers: nil,
            fileExists: { FileManager.default.fileExists(atPath: $0) })
        spec = try SweepSpec.load(path: path, overrides: options.overrides, known: names)
        specText = (try? String(contentsOfFile: path, encoding: .utf8)) ?? ""
        let known = spec.routers.map(\.name)
        guard !known.isEmpty || options.missingOnly else { throw RunError.noRouters(spec: path) }
        if let wanted = options.router {
            plans = spec.routers.filter { $0.name == wanted }
            guard !plans.isEmpty else { throw RunError.unknownRouter(wanted, known: known) }
        } else {
            let existing =
                options.missingOnly ? RouterShelf(directory: options.directory).names : []
            plans = spec.routers.filter { !existing.contains($0.name) }
        }
        self.assets = assets
        self.options = options
    }

    /// Trains what was asked for; one line of the result for each router.
    public func run() throws -> [String] {
        guard !plans.isEmpty else { return [] }
        let processor = try Processor(threads: options.threads)
        let inputs = try SweepInputs(spec: spec, assets: assets, needsRouters: false)
        let database = options.database ?? "results/\(spec.experiment).sqlite"
        let store = try ResultsStore(path: database)
        let folder = URL(fileURLWithPath: database).deletingLastPathComponent().path
        let labels = try LabelStore(path: folder + "/labels.sqlite")
        let pair = try ModelPair(inputs.pair, processor: processor)
        let experiment = try store.register(
            ExperimentRecord(
                name: spec.experiment, question: spec.question, spec: specText,
                seed: spec.generation.seed))
        let attempt = try store.beginAttempt(
            Provenance.attempt(
                purpose: "train", experiment: experiment, processor: processor, spec: specText,
                shard: nil, fused: true,
                inputs: inputs.modelHashes))
        do {
            let lines = try plans.map { plan in
                let sources = LabelSources(
                    inputs: inputs, pair: pair, store: labels,
                    questions: try inputs.task.trainingQuestions(of: plan),
                    needs: try needs(of: plan, inputs.pair.small))
                let course = RouterCourse(
                    plan: plan, sources: sources, costs: CostModel(pair))
                let trained = try course.run()
                try save(trained, in: store, attempt)
                return trained.summary
            }
            try store.endAttempt(attempt, .finished, peakMemory: peakMemory())
            return lines
        } catch {
            try? store.endAttempt(
                attempt,
                error is Interrupted
                    ? .interrupted(reason: Interruption.cause ?? "")
                    : .failed(reason: "\(error)"), peakMemory: peakMemory())
            throw error
        }
    }

    private func save(
        _ trained: TrainedRouter, in store: ResultsStore, _ attempt: RowID<AttemptRecord>
    ) throws {
        let shelf = RouterShelf(directory: options.directory)
        let sha256 = try shelf.store(trained.router, as: trained.name)
        let id = try store.register(
            RouterRecord(
                name: trained.name, kind: trained.router.kind, sha256: sha256,
                details: trained.details))
        for round in trained.rounds { try store.record(round, of: id, by: attempt) }
        try store.record(trained.labels, of: id)
    }

    /// What walks must keep of S for a router.
    private func needs(of plan: RouterPlan, _ small: ModelHeader) throws -> SignalNeeds {
        var needs = SignalNeeds(hidden: true)
        if plan.inputs.contains(.middle) {
            let layer = plan.layer ?? small.config.layers / 2
            guard (1..<small.config.layers).contains(layer) else {
                throw RunError.routerLayer(
                    router: plan.name, layer: layer, layers: small.config.layers)
            }
            needs.layers = [layer]
        }
        if plan.inputs.contains(.top) { needs.top = RouterFeatures.topCount }
        return needs
    }
}

/// A router and how it came about.
struct TrainedRouter {
    let name: String
    let router: Router
    let rounds: [TrainingRecord]
    let labels: [RouterLabelRecord]
    let details: String
    let summary: String
}

extension TaskInputs {
    /// The questions a router learns from: a seeded sample of its split.
    func trainingQuestions(of plan: RouterPlan) throws -> SelectedQuestions {
        try questions(split: plan.split, rows: .sample(plan.limit, seed: plan.seed))
    }
}
