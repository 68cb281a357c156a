package import Assets
import Foundation
import Inference
import ResultsStore
import Routing
package import Specs

/// Trains the routers that a spec names: labels from both models, then the optimiser, round by round (docs/method.md, section 1).
///
/// Everything the models say is kept beside the results, in `results/labels.sqlite`, for all experiments; a run that was cut goes on where it stopped.
package struct RouterTraining {
    /// How to run; none of it decides a label.
    package struct Options: Sendable {
        /// Changes of the spec, `key.key=value` each.
        package var overrides: [String] = []
        /// The results database; nil: results/EXPERIMENT.sqlite.
        package var database: String?
        /// nil: one a core.
        package var threads: Int?
        /// Only this router; nil: all of the spec.
        package var router: String?
        /// Only routers that have no file yet.
        package var missingOnly = false
        /// Where router files go; nil: `routers` beside the spec.
        package var directory: String?

        /// All routers, here.
        package init() {}
    }

    /// What is to be trained.
    package let spec: SweepSpec
    private let plans: [RouterPlan]
    private var specText: String { spec.text }
    private let assets: AssetStore
    private let options: Options
    /// Where router files go.
    private let directory: String

    /// Reads and checks the spec.
    package init(path: String, assets: AssetStore, options: Options) throws {
        let names = try SpecNames(
            catalog: assets.catalog, routers: nil,
            fileExists: { FileManager.default.fileExists(atPath: $0) })
        spec = try SweepSpec.load(path: path, overrides: options.overrides, known: names)
        let known = spec.routers.map(\.name)
        guard !known.isEmpty || options.missingOnly else { throw RunError.noRouters(spec: path) }
        if let wanted = options.router {
            plans = spec.routers.filter { $0.name == wanted }
            guard !plans.isEmpty else { throw RunError.unknownRouter(wanted, known: known) }
        } else {
            let shelf =
                options.directory.map { RouterShelf(directory: $0) }
                ?? RouterShelf(folders: assets.catalog.folders)
            let existing = options.missingOnly ? shelf.names : []
            plans = spec.routers.filter { !existing.contains($0.name) }
        }
        directory = options.directory ?? RouterShelf.directory(beside: path)
        self.assets = assets
        self.options = options
    }

    /// Trains what was asked for; one line of the result for each router.
    package func run() throws -> [String] {
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
        let shelf = RouterShelf(directory: directory)
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
