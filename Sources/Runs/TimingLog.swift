import Generation
import Platform
import ResultsStore
import Routing

/// The measured times of a run, stored now and then, so that a killed run's are not lost with it.
final class TimingLog {
    private let store: ResultsStore
    private let attempt: RowID<AttemptRecord>
    private let energy: any EnergyMeter
    private let clock = ContinuousClock()
    private var passes: [PassKind: Throughput.Total] = [:]  // as last stored
    private var routing = Throughput.Total()  // as last stored
    private var others: [Phase: TimingRecord] = [:]  // not stored yet
    private var stored: ContinuousClock.Instant

    /// How much may be lost.
    private static let interval = Duration.seconds(10)

    init(_ store: ResultsStore, _ attempt: RowID<AttemptRecord>, energy: any EnergyMeter) {
        self.store = store
        self.energy = energy
        self.attempt = attempt
        stored = clock.now
    }

    /// Runs `body` on the account of a phase.
    func measure<R>(_ phase: Phase, tokens: Int = 0, _ body: () throws -> R) rethrows -> R {
        let begin = clock.now
        let before = energy.joules()
        defer {
            var sum =
                others[phase]
                ?? TimingRecord(phase: phase, seconds: 0, passes: 0, tokens: 0, joules: 0)
            sum.seconds += (clock.now - begin) / .seconds(1)
            sum.joules = Self.sum(sum.joules, Self.difference(energy.joules(), before))
            sum.passes += 1
            sum.tokens += tokens
            others[phase] = sum
        }
        return try body()
    }

    /// Stores what came since the last time, if that is long enough ago or `always`; on a cell's account where it is that cell's alone.
    func store(
        _ throughput: Throughput, always: Bool = false, of cell: RowID<CellRecord>? = nil
    ) throws {
        guard always || clock.now - stored >= Self.interval else { return }
        stored = clock.now
        var records = throughput.totals.compactMap { kind, total -> TimingRecord? in
            let before = passes[kind]
            guard total.passes > before?.passes ?? 0 else { return nil }
            return TimingRecord(
                phase: kind.phase, batch: kind.batch,
                seconds: total.seconds - (before?.seconds ?? 0),
                passes: total.passes - (before?.passes ?? 0),
                tokens: total.tokens - (before?.tokens ?? 0),
                joules: Self.difference(total.joules, before.map(\.joules) ?? 0))
        }
        if throughput.routing.passes > routing.passes {
            records.append(
                TimingRecord(
                    phase: .router, seconds: throughput.routing.seconds - routing.seconds,
                    passes: throughput.routing.passes - routing.passes,
                    tokens: throughput.routing.tokens - routing.tokens))
        }
        try store.record(records + others.values, in: cell, by: attempt)
        passes = throughput.totals
        routing = throughput.routing
        others = [:]
    }

    private static func sum(_ one: Double?, _ other: Double?) -> Double? {
        one.flatMap { one in other.map { one + $0 } }
    }

    /// nil where either is unknown.
    static func difference(_ later: Double?, _ earlier: Double?) -> Double? {
        later.flatMap { later in earlier.map { later - $0 } }
    }
}

extension PassKind {
    fileprivate var phase: Phase {
        switch (model, readsAhead) {
        case (.slm, true): .slmPrefill
        case (.slm, false): .slmStep
        case (.llm, true): .llmCatchUp
        case (.llm, false): .llmStep
        }
    }
}
