import ResultsStore

/// Wall-clock of the passes of cells that ran by themselves, in this database or another: nearly all that one user waits for one answer (docs/method.md,
/// section 3). A router's scores and what else is between passes is not in it; the table of time has it.
///
/// A fused, batched sweep measures what an answer costs among others. Latency needs `--no-fuse --batch 1`, or a spec that
/// says so; the cells have the same keys.
struct Latency {
    /// Each cell's finished questions, by the cell's key.
    let outcomes: [String: [QuestionOutcome]]
    /// Sequences in its decoding passes.
    let batch: ClosedRange<Int>
    /// What wrote the answers: a sweep to which nothing was left ran none of it.
    let processors: [String]

    /// Reads the cells of these keys from a database whose sweeps ran every cell by itself; nil if some did not, or nothing has run.
    ///
    /// What it holds of other configurations, or of other experiments, does not count.
    init?(_ reader: ResultsReader, keys: Set<String>) throws(StoreError) {
        var outcomes: [String: [QuestionOutcome]] = [:]
        var cells: Set<RowID<CellRecord>> = []
        var elsewhere: Set<RowID<AttemptRecord>> = []
        for experiment in try reader.experiments() {
            let all = try reader.cells(of: experiment.id)
            let wanted = all.filter { keys.contains($0.record.key) }
            for cell in wanted {
                let finished = try reader.outcomes(of: cell.id)
                if !finished.isEmpty { outcomes[cell.record.key] = finished }
            }
            cells.formUnion(wanted.map(\.id))
            let ids = Set(wanted.map(\.id))
            let configurations = try reader.configurations(of: experiment.id)
            let used = configurations.filter { !$0.cells.isDisjoint(with: ids) }
            elsewhere.formUnion(
                Set(configurations.flatMap(\.attempts)).subtracting(used.flatMap(\.attempts)))
        }
        let attempts = try reader.attempts().filter { !elsewhere.contains($0.id) }.map(\.record)
        let sweeps = attempts.filter { $0.purpose == "sweep" }
        // Calibration is always fused, and never asks the large model.
        let steps = try reader.timings().filter { timing in
            timing.cell.map { cells.contains($0) } ?? !elsewhere.contains(timing.attempt)
        }.map(\.record).filter { $0.phase == .llmStep }.map(\.batch)
        guard sweeps.allSatisfy({ $0.environment["fused"] == "no" }), let low = steps.min(),
            let high = steps.max(), !outcomes.isEmpty
        else { return nil }
        self.outcomes = outcomes
        batch = low...high
        let writers = try reader.writers(of: Array(cells))
        processors = Set(
            try reader.attempts().filter { writers.contains($0.id) }.map(\.record.machine)
        ).sorted()
    }

    /// `batch 1`, or the range.
    var batchName: String {
        batch.count == 1
            ? "batch \(batch.lowerBound)" : "batch \(batch.lowerBound) to \(batch.upperBound)"
    }

    /// Mean seconds a question of a cell; nil where some have none.
    func seconds(of cell: CellRow) -> Double? {
        guard let outcomes = outcomes[cell.record.key] else { return nil }
        let seconds = outcomes.compactMap(\.seconds)
        return seconds.count == outcomes.count && !seconds.isEmpty
            ? seconds.reduce(0, +) / Double(seconds.count) : nil
    }
}
