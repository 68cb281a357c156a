import ResultsStore
import Routing
import Statistics

/// Wall-clock of cells that ran by themselves, in this database or another: what one user waits for one answer (docs/method.md, section 3).
///
/// A fused, batched sweep measures what an answer costs among others. Latency needs `--no-fuse --batch 1`, or a spec that
/// says so; the cells have the same keys.
struct Latency {
    /// Each cell's finished questions, by the cell's key.
    let outcomes: [String: [QuestionOutcome]]
    /// Sequences in its decoding passes.
    let batch: ClosedRange<Int>
    /// What ran it.
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
        processors = Set(sweeps.map { "\($0.cpu), \($0.threads) threads" }).sorted()
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

/// Every cell's seconds at batch 1, beside the large model's and those of the fastest draft length.
struct LatencyTable {
    let data: ReportData
    let bootstrap: Bootstrap

    /// Nil without a latency database, or where it lacks the large model.
    var table: Table? {
        guard let latency = data.latency, let llm = data.single(.llm),
            let own = latency.outcomes[llm.record.key]
        else { return nil }
        let drafts = data.cells.filter { $0.policy == .speculative }
            .compactMap { cell in latency.seconds(of: cell).map { (cell, $0) } }
        let drafted = drafts.min { $0.1 < $1.1 }.flatMap { latency.outcomes[$0.0.record.key] }
        let rows = data.cells.compactMap { cell -> TableRow? in
            guard let outcomes = latency.outcomes[cell.record.key] else { return nil }
            let seconds = latency.seconds(of: cell)
            let tokens = Double(outcomes.reduce(0) { $0 + $1.tokens }) / Double(outcomes.count)
            let marks = outcomes.compactMap(\.mark)
            return TableRow(entries: [
                .text(cell.record.label ?? cell.record.policy),
                cell.record.setting.map { .text($0) } ?? .missing, .count(outcomes.count),
                marks.isEmpty ? .missing : .percent(marks.reduce(0, +) / Double(marks.count)),
                seconds.map { .number($0, decimals: 2) } ?? .missing,
                seconds.map { .number(1000 * $0 / max(tokens, 1), decimals: 1) } ?? .missing,
                .estimate(share(of: outcomes, in: own), scale: 1, decimals: 2),
                .estimate(
                    drafted.flatMap { share(of: outcomes, in: $0) }, scale: 1, decimals: 2),
            ])
        }
        return Table(
            name: "latency",
            title: "\(data.experiment.record.name): seconds at \(latency.batchName)",
            columns: [
                .text("Policy", "policy"), .text("Setting", "setting"), .number("n", "n"),
                .number("Accuracy %", "accuracy"), .number("Seconds", "seconds_per_question"),
                .number("ms a token", "milliseconds_per_token"),
                .estimate("Of the llm's time [95 %]", "of_llm"),
                .estimate("Of speculative's [95 %]", "of_speculative"),
            ],
            rows: rows,
            notes: [
                "Each cell by itself, \(latency.batchName), on \(latency.processors.joined(separator: "; ")). Below 1: faster. The sum of its seconds over that of "
                    + "the llm, and of the fastest draft length, on the same questions; paired bootstrap over questions."
            ])
    }

    /// A cell's seconds as a share of another's, over the questions that both finished.
    private func share(
        of cell: [QuestionOutcome], in other: [QuestionOutcome]
    ) -> Bootstrap.Estimate? {
        let both = paired([cell, other])
        let seconds = both.map { $0.compactMap(\.seconds) }
        guard both[0].count == seconds[0].count, seconds[0].count == seconds[1].count else {
            return nil
        }
        return bootstrap.estimates(questions: seconds[0].count) { draws in
            let sums = seconds.map { zip($0, draws).reduce(0) { $0 + $1.0 * $1.1 } }
            return [sums[1] > 0 ? sums[0] / sums[1] : nil]
        }.first ?? nil
    }
}
