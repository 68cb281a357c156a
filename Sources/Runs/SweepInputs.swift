import Assets
import Foundation
import Generation
import Grading
import Hashing
import Platform
import Routing
import Schemas
import Servers
import Specs

/// What a sweep reads before it runs: the pair's files and the task.
struct SweepInputs {
    let spec: SweepSpec
    let task: TaskInputs
    let pair: ModelPair
    /// The lists of tokens that the spec's policies trim S's output matrix to, by their length.
    let rows: [Int: TokenRows]
    /// The routers that the spec's policies name.
    let routers: [String: RouterFiles.Entry]
    /// The judges that their keep rules name.
    let judges: [String: RouterFiles.Judge]
    /// What stays under each judge at each recall.
    private let tests: [KeepSetting: KeepRule.Test]

    /// The models' files by their names; one model may be both.
    var modelHashes: [String: String] {
        var hashes = [spec.models.slm: pair[.slm].identity.sha256]
        hashes[spec.models.llm] = pair[.llm].identity.sha256
        return hashes
    }

    /// The score of a router that the spec names.
    func score(ofRouter name: String) -> RouterScore? { routers[name]?.score }

    var keys: CellKeys {
        CellKeys(
            pair: pair, benchmark: task.benchmark, generation: spec.generation,
            routers: routers, judges: judges, rows: rows)
    }

    /// How a setting answers; nil where its threshold is not known yet.
    func method(of setting: PolicySetting) -> AnswerMethod? {
        setting.method(
            seed: spec.generation.seed, rows: { rows[$0] },
            judges: { KeepSetting(.judge, $1, judge: $0).flatMap { tests[$0] } },
            routers: score(ofRouter:))
    }

    /// Fetches the models that are missing, and checks that they are a pair.
    init(spec: SweepSpec, assets: AssetStore, needsRouters: Bool = true) throws {
        self.spec = spec
        task = try TaskInputs(spec: spec, assets: assets)
        pair = try ModelPair(
            spec.participants(assets), template: spec.generation.template,
            isJoint: spec.models.isJoint)
        var routers: [String: RouterFiles.Entry] = [:]
        for name in Set(spec.settings.compactMap(\.router)).sorted() where needsRouters {
            routers[name] = try RouterFiles(folders: assets.catalog.folders).router(name, for: pair)
        }
        self.routers = routers
        var judges: [String: RouterFiles.Judge] = [:]
        var tests: [KeepSetting: KeepRule.Test] = [:]
        for setting in spec.settings where needsRouters {
            guard let keep = setting.keep, let name = keep.judge, let recall = keep.value else {
                continue
            }
            let judge =
                try judges[name]
                ?? RouterFiles(folders: assets.catalog.folders).judge(name, for: pair)
            judges[name] = judge
            tests[keep] = try judge.test(recall: recall)
        }
        self.judges = judges
        self.tests = tests
        rows = try Self.rows(of: spec, task, pair)
    }

    /// Lists from the questions and solutions of the training split; what they hold of these is told.
    private static func rows(
        of spec: SweepSpec, _ task: TaskInputs, _ pair: ModelPair
    ) throws -> [Int: TokenRows] {
        let counts = Set(spec.settings.compactMap(\.rows)).sorted()
        guard !counts.isEmpty else { return [:] }
        let questions = try task.questions(split: "train", rows: .all).questions
        let solutions = pair.draftTokens(of: questions.compactMap(\.solution))
        let texts = pair.draftTokens(of: questions.map(\.user)) + solutions
        var lists: [Int: TokenRows] = [:]
        for count in counts {
            let list = try pair.draftRows(count, of: texts)
            lists[count] = list
            let covered = DraftRows.coverage(of: solutions.isEmpty ? texts : solutions, by: list)
            let bytes = count * (pair[.slm].costs?.output.rowBytes ?? 0)
            note(
                "drafts from \(count) tokens, \(String(format: "%.2f", 100 * (covered ?? 0))) % of those of the training references; "
                    + "the trimmed matrix takes \(String(format: "%.0f", Double(bytes) / 1e6)) MB more"
            )
        }
        return lists
    }
}

extension SweepSpec {
    /// The pair's models: files that are fetched where they are missing, and servers that are asked who they are. One model may be both.
    fileprivate func participants(_ assets: AssetStore) throws -> Pair<Participant> {
        try Pair { model in
            guard let server = models.servers[model] else {
                return try Participant(assets.model(models[model]))
            }
            return try Participant(server, tokenizer: assets.model(server.tokenizer))
        }
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
        own = try OwnTasks(folders: assets.catalog.folders)
        own.remarks.forEach(note)
        let task = Single(name: spec.task.name, language: spec.task.language)
        benchmark =
            spec.task.parts.isEmpty
            ? try own.benchmark(task) : try own.mixture(spec.task.name, of: spec.task.parts)
    }

    /// The task's questions.
    func questions() throws -> SelectedQuestions {
        try questions(rows: spec.task.rows, parts: spec.task.parts) { $0 ?? spec.task.split }
    }

    /// The calibration's questions; nil for a spec without quantiles.
    func calibrationQuestions() throws -> SelectedQuestions? {
        guard let calibration = spec.calibration else { return nil }
        let parts = calibration.parts
        return try questions(
            rows: calibration.rows, parts: parts.isEmpty ? spec.task.parts : parts,
            calibrating: true
        ) { split in
            // The task's parts name the splits that they are judged by.
            parts.isEmpty ? calibration.split : split ?? calibration.split
        }
    }

    /// Questions of another split, to learn from.
    func questions(
        split: String, rows: SweepSpec.RowSelection
    ) throws -> SelectedQuestions {
        try questions(rows: rows, parts: spec.task.parts) { _ in split }
    }

    private func questions(
        rows: SweepSpec.RowSelection, parts: [SweepSpec.Part], calibrating: Bool = false,
        split: (String?) -> String
    ) throws -> SelectedQuestions {
        guard !parts.isEmpty else {
            let task = Single(name: spec.task.name, language: spec.task.language)
            return try questions(
                of: task, split: split(nil), rows: rows, calibrating: calibrating)
        }
        let mixture = try own.mixture(spec.task.name, of: parts)
        let all = try parts.map { part in
            try questions(
                of: Single(name: part.name, language: part.language), split: split(part.split),
                rows: .all, calibrating: calibrating)
        }
        func listed(_ values: [String]) -> String {
            values.reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
                .joined(separator: ", ")
        }
        return SelectedQuestions(
            dataSet: spec.task.name, split: listed(all.map(\.split)),
            source: listed(all.map(\.source)),
            sha256: Assets.sha256(of: Data(all.map(\.sha256).joined(separator: "\n").utf8)),
            rows: all.reduce(0) { $0 + $1.rows },
            questions: Selection(rows).rows(of: mixture.mixed(all.map(\.questions))))
    }

    private func questions(
        of task: Single, split: String, rows: SweepSpec.RowSelection, calibrating: Bool
    ) throws -> SelectedQuestions {
        let benchmark = try own.benchmark(task)
        let located: Located
        let data: Data
        if case .generated(let rows) = try benchmark.source(of: split) {
            located = (
                name: task.name, sha256: Assets.sha256(of: rows), source: "made here",
                path: ""
            )
            data = rows
        } else {
            located = try locate(task, split: split, calibrating: calibrating)
            data = try contents(ofFile: located.path)
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

    /// Questions of our own to calibrate a task on, beside the catalogue that has it or nearer.
    private func ownCalibration(of task: String) -> String? {
        assets.catalog.folders(ofDataSet: task).map { joined($0, "calibration/\(task).jsonl") }
            .first { FileManager.default.fileExists(atPath: $0) }
    }

    private typealias Located = (name: String, sha256: String, source: String, path: String)

    private func locate(_ task: Single, split: String, calibrating: Bool) throws -> Located {
        if let task = own.definition(task.name), let file = task.files[split] {
            let path = own.path(file, of: task)
            return (task.name, try assets.sha256(ofFile: path), path, path)
        }
        do {
            let found = try assets.dataSet(task.name, split: split, language: task.language)
            return (
                found.dataSet.name, found.file.sha256, found.dataSet.origin, found.file.path
            )
        } catch AssetError.unavailable(let kind, let name, let failures) {
            // A machine that reaches no hub has no training split; questions of our own keep calibration honest there.
            guard calibrating, let own = ownCalibration(of: task.name)
            else { throw AssetError.unavailable(kind, name: name, failures: failures) }
            note("\(task.name) \(split) cannot be had; calibrating on \(own)")
            return ("\(task.name)-own", try assets.sha256(ofFile: own), own, own)
        }
    }
}

/// A task that is no mixture.
private struct Single {
    let name: String
    let language: String?
}

extension OwnTasks {
    fileprivate func benchmark(_ task: Single) throws(BenchmarkError) -> any Benchmark {
        if let definition = definition(task.name) { return definition }
        return try Benchmarks.named(
            task.name, parameters: task.language.map { ["language": $0] } ?? [:])
    }

    fileprivate func mixture(
        _ name: String, of parts: [SweepSpec.Part]
    ) throws(BenchmarkError) -> Mixture {
        var benchmarks: [any Benchmark] = []
        for part in parts {
            benchmarks.append(try benchmark(Single(name: part.name, language: part.language)))
        }
        return try Mixture(name: name, parts: benchmarks)
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
