import ResultsStore

/// All that the tables of an experiment need, read at once.
struct ReportData {
    let experiment: ExperimentRow
    /// The single models first, then the spec's order.
    let cells: [CellRow]
    let curve: [RowID<CellRecord>: CurveRow]
    let outcomes: [RowID<CellRecord>: [QuestionOutcome]]
    let drafts: [RowID<CellRecord>: DraftCount]
    let attempts: [AttemptRow]
    let timings: [TimingRow]
    let training: [TrainingRow]
    let routerLabels: [RouterLabels]
    /// Wall-clock of cells run one by one, here or in the database named for it.
    let latency: Latency?

    init(
        _ reader: ResultsReader, experiment name: String, latency: ResultsReader? = nil
    ) throws(StoreError) {
        experiment = try reader.experiment(named: name)
        cells = try reader.cells(of: experiment.id).sorted(by: singleModelsFirst)
        let rows = try reader.curve(of: experiment.id)
        curve = Dictionary(uniqueKeysWithValues: rows.map { ($0.cell, $0) })
        var outcomes: [RowID<CellRecord>: [QuestionOutcome]] = [:]
        for cell in cells { outcomes[cell.id] = try reader.outcomes(of: cell.id) }
        self.outcomes = outcomes
        var drafts: [RowID<CellRecord>: DraftCount] = [:]
        for cell in cells where ["speculative", "bild"].contains(cell.record.policy) {
            drafts[cell.id] = try reader.drafts(of: cell.id)
        }
        self.drafts = drafts
        attempts = try reader.attempts()
        timings = try reader.timings()
        training = try reader.training()
        routerLabels = try reader.routerLabels()
        // Of this database only what was really alone: a batch's seconds are shares.
        let own = try Latency(reader)
        guard let latency else {
            self.latency = own?.batch == 1...1 ? own : nil
            return
        }
        self.latency = try Latency(latency)
        if self.latency == nil {
            throw .sharedWork(path: latency.path)
        }
    }

    /// The cell that runs one model alone.
    func single(_ policy: String) -> CellRow? {
        cells.first { $0.record.policy == policy && $0.record.label == nil }
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
        sentence += "; seed \(experiment.record.seed.map { String($0) } ?? "none")"
        for (role, names) in [("slm", cells.compactMap(\.slm)), ("llm", cells.compactMap(\.llm))]
        where !names.isEmpty {
            sentence += "; \(role) \(unique(names).joined(separator: ", "))"
        }
        return [sentence + "; " + programs + "."]
    }

    /// The programs that wrote the answers, with their commits.
    private var programs: String {
        let names = attempts.map { attempt in
            var name = "citer \(attempt.record.programVersion)"
            if let commit = attempt.record.commit { name += " commit \(commit.prefix(12))" }
            return name + (attempt.record.dirty == true ? " (modified)" : "")
        }
        return names.isEmpty ? "never run" : unique(names).joined(separator: ", ")
    }
}

/// The different texts, sorted: the order of attempts may differ between merged files.
private func unique(_ texts: [String]) -> [String] { Set(texts).sorted() }
