package import Assets
import Foundation
import Generation
import Grading
import Inference
import Platform
import ResultsStore
import Routing
package import Specs
import Tokenization
import Training

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
    private let judges: [JudgePlan]
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
        let known = spec.routers.map(\.name) + spec.judges.map(\.name)
        guard !known.isEmpty || options.missingOnly else { throw RunError.noRouters(spec: path) }
        if let wanted = options.router {
            plans = spec.routers.filter { $0.name == wanted }
            judges = spec.judges.filter { $0.name == wanted }
            guard !plans.isEmpty || !judges.isEmpty else {
                throw RunError.unknownRouter(wanted, known: known)
            }
        } else {
            let files =
                options.directory.map { RouterFiles(directory: $0) }
                ?? RouterFiles(folders: assets.catalog.folders)
            let existing = options.missingOnly ? files.names : []
            plans = spec.routers.filter { !existing.contains($0.name) }
            judges = spec.judges.filter { !existing.contains($0.name) }
        }
        directory = options.directory ?? RouterFiles.directory(beside: path)
        self.assets = assets
        self.options = options
    }

    /// Trains what was asked for; one line of the result for each router.
    package func run() throws -> [String] {
        guard !plans.isEmpty || !judges.isEmpty else { return [] }
        // What would fail at the end fails now.
        try RouterTrainer.checkLibraries()
        try RouterFiles(directory: directory).prepareForWriting()
        let processor = try Processor(threads: options.threads)
        let inputs = try SweepInputs(spec: spec, assets: assets, needsRouters: false)
        _ = try inputs.pair.knownCosts()
        let database = options.database ?? "results/\(spec.experiment).sqlite"
        let store = try ResultsStore(path: database)
        let folder = URL(fileURLWithPath: database).deletingLastPathComponent().path
        let kept = PackedDatabase(of: folder + "/labels.sqlite")
        if try kept.restore() { StandardError.note("unpacked \(kept.path)") }
        let labels = LabelFile(try LabelStore(path: kept.database))
        let models = try inputs.pair.load(processor)
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
            var lines = try plans.map { plan in
                let trained = try rounds(of: plan, inputs, models, labels).run()
                try save(trained, in: store, attempt)
                return trained.summary
            }
            let seen = try judges.map { try features(of: $0, inputs.pair).draftNeeds }
            let together = Pair(
                slm: seen.map(\.slm).reduce(SignalNeeds.none) { $0.union($1) },
                llm: seen.map(\.llm).reduce(SignalNeeds.none) { $0.union($1) })
            lines += try judges.map { plan in
                let trained = try training(of: plan, inputs, models, labels, together).run()
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

    /// What trains one router.
    private func rounds(
        of plan: RouterPlan, _ inputs: SweepInputs, _ models: Pair<AnyModel>, _ labels: LabelFile
    ) throws -> TrainingRounds {
        let selected = try inputs.task.trainingQuestions(
            split: plan.split, limit: plan.limit, seed: plan.seed)
        let pair = inputs.pair
        let sources = sources(
            selected, inputs, models, labels, needs: try needs(of: plan, pair[.slm]))
        return TrainingRounds(
            plan: plan, sources: sources, costs: try pair.knownCosts(),
            hashes: pair.participants.map(\.identity.sha256), data: TrainedOn(selected),
            classes: pair.vocabulary.tokenClasses)
    }

    /// What a judge sees.
    private func features(of plan: JudgePlan, _ pair: ModelPair) throws -> RouterFeatures {
        let layers = pair[.llm].layers
        let layer = plan.layer ?? layers - Self.padLayers
        if plan.inputs.contains(.llmMiddle), !(1..<layers).contains(layer) {
            throw RunError.judgeLayer(judge: plan.name, layer: layer, layers: layers)
        }
        return RouterFeatures(
            inputs: plan.inputs, widths: pair.participants.map(\.width), llmLayer: layer)
    }

    /// What trains one judge.
    private func training(
        of plan: JudgePlan, _ inputs: SweepInputs, _ models: Pair<AnyModel>, _ labels: LabelFile,
        _ together: Pair<SignalNeeds>
    ) throws -> JudgeTraining {
        let selected = try inputs.task.trainingQuestions(
            split: plan.split, limit: plan.limit, seed: plan.seed)
        let pair = inputs.pair
        return JudgeTraining(
            plan: plan, sources: sources(selected, inputs, models, labels, needs: .none),
            costs: try pair.knownCosts(),
            hashes: pair.participants.map(\.identity.sha256), data: TrainedOn(selected),
            features: try features(of: plan, pair), together: together,
            classes: pair.vocabulary.tokenClasses)
    }

    /// How far before L's end PAD's head looks at it.
    private static let padLayers = 8

    private func sources(
        _ selected: SelectedQuestions, _ inputs: SweepInputs, _ models: Pair<AnyModel>,
        _ labels: LabelFile, needs: SignalNeeds
    ) -> LabelSources {
        let pair = inputs.pair
        return LabelSources(
            models: models,
            options: .init(
                maxTokens: spec.generation.maxTokens, endTokens: pair.endTokens),
            questions: selected.questions.map { question($0, inputs.task.benchmark, pair) },
            store: labels, slmSha256: pair[.slm].identity.sha256, needs: needs,
            canonical: {
                try inputs.keys.identity(of: $0, data: selected.sha256).key().canonical
            })
    }

    private func question(
        _ question: Question, _ benchmark: any Benchmark, _ pair: ModelPair
    ) -> TrainingQuestion {
        let endTokens = pair.endTokens
        let solution = question.solution.flatMap { $0.isEmpty ? nil : $0 }
        func grade(_ tokens: [Int32]) -> Grade {
            // Without an end token the limit of tokens ended it.
            let hasEnded = tokens.last.map(endTokens.contains) ?? false
            let text = pair.vocabulary.decode(hasEnded ? Array(tokens.dropLast()) : tokens)
            return benchmark.grade(text, isCut: !hasEnded, for: question)
        }
        return TrainingQuestion(
            id: question.id,
            prompt: pair.prompt(system: benchmark.systemPrompt, user: question.user).tokens,
            solution: solution.map(pair.answerTokens),
            isRight: { grade($0).correct ?? false }, extracted: { grade($0).extracted })
    }

    private func save(
        _ trained: TrainedRouter, in store: ResultsStore, _ attempt: RowID<AttemptRecord>
    ) throws {
        let files = RouterFiles(directory: directory)
        let sha256 = try files.store(trained.router, as: trained.name)
        let id = try store.register(
            RouterRecord(
                name: trained.name, kind: trained.router.kind, sha256: sha256,
                details: String(
                    decoding: JSONEncoder.canonical.encode(trained.router.provenance),
                    as: UTF8.self)))
        for round in trained.rounds {
            try store.record(TrainingRecord(round), of: id, by: attempt)
        }
        try store.record(trained.labels.map(RouterLabelRecord.init), of: id)
    }

    /// What walks must keep of S for a router.
    private func needs(of plan: RouterPlan, _ small: Participant) throws -> SignalNeeds {
        var needs = SignalNeeds(hidden: true)
        if plan.inputs.contains(.middle) {
            let layer = plan.layer ?? small.layers / 2
            guard (1..<small.layers).contains(layer) else {
                throw RunError.routerLayer(
                    router: plan.name, layer: layer, layers: small.layers)
            }
            needs.layers = [layer]
        }
        if plan.inputs.contains(.top) { needs.top = RouterFeatures.topCount }
        return needs
    }
}

/// The label file beside the results.
private final class LabelFile: LabelStorage {
    private let store: LabelStore
    private var series: [String: LabelStore.Series] = [:]

    init(_ store: LabelStore) { self.store = store }

    func item(_ name: String, in series: String) throws -> Data? {
        try store.item(name, in: known(series))
    }

    func store(_ data: Data, as name: String, in series: String) throws {
        try store.store(data, as: name, in: known(series))
    }

    private func known(_ name: String) throws -> LabelStore.Series {
        if let known = series[name] { return known }
        let made = try store.series(name)
        series[name] = made
        return made
    }
}

extension TrainingRecord {
    fileprivate init(_ round: RoundResult) {
        self.init(
            round: round.round, tokens: round.tokens, case1: round.case1, case2: round.case2,
            case3: round.case3, rollouts: round.rollouts, churn: round.churn,
            trainingLoss: round.trainingLoss, validationLoss: round.validationLoss,
            accuracy: round.accuracy, flops: round.flops, bytes: round.bytes,
            seconds: round.seconds)
    }
}

extension RouterLabelRecord {
    fileprivate init(_ label: KeptLabel) {
        self.init(
            question: label.question, position: label.position,
            shortcut: label.shortcut?.rawValue, label: label.label, weight: label.weight,
            score: label.score, isHeldOut: label.isHeldOut, slmRight: label.slmRight,
            llmRight: label.llmRight)
    }
}

extension TrainedOn {
    fileprivate init(_ selected: SelectedQuestions) {
        self.init(
            dataSet: selected.dataSet, sha256: selected.sha256,
            questions: selected.questions.count)
    }
}

extension TaskInputs {
    /// The questions a router learns from: a seeded sample of a split.
    func trainingQuestions(
        split: String, limit: Int, seed: Int
    ) throws -> SelectedQuestions {
        try questions(split: split, rows: .sample(limit, seed: seed))
    }
}
