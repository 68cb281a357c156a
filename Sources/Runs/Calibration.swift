import Foundation
import Grading
import Platform
import ResultsStore
import Routing
import Specs
import Statistics

/// Turns thresholds given as quantiles into values: the small model alone answers questions of another split, and the scores of all its
/// tokens are the distribution (docs/method.md, section 4: never the test split).
///
/// Calibration runs are cells like others, kept in the same database under an experiment of their own, so that they resume and can be looked at.
struct Calibration {
    let context: SweepContext
    let attempt: RowID<AttemptRecord>

    static func experimentName(for experiment: String) -> String {
        ExperimentName.calibration(of: experiment)
    }

    /// What a calibration gave.
    struct Result {
        /// The settings with every threshold known, unless the run was stopped before.
        var settings: [PolicySetting]
        var summary = SweepSummary()
    }

    /// Answers what is missing, and resolves the settings.
    func resolve(_ settings: [PolicySetting]) throws -> Result {
        let samples = Self.samples(of: settings)
        guard !samples.isEmpty, let selected = try context.inputs.task.calibrationQuestions()
        else {
            return Result(settings: settings)
        }
        let set = try context.register(selected)
        let experiment = try context.store.register(
            ExperimentRecord(
                name: Self.experimentName(for: context.spec.experiment),
                question: "Which scores does the small model give, on its own?",
                spec: context.specText, seed: context.spec.generation.seed))
        let cells = try samples.enumerated().map { position, sample in
            try cell(sample, position: position, set, experiment)
        }
        var result = Result(settings: settings)
        result.summary = try SweepRun(
            context: context, attempt: attempt, fused: true,
            progress: WorkProgress("\(context.spec.experiment), calibration")
        ).run(cells, over: set)
        guard !Interruption.isRequested, result.summary.stopped == nil else { return result }
        var scores: [ScoreName: [Int]] = [:]
        for (sample, cell) in zip(samples, cells) {
            scores[sample.scoreName] = try context.store.reader.scoreMillionths(
                of: cell.id, questions: set.questions.map(\.id))
        }
        result.settings = try Self.resolve(settings, scores: scores)
        return result
    }

    /// One setting for each score whose quantiles the settings name, sorted by name.
    static func samples(of settings: [PolicySetting]) -> [PolicySetting] {
        var samples: [ScoreName: PolicySetting] = [:]
        for setting in settings {
            if case .quantile? = setting.threshold { samples[setting.scoreName] = setting.scoring }
        }
        return samples.values.sorted { $0.scoreName < $1.scoreName }
    }

    /// The settings with every quantile replaced by its value in the scores of that function, in millionths.
    static func resolve(
        _ settings: [PolicySetting], scores: [ScoreName: [Int]]
    ) throws(RunError) -> [PolicySetting] {
        let sorted = scores.mapValues { $0.sorted() }
        return try settings.map { setting throws(RunError) in
            guard case .quantile(let k, let n)? = setting.threshold else { return setting }
            guard let scores = sorted[setting.scoreName], !scores.isEmpty else {
                throw .noScores(cell: "\(setting)")
            }
            return setting.settingThreshold(to: quantile(k, of: n, in: scores))
        }
    }

    /// The least score that k / (n + 1) of all scores do not exceed: no interpolation, so the value is one that was seen.
    static func quantile(_ k: Int, of n: Int, in sortedMillionths: [Int]) -> Double {
        let count = sortedMillionths.count
        let rank = (k * count + n) / (n + 1)  // ceiling of k * count / (n + 1), from 1
        return Double(sortedMillionths[min(max(rank, 1), count) - 1]) / 1_000_000
    }

    /// A cell of the small model alone that logs a score: its threshold is never reached.
    private func cell(
        _ sample: PolicySetting, position: Int, _ set: QuestionSet,
        _ experiment: RowID<ExperimentRecord>
    ) throws -> Cell {
        let routers = context.inputs.score(ofRouter:)
        guard let function = sample.scoreFunction(routers),
            let method = sample.calibration(routers)
        else {
            throw RunError.noScores(cell: "\(sample)")
        }
        return try context.register(
            sample.settingThreshold(to: 0), method: method,
            identity: context.inputs.keys.identity(
                calibrating: function.name, router: sample.router, data: set.sha256),
            // Its scores must be here to be looked at.
            text: "never", threshold: nil, position: position, elsewhere: false, set, experiment)
    }
}

/// A score: of a policy, and where it has one of a router.
struct ScoreName: Hashable, Comparable {
    let policy: String
    let router: String

    static func < (a: ScoreName, b: ScoreName) -> Bool {
        (a.policy, a.router) < (b.policy, b.router)
    }
}

extension PolicySetting {
    var scoreName: ScoreName { ScoreName(policy: policy.name, router: router ?? "") }
}
