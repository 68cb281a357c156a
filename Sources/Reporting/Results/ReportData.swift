import ResultsStore
import Routing

/// All that the tables of an experiment need, read at once.
struct ReportData {
    let experiment: ExperimentRow
    /// The configuration that this is about, and what else there is.
    let configuration: ConfigurationTable
    /// Its cells: the single models first, then the spec's order.
    let cells: [CellRow]
    let curve: [RowID<CellRecord>: CurveRow]
    let outcomes: [RowID<CellRecord>: [QuestionOutcome]]
    /// The cells that wrote the large model's own text wherever both have finished.
    let sameTexts: Set<RowID<CellRecord>>
    let drafts: [RowID<CellRecord>: DraftCount]
    let attempts: [AttemptRow]
    /// Those of them that wrote an answer: where nothing was missing, a sweep writes none.
    let writers: [AttemptRow]
    /// Those that its cells run, the small one first.
    let models: [ModelRecord]
    let timings: [TimingRow]
    let training: [TrainingRow]
    let routerLabels: [RouterLabels]
    /// Wall-clock of cells run one by one, here or in the database named for it.
    let latency: Latency?

    init(
        _ reader: ResultsReader, experiment name: String, configuration: String? = nil,
        latency: ResultsReader? = nil
    ) throws(StoreError) {
        experiment = try reader.experiment(named: name)
        let choice = try reader.configuration(named: configuration, of: experiment.id)
        let chosen = choice.chosen
        self.configuration = ConfigurationTable(choice: choice, names: try reader.namesByHash())
        cells = try reader.cells(of: experiment.id).filter { chosen.cells.contains($0.id) }
            .sorted(by: singleModelsFirst)
        let rows = try reader.curve(of: experiment.id).filter { chosen.cells.contains($0.cell) }
        curve = Dictionary(uniqueKeysWithValues: rows.map { ($0.cell, $0) })
        var outcomes: [RowID<CellRecord>: [QuestionOutcome]] = [:]
        for cell in cells { outcomes[cell.id] = try reader.outcomes(of: cell.id) }
        self.outcomes = outcomes
        var sameTexts: Set<RowID<CellRecord>> = []
        if let llm = cells.first(where: { $0.single == .llm })?.id {
            for cell in cells where try reader.differentTexts(cell.id, llm) == 0 {
                sameTexts.insert(cell.id)
            }
        }
        self.sameTexts = sameTexts
        var drafts: [RowID<CellRecord>: DraftCount] = [:]
        for cell in cells where cell.isJudged {
            drafts[cell.id] = try reader.drafts(of: cell.id)
        }
        self.drafts = drafts
        let others = Set(choice.all.flatMap(\.attempts)).subtracting(chosen.attempts)
        attempts = try reader.attempts().filter { !others.contains($0.id) }
        let writing = try reader.writers(of: cells.map(\.id))
        writers = attempts.filter { writing.contains($0.id) }
        let roles = cells.flatMap { [$0.slm, $0.llm] }.compactMap(\.self)
        let facts = chosen.facts.all
        let hashes = [facts["slmSha256"], facts["llmSha256"]].compactMap(\.self)
        models = try reader.models().filter {
            hashes.isEmpty ? roles.contains($0.name) : hashes.contains($0.sha256)
        }
        timings = try reader.timings().filter { timing in
            timing.cell.map { chosen.cells.contains($0) } ?? !others.contains(timing.attempt)
        }
        let cells = cells
        training = try reader.training().filter { cells.use($0.id, named: $0.router) }
        routerLabels = try reader.routerLabels().filter { cells.use($0.id, named: $0.router) }
        let keys = Set(cells.map(\.record.key))
        // Of this database only what was really alone: a batch's seconds are shares.
        let own = try Latency(reader, keys: keys)
        guard let latency else {
            self.latency = own?.batch == 1...1 ? own : nil
            return
        }
        self.latency = try Latency(latency, keys: keys)
        if self.latency == nil {
            throw .sharedWork(path: latency.path)
        }
    }

    /// Sentences on where the figures come from.
    var footer: [String] {
        let counts = curve.values.map(\.n)
        let n =
            if let low = counts.min(), let high = counts.max() {
                low == high ? "n = \(low) questions" : "n = \(low) to \(high) questions a cell"
            } else {
                "n = 0 questions"
            }
        let datasets = unique(cells.compactMap(\.dataset))
        var sentence = n + (datasets.isEmpty ? "" : " of \(datasets.joined(separator: ", "))")
        let facts = configuration.choice.chosen.facts.all
        let seed = facts["policy.seed"] ?? experiment.record.seed.map { String($0) }
        sentence += "; seed \(seed ?? "none")"
        for (role, hash, names) in [
            ("slm", "slmSha256", cells.compactMap(\.slm)),
            ("llm", "llmSha256", cells.compactMap(\.llm)),
        ] {
            // A cell that two configurations share was last registered for one of them.
            let name = facts[hash].flatMap { configuration.names[$0] }.map { [$0] } ?? unique(names)
            if !name.isEmpty { sentence += "; \(role) \(name.joined(separator: ", "))" }
        }
        let settings = configuration.settings
        if !settings.isEmpty { sentence += "; \(settings)" }
        return [sentence + "; " + programs + "."]
    }

    /// The programs that wrote the answers, with their commits.
    private var programs: String {
        let names = writers.map { attempt in
            var name = "citer \(attempt.record.programVersion)"
            if let commit = attempt.record.commit { name += " commit \(commit.prefix(12))" }
            return name + (attempt.record.dirty == true ? " (modified)" : "")
        }
        return names.isEmpty ? "never run" : unique(names).joined(separator: ", ")
    }
}

extension [CellRow] {
    /// Whether a router is one of these cells', or of no other's name: a router that was trained anew has taken its older self's place.
    func use(_ router: RowID<RouterRecord>, named name: String) -> Bool {
        contains { $0.record.router == router || $0.record.judge == router }
            || !contains { $0.router == name || $0.judge == name }
    }
}

/// The different texts, sorted: the order of attempts may differ between merged files.
private func unique(_ texts: [String]) -> [String] { Set(texts).sorted() }
