import ResultsStore

/// Where the measured time of a cell went, in passes of about one size.
struct TimeResult {
    /// Nil where cells shared the work.
    let cell: CellRow?
    /// Batch sizes between two powers of two are one: a continuous batch breathes with every question that ends.
    let batch: ClosedRange<Int>
    let phase: Phase
    let seconds: Double
    /// Of all phases of the same cell and batch; nil where these took no time.
    let share: Double?
    let passes: Int
    let tokens: Int
    /// Energy of the processor's packages; nil where some of it could not be measured.
    let joules: Double?

    var millisecondsPerToken: Double? { tokens > 0 ? seconds / Double(tokens) * 1000 : nil }

    /// Shared work first, then the cells in order; small batches first, phases in the order of decoding.
    static func all(_ data: ReportData) -> [TimeResult] {
        ([nil] + data.cells.map(Optional.some)).flatMap { (cell: CellRow?) in
            let timings = data.timings.filter { $0.cell == cell?.id }.map(\.record)
            return Set(timings.map { sizes(around: $0.batch) })
                .sorted { $0.lowerBound < $1.lowerBound }
                .flatMap { batch in
                    results(of: timings.filter { batch.contains($0.batch) }, cell, batch)
                }
        }
    }

    /// 1, 2, 3-4, 5-8, 9-16, ...
    private static func sizes(around batch: Int) -> ClosedRange<Int> {
        var top = 1
        while top < batch { top *= 2 }
        return (top / 2 + 1)...max(top, 1)
    }

    private static func results(
        of timings: [TimingRecord], _ cell: CellRow?, _ batch: ClosedRange<Int>
    ) -> [TimeResult] {
        let byPhase = Dictionary(grouping: timings, by: \.phase)
        let seconds = byPhase.mapValues { $0.reduce(0) { $0 + $1.seconds } }
        let total = seconds.values.sorted().reduce(0, +)
        let known: [Phase] = [
            .slmPrefill, .slmStep, .router, .llmCatchUp, .llmStep, .tokenizing, .logging,
        ]
        let others = byPhase.keys.filter { !known.contains($0) }
            .sorted { $0.rawValue < $1.rawValue }
        return (known + others).compactMap { phase in
            guard let timings = byPhase[phase], let sum = seconds[phase] else { return nil }
            return TimeResult(
                cell: cell, batch: batch, phase: phase, seconds: sum,
                share: total > 0 ? sum / total : nil,
                passes: timings.reduce(0) { $0 + $1.passes },
                tokens: timings.reduce(0) { $0 + $1.tokens },
                joules: timings.reduce(0) { sum, timing in
                    sum.flatMap { sum in timing.joules.map { sum + $0 } }
                })
        }
    }
}
