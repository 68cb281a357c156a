package import Assets
import Foundation
import Grading
import Inference
package import Platform
import ResultsStore
package import Specs
import Statistics

/// A sweep from a spec file: plan it, or run what is missing of it.
package struct Sweep {
    /// How to run; none of it decides a text.
    package struct Options: Sendable {
        /// Changes of the spec, `key.key=value` each.
        package var overrides: [String] = []
        /// The database; nil: results/EXPERIMENT.sqlite, or a shard's file beside it.
        package var database: String?
        /// Whether cells share their passes; nil: as the spec says.
        package var fused: Bool?
        /// The most texts decoded at a time; 1 measures latencies; nil: as the spec says.
        package var batch: Int?
        /// nil: one a core.
        package var threads: Int?
        /// The part of the questions to run; nil: all.
        package var shard: Shard?
        /// Another database whose answers are not made again; nil: for a shard without `database`, the experiment's own.
        package var known: String?
        /// A directory of this machine's own disk to write the database in; it is copied to its place now and then.
        package var scratch: String?
        /// How long the end waits for a database that others are writing, before it leaves the answers in `scratch`.
        package var patience = Duration.seconds(60)
        /// When to stop before the end.
        package var budget = SweepBudget()
        /// What measures energy.
        package var energy: any EnergyMeter = PowercapMeter()

        /// Everything, here, at once.
        package init() {}
    }

    /// What is to be run.
    package let spec: SweepSpec
    /// Where results end up.
    package let database: String
    /// The spec as it is run, with what it includes and the overrides.
    var specText: String { spec.text }
    let assets: AssetStore
    let options: Options

    var fused: Bool { options.fused ?? spec.run.fused }
    var batch: Int { options.batch ?? spec.run.batch }

    /// Reads and checks the spec; nothing runs before all of it is right.
    package init(path: String, assets: AssetStore, options: Options) throws {
        var names = try SpecNames(
            catalog: assets.catalog, routers: RouterFiles(folders: assets.catalog.folders).names,
            fileExists: { FileManager.default.fileExists(atPath: $0) }
        )
        names.vocabulary = { assets.vocabulary(ofModel: $0) }
        spec = try SweepSpec.load(path: path, overrides: options.overrides, known: names)
        if options.shard == nil { spec.remarks.forEach(note) }
        let whole = "results/\(spec.experiment).sqlite"
        database = options.database ?? options.shard?.path(beside: whole) ?? whole
        self.assets = assets
        self.options = options
    }

    /// Runs every missing answer and stores it. What was finished before is kept and not run again.
    package func run() throws -> SweepOutcome {
        let processor = try Processor(threads: options.threads)
        // What can't be run leaves no empty database behind, and who must wait for another process loads no weights.
        let inputs = try SweepInputs(spec: spec, assets: assets)
        guard try options.scratch == nil || !ResultsStore.areSame(workPath, database) else {
            throw StoreError.sameFile(path: workPath, other: database)
        }
        // A row that can't be read is found before any weights are.
        _ = try inputs.task.questions()
        let store = try ResultsStore(path: workPath)
        let publication = try options.scratch.map { _ in try Publication(store, to: database) }
        let context = try SweepContext(
            inputs: inputs, specText: specText,
            decoders: inputs.pair.load(processor), store: store,
            known: answersElsewhere(), budget: BudgetMeter(options.budget),
            publication: publication, energy: options.energy)
        let experiment = try store.register(
            ExperimentRecord(
                name: spec.experiment, question: spec.question, spec: specText,
                seed: spec.generation.seed))
        let attempt = try store.beginAttempt(
            Provenance.attempt(
                purpose: "sweep", experiment: experiment, processor: processor, spec: specText,
                shard: options.shard, fused: fused, configuration: inputs.configuration(),
                inputs: inputs.modelHashes, secrets: spec.models.secrets))
        var outcome: SweepOutcome
        do {
            try publication?.publish()
            outcome = try run(context, experiment, attempt)
            try store.endAttempt(attempt, outcome.end.record, peakMemory: peakMemory())
        } catch {
            // The disk may be full: the error to report is the first one.
            try? store.endAttempt(
                attempt, .failed(reason: "\(error)"), peakMemory: peakMemory())
            do { try publication?.finish(patience: .zero) } catch { note("\(error)") }
            // Of an interrupted run no more is told than that; but this may say where its answers are.
            if Interruption.isRequested, !(error is Interrupted) { note("\(error)") }
            throw error
        }
        guard let publication else { return outcome }
        // Who interrupts does not wait for long.
        let patience =
            Interruption.isRequested
            ? min(options.patience, Publication.patienceOfTheInterrupted) : options.patience
        do {
            try publication.finish(patience: patience)
        } catch {
            guard let cause = Interruption.cause else { throw error }
            outcome.end = .interrupted(by: cause)
            outcome.unpublished = "\(error)"
        }
        return outcome
    }

    private func run(
        _ context: SweepContext, _ experiment: RowID<ExperimentRecord>,
        _ attempt: RowID<AttemptRecord>
    ) throws -> SweepOutcome {
        let calibration = try Calibration(context: context, attempt: attempt)
            .resolve(spec.settings)
        var outcome = SweepOutcome(end: .finished)
        outcome.failures = calibration.summary.failures
        let questions = try sharded(context.inputs.task.questions())
        func stopped(_ summary: SweepSummary) -> SweepOutcome.End? {
            Interruption.cause.map { .interrupted(by: $0) } ?? summary.stopped.map { .budget($0) }
        }
        if let end = stopped(calibration.summary) {
            outcome.end = end
            outcome.missing = questions.questions.count * spec.settings.count
            return outcome
        }
        let set = try context.register(questions)
        let cells = try context.cells(calibration.settings, over: set, experiment: experiment)
        try context.regrade(cells, split: spec.task.split)
        let summary = try SweepRun(
            context: context, attempt: attempt, fused: fused, batch: batch,
            progress: WorkProgress(spec.experiment)
        ).run(cells, over: set)
        outcome.end = stopped(summary) ?? .finished
        outcome.answers = summary.answers
        for cell in try cells.map({ try $0.current(in: context.store) }) {
            for question in set.questions where !cell.finished.contains(question.id) {
                guard let tries = cell.failed[question.id] else {
                    outcome.missing += 1
                    continue
                }
                outcome.failures += 1
                if tries >= Cell.mostTries { outcome.abandoned += 1 }
            }
        }
        return outcome
    }

    /// The shard's part of the questions; all without a shard.
    func sharded(_ selected: SelectedQuestions) -> SelectedQuestions {
        guard let shard = options.shard else { return selected }
        var part = selected
        part.questions = shard.questions(
            of: selected.questions, maxTokens: spec.generation.maxTokens)
        return part
    }

    // MARK: - Places

    /// The file that is written.
    private var workPath: String {
        guard let scratch = options.scratch else { return database }
        return "\(scratch)/\(URL(fileURLWithPath: database).lastPathComponent)"
    }

    /// The answers of another database, by cell key.
    func answersElsewhere() throws -> [String: Set<String>] {
        var found: ResultsReader?
        if let known = options.known {
            // A file that the user names must be there; the usual one may be yet to come.
            found = try ResultsReader(path: known)
        } else if options.shard != nil, options.database == nil {
            found = try ResultsReader.ifAny(path: "results/\(spec.experiment).sqlite")
        }
        guard let reader = found else { return [:] }
        var answers: [String: Set<String>] = [:]
        for experiment in try reader.experiments() {
            for cell in try reader.cells(of: experiment.id) {
                answers[cell.record.key] = try reader.finishedQuestions(of: cell.id)
            }
        }
        return answers
    }
}

extension SweepOutcome.End {
    fileprivate var record: AttemptOutcome {
        switch self {
        case .finished: .finished
        case .interrupted(let reason), .budget(let reason): .interrupted(reason: reason)
        }
    }
}

/// The most memory that this process had resident, in bytes.
func peakMemory() -> Int? {
    var usage = rusage()
    #if canImport(Darwin)
        guard getrusage(RUSAGE_SELF, &usage) == 0 else { return nil }
        return usage.ru_maxrss
    #else
        guard getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage) == 0 else { return nil }
        return usage.ru_maxrss * 1024  // Linux counts in KiB
    #endif
}
