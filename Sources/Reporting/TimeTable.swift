import ResultsStore

/// Where the measured time went, by phase and batch size.
struct TimeTable {
    let data: ReportData

    var table: Table? {
        guard !data.timings.isEmpty else { return nil }
        return Table(
            name: "time", title: "\(data.experiment.record.name): measured time by phase",
            columns: [
                .text("Cell", "cell"), .text("Batch", "batch"), .text("Phase", "phase"),
                .number("Seconds", "seconds"), .number("Share %", "share"),
                .number("Passes", "passes"), .number("Tokens", "tokens"),
                .number("ms a token", "milliseconds_per_token"),
            ] + (hasEnergy ? [.number("Joules", "joules")] : []),
            rows: groups.flatMap(rows),
            notes: [
                "Wall-clock of the run itself, sums over attempts. Shares are of the same cell and "
                    + "batch size; cells of a fused sweep share their work."
            ])
    }

    /// Whether any phase's energy could be measured.
    private var hasEnergy: Bool { data.timings.contains { $0.record.joules != nil } }

    /// Batch sizes between two powers of two are one row: a continuous batch breathes with every question that ends.
    private struct Group {
        let cell: CellRow?
        let batch: ClosedRange<Int>
        var phases: [Phase: TimingRecord] = [:]
    }

    /// Shared work first, then the cells in order; small batches first.
    private var groups: [Group] {
        ([nil] + data.cells.map(Optional.some)).flatMap { (cell: CellRow?) in
            let timings = data.timings.filter { $0.cell == cell?.id }.map(\.record)
            return Set(timings.map { Self.sizes(around: $0.batch) })
                .sorted { $0.lowerBound < $1.lowerBound }
                .map { batch in
                    var group = Group(cell: cell, batch: batch)
                    for timing in timings where batch.contains(timing.batch) {
                        var sum =
                            group.phases[timing.phase]
                            ?? TimingRecord(
                                phase: timing.phase, batch: batch.upperBound, seconds: 0, passes: 0,
                                tokens: 0, joules: 0)
                        sum.seconds += timing.seconds
                        sum.passes += timing.passes
                        sum.tokens += timing.tokens
                        // A sum of which a part is unknown is unknown.
                        sum.joules = sum.joules.flatMap { sum in timing.joules.map { sum + $0 } }
                        group.phases[timing.phase] = sum
                    }
                    return group
                }
        }
    }

    /// 1, 2, 3-4, 5-8, 9-16, ...
    private static func sizes(around batch: Int) -> ClosedRange<Int> {
        var top = 1
        while top < batch { top *= 2 }
        return (top / 2 + 1)...max(top, 1)
    }

    private func rows(_ group: Group) -> [TableRow] {
        let total = group.phases.values.map(\.seconds).sorted().reduce(0, +)
        let known: [Phase] = [
            .slmPrefill, .slmStep, .router, .llmCatchUp, .llmStep, .sampling, .tokenizing, .logging,
        ]
        let others = group.phases.keys.filter { !known.contains($0) }
            .sorted { $0.rawValue < $1.rawValue }
        return (known + others).compactMap { phase in
            guard let time = group.phases[phase] else { return nil }
            let joules = time.joules.map { Entry.number($0, decimals: 1) } ?? .missing
            return TableRow(
                entries: [
                    .text(group.cell?.name ?? "all, fused"),
                    .text(
                        group.batch.count == 1
                            ? "\(group.batch.upperBound)"
                            : "\(group.batch.lowerBound)-\(group.batch.upperBound)"),
                    .text(phase.rawValue), .number(time.seconds, decimals: 2),
                    total > 0 ? .percent(time.seconds / total) : .missing, .count(time.passes),
                    .count(time.tokens),
                    time.tokens > 0
                        ? .number(time.seconds / Double(time.tokens) * 1000, decimals: 3)
                        : .missing,
                ] + (hasEnergy ? [joules] : []))
        }
    }
}
