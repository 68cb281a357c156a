import ResultsStore
import Routing
import Specs

extension SweepContext {
    /// The cells of settings whose thresholds are known, in order. Settings that come out the same, as neighbouring quantiles
    /// of a score with many equal values do, are one cell.
    func cells(
        _ settings: [PolicySetting], over set: QuestionSet, experiment: RowID<ExperimentRecord>
    ) throws -> [Cell] {
        let (distinct, repeated) = settings.distinct()
        if !repeated.isEmpty {
            note("the same as other cells, and run once: \(repeated.joined(separator: ", "))")
        }
        return try distinct.enumerated().map { position, setting in
            guard let method = inputs.method(of: setting) else {
                throw RunError.noScores(cell: "\(setting)")
            }
            return try register(
                setting, method: method,
                identity: inputs.keys.identity(of: setting, data: set.sha256),
                text: setting.setting, threshold: setting.cut, position: position,
                elsewhere: true, set, experiment)
        }
    }

    /// Finds or makes one cell's place in the database; `elsewhere` also counts the answers of another one.
    func register(
        _ setting: PolicySetting, method: AnswerMethod, identity: CellIdentity, text: String?,
        threshold: Double?, position: Int, elsewhere: Bool, _ set: QuestionSet,
        _ experiment: RowID<ExperimentRecord>
    ) throws -> Cell {
        let key = try identity.key()
        let id = try store.register(
            CellRecord(
                experiment: experiment, key: key.sha256, canonical: key.canonical,
                policy: setting.policy.name, setting: text,
                scope: "\(setting.policy.scope)",
                calls: setting.policy.calls.map { "\($0)" }, keep: setting.judges,
                method: setting.method, threshold: threshold,
                asked: threshold.flatMap { _ in setting.asked },
                label: setting.label, position: position, slm: models.slm, llm: models.llm,
                router: setting.router.flatMap { routerIDs[$0] },
                judge: setting.judge.flatMap { routerIDs[$0] },
                dataset: set.dataset, vocabulary: vocabulary))
        return Cell(
            id: id, setting: setting, method: method,
            finished: try store.reader.finishedQuestions(of: id)
                .union(elsewhere ? known[key.sha256] ?? [] : []),
            failed: try store.reader.failedQuestions(of: id))
    }
}

extension [PolicySetting] {
    /// Each policy and setting once, and the names of those left out: an ablation's name does not make another cell.
    func distinct() -> (settings: [PolicySetting], repeated: [String]) {
        var seen: Set<PolicySetting> = []
        var repeated: [String] = []
        let settings = filter { setting in
            if seen.insert(setting.unlabelled).inserted { return true }
            repeated.append("\(setting)")
            return false
        }
        return (settings, Set(repeated).sorted())
    }
}
