import ResultsStore

extension Results {
    /// Every cell's seconds at batch 1, beside the large model's and those of the fastest draft length; nil where they were not measured.
    var latencyTable: Table? {
        guard let latency = data.latency, !latencies.isEmpty else { return nil }
        return Table(
            name: "latency", title: "\(experiment): seconds at \(latency.batchName)",
            columns: [
                .text("Policy", "policy") { $0.cell.method },
                .text("Setting", "setting") { $0.cell.record.setting },
                .count("n", "n") { $0.outcomes.count },
                .percent("Accuracy %", "accuracy") { $0.outcomes.accuracy },
                .number("Seconds", "seconds_per_question", decimals: 2) { $0.seconds },
                .number("ms a token", "milliseconds_per_token", decimals: 1) {
                    $0.millisecondsPerToken
                },
                .estimate("Of the llm's time [95 %]", "of_llm", decimals: 2) { $0.ofLarge },
                .estimate("Of speculative's [95 %]", "of_speculative", decimals: 2) {
                    $0.ofSpeculative
                },
            ] as [ResultColumn<LatencyResult>],
            results: latencies,
            notes: [
                "Each cell by itself, \(latency.batchName), on \(latency.processors.joined(separator: "; ")). Below 1: faster. The sum of its seconds over that of "
                    + "the llm, and of the fastest draft length, on the same questions; paired bootstrap over questions. Seconds of passes: what is between them, "
                    + "such as a router's scores, is in the table of time."
            ])
    }

    /// Where the measured time went, by phase and batch size; nil where none was measured.
    var timeTable: Table? {
        guard !data.timings.isEmpty else { return nil }
        let columns: [ResultColumn<TimeResult>] = [
            .text("Cell", "cell") { $0.cell?.name ?? "all, fused" },
            .text("Batch", "batch") { time in
                let (low, high) = (time.batch.lowerBound, time.batch.upperBound)
                return low == high ? "\(low)" : "\(low)-\(high)"
            },
            .text("Phase", "phase") { $0.phase.rawValue },
            .number("Seconds", "seconds", decimals: 2) { $0.seconds },
            .percent("Share %", "share") { $0.share }, .count("Passes", "passes") { $0.passes },
            .count("Tokens", "tokens") { $0.tokens },
            .number("ms a token", "milliseconds_per_token", decimals: 3) {
                $0.millisecondsPerToken
            },
        ]
        let joules = ResultColumn<TimeResult>.number("Joules", "joules", decimals: 1) { $0.joules }
        return Table(
            name: "time", title: "\(experiment): measured time by phase",
            columns: columns + (times.contains { $0.joules != nil } ? [joules] : []),
            results: times,
            notes: [
                "Wall-clock of the run itself, sums over attempts. Shares are of the same cell and "
                    + "batch size; cells of a fused sweep share their work."
            ])
    }
}
