import Assets
import Evaluation
import Foundation

/// What a sweep reads before it runs: the pair's files and the task.
struct SweepInputs {
    let spec: SweepSpec
    let task: TaskInputs
    let pair: PairHeader
    /// The routers that the spec's policies name.
    let routers: [String: RouterShelf.Entry]

    var keys: CellKeys {
        CellKeys(
            pair: pair, benchmark: task.benchmark, generation: spec.generation,
            routers: routers)
    }

    /// Fetches the models that are missing, and checks that they are a pair.
    init(spec: SweepSpec, assets: AssetStore, needsRouters: Bool = true) throws {
        self.spec = spec
        task = try TaskInputs(spec: spec, assets: assets)
        pair = try PairHeader(
            small: ModelHeader(assets.model(spec.models.slm)),
            large: ModelHeader(assets.model(spec.models.llm)), template: spec.generation.template)
        var routers: [String: RouterShelf.Entry] = [:]
        for name in Set(spec.settings.compactMap(\.router)).sorted() where needsRouters {
            routers[name] = try RouterShelf().router(name, for: pair)
        }
        self.routers = routers
    }
}

/// The task of a spec and its questions.
struct TaskInputs {
    let benchmark: any Benchmark
    private let spec: SweepSpec
    private let assets: AssetStore
    private let own: OwnTasks

    init(spec: SweepSpec, assets: AssetStore) throws {
        self.spec = spec
        self.assets = assets
        own = try OwnTasks()
        benchmark =
            try own.definition(spec.task.name)
            ?? Benchmarks.named(
                spec.task.name, parameters: spec.task.language.map { ["language": $0] } ?? [:])
    }

    /// The task's questions.
    func questions() throws -> SelectedQuestions {
        try questions(split: spec.task.split, rows: spec.task.rows)
    }

    /// The calibration's questions; nil for a spec without quantiles.
    func calibrationQuestions() throws -> SelectedQuestions? {
        try spec.calibration.map {
            try questions(split: $0.split, rows: $0.rows, calibrating: true)
        }
    }

    func questions(
        split: String, rows: SweepSpec.RowSelection, calibrating: Bool = false
    ) throws -> SelectedQuestions {
        let located: Located
        let data: Data
        if case .generated(let rows) = try benchmark.source(of: split) {
            located = (
                name: spec.task.name, sha256: Assets.sha256(of: rows), source: "made here",
                path: ""
            )
            data = rows
        } else {
            located = try locate(split: split, calibrating: calibrating)
            data = try Data(contentsOf: URL(fileURLWithPath: located.path))
        }
        let all: [Question]
        do {
            all = try benchmark.questions(from: data)
        } catch {
            throw RunError.rows(file: located.path, reason: "\(error)")
        }
        let chosen = Selection(rows).rows(of: all)
        guard !chosen.isEmpty else { throw RunError.emptySplit("\(located.name) \(split)") }
        return SelectedQuestions(
            dataSet: located.name, split: split, source: located.source, sha256: located.sha256,
            rows: all.count, questions: chosen)
    }

    private typealias Located = (name: String, sha256: String, source: String, path: String)

    private func locate(split: String, calibrating: Bool) throws -> Located {
        if let task = own.definition(spec.task.name), let file = task.files[split] {
            let path = own.path(file)
            return (task.name, try assets.sha256(ofFile: path), path, path)
        }
        do {
            let found = try assets.dataSet(
                spec.task.name, split: split, language: spec.task.language)
            return (
                found.dataSet.name, found.file.sha256, found.dataSet.origin, found.file.path
            )
        } catch AssetError.unavailable(let kind, let name, let failures) {
            // A machine that reaches no hub has no training split; questions of our own keep calibration honest there.
            let own = "experiments/calibration/\(spec.task.name).jsonl"
            guard calibrating, FileManager.default.fileExists(atPath: own)
            else { throw AssetError.unavailable(kind, name: name, failures: failures) }
            note("\(spec.task.name) \(split) cannot be had; calibrating on \(own)")
            return ("\(spec.task.name)-own", try assets.sha256(ofFile: own), own, own)
        }
    }
}

/// Questions to ask, and where they are from.
struct SelectedQuestions {
    let dataSet: String
    let split: String
    let source: String
    let sha256: String
    /// Rows of the whole split.
    let rows: Int
    var questions: [Question]
}

extension Selection {
    fileprivate init(_ rows: SweepSpec.RowSelection) {
        switch rows {
        case .all: self.init()
        case .first(let limit): self.init(limit: limit)
        case .sample(let limit, let seed):
            self.init(limit: limit, seed: UInt64(bitPattern: Int64(seed)))
        }
    }
}
