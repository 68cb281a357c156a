import ResultsStore
import Routing
import Statistics

/// What an answer adds where the experiment has it: ablations against their base, kinds of questions, latency, the router's own time, rounds of
/// training and when training is repaid. One sentence each, computed.
struct FindingDetails {
    let data: ReportData
    let bootstrap: Bootstrap
    let tables: FindingTables
    let words = FindingWords()

    /// All that apply, in that order.
    var sentences: [String] {
        // Of fewer questions nothing is ranked.
        let questions = [Route.slm, .llm].map { model in
            data.single(model).map { data.outcomes[$0.id]?.count ?? 0 } ?? 0
        }
        let isRanked = (questions.min() ?? 0) >= PairedDifference.leastQuestions
        return
            ((isRanked ? [ablations, groups, latency] : [])
            + [routerTime, rounds, fidelity, breakEven]).compactMap(\.self)
    }

    // MARK: - Curves

    /// APGR of every ablation minus its base's, on the same questions.
    private var ablations: String? {
        let families = data.families.filter(\.hasSettings)
        guard let slm = data.single(.slm), let llm = data.single(.llm) else { return nil }
        let parts = families.compactMap { ablation -> String? in
            guard let policy = ablation.cells.first?.record.policy,
                ablation.cells.first?.record.label != nil,
                let base = families.first(where: { $0.name == policy })
            else { return nil }
            let common = paired(
                [slm, llm].map { data.outcomes[$0.id] ?? [] } + ablation.outcomes + base.outcomes)
            let results = common.compactMap(Currency.calls.results)
            guard results.count == common.count, !common[0].isEmpty else { return nil }
            let middle = 2 + ablation.outcomes.count
            let comparison = CurveComparison(
                small: results[0], large: results[1],
                methods: [Array(results[2..<middle]), Array(results[middle...])],
                bootstrap: bootstrap)
            let difference = comparison.estimates { curves in
                let areas = curves.map(\.averagePerformanceGapRecovered)
                return [areas[0].flatMap { first in areas[1].map { first - $0 } }]
            }
            guard let difference = difference.first ?? nil else { return nil }
            return "\(ablation.name) \(words.interval(difference, scale: 1, decimals: 3))"
                + (difference.excludesZero ? "" : ", undecided")
        }
        guard !parts.isEmpty else { return nil }
        return "In APGR, minus what it varies: " + parts.joined(separator: "; ") + "."
    }

    /// Accuracy and calls over the kinds of questions that the experiment was made for.
    private var groups: String? {
        guard let table = tables.groups else { return nil }
        let made = table.rows.filter { [.text("task"), .text("depth")].contains($0.entries[0]) }
        let families = data.families.filter(\.hasSettings)
        // Our own trained router, if there is one, else the first method that looks at something.
        guard
            let method =
                (families.first(where: \.isCiter) ?? families.first { !$0.isBaseline })?.name
        else { return nil }
        func share(_ entry: Entry) -> String? {
            switch entry {
            case .percent(let value), .percentInterval(let value, _, _): words.percent(value)
            default: nil
            }
        }
        var texts: [String] = []
        for case .text(let group) in unique(made.map { $0.entries[1] }) {
            let rows = made.filter { $0.entries[1] == .text(group) }
            func row(_ policy: String) -> TableRow? {
                rows.first { $0.entries[2] == .text(policy) }
            }
            guard let small = row(PolicyDefinition.slm.name).flatMap({ share($0.entries[5]) }),
                let large = row(PolicyDefinition.llm.name).flatMap({ share($0.entries[5]) }),
                let routed = row(method),
                let accuracy = share(routed.entries[5]), let calls = share(routed.entries[6])
            else { continue }
            texts.append("\(group): \(small), \(large), \(accuracy) at \(calls) of calls")
        }
        guard texts.count > 1 else { return nil }
        return "Small model, large model and \(method) at its middle setting by kind of question: "
            + texts.joined(separator: "; ") + "."
    }

    private func unique(_ entries: [Entry]) -> [Entry] {
        entries.reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
    }

    // MARK: - Time

    /// The fastest routed cell at batch 1 among those with the large model's accuracy, else the fastest that writes with both.
    private var latency: String? {
        guard let table = tables.latency else { return nil }
        func fastest(_ policies: (String) -> Bool, least goal: Double) -> String? {
            let rows = table.rows.compactMap { row -> (String, Double, Double, Entry)? in
                guard case .text(let policy) = row.entries[0], policies(policy),
                    case .percent(let accuracy) = row.entries[3], accuracy >= goal,
                    case .estimate(let share, _, _, _, _) = row.entries[6]
                else { return nil }
                let setting = if case .text(let text) = row.entries[1] { " \(text)" } else { "" }
                return (policy + setting, accuracy, share, row.entries[6])
            }
            guard let best = rows.min(by: { $0.2 < $1.2 }),
                case .estimate(let value, let low, let high, _, _) = best.3
            else { return nil }
            return
                "\(best.0) \(words.fixed(value, 2)) [\(words.fixed(low, 2)), \(words.fixed(high, 2))] "
                + "(accuracy \(words.percent(best.1)))"
        }
        let goal = table.rows.compactMap { row -> Double? in
            guard row.entries[0] == .text(PolicyDefinition.llm.name),
                case .percent(let accuracy) = row.entries[3]
            else { return nil }
            return accuracy
        }.first
        guard let goal else { return nil }
        // An ablation has a name of its own, and routes.
        let routed = { (name: String) in
            guard let policy = PolicyDefinition.named(name) else { return true }
            return policy.asks(.slm) && policy.asks(.llm) && !policy.isDrafted
        }
        let drafted = PolicyDefinition.all.filter(\.isDrafted).compactMap { policy in
            fastest({ $0 == policy.name }, least: 0).map { "\(policy.title) \($0)" }
        }
        let parts =
            [
                fastest(routed, least: goal).map { "routing at its accuracy " + $0 }
                    ?? fastest(routed, least: 0).map {
                        "routing, which did not reach its accuracy, " + $0
                    }
            ].compactMap(\.self) + drafted
        guard !parts.isEmpty else { return nil }
        return "Of the large model's time at batch 1, the fastest settings take: "
            + parts.joined(separator: "; ") + "."
    }

    /// The router's share of a step of the small model, of cells that ran by themselves.
    private var routerTime: String? {
        let texts = data.cells.compactMap { cell -> String? in
            let own = data.timings.filter { $0.cell == cell.id && $0.record.batch == 1 }
                .map(\.record)
            func perToken(_ phase: Phase) -> Double? {
                let rows = own.filter { $0.phase == phase }
                let tokens = rows.reduce(0) { $0 + $1.tokens }
                return tokens > 0 ? rows.reduce(0) { $0 + $1.seconds } / Double(tokens) : nil
            }
            guard cell.router != nil, let router = perToken(.router), let step = perToken(.slmStep),
                step > 0
            else { return nil }
            let name = cell.record.label ?? cell.record.policy
            return "\(name) \(words.fixed(100 * router / step, 2)) %"
        }
        guard !texts.isEmpty else { return nil }
        return "At batch 1 the router takes, of a step of the small model: "
            + texts.reduce(into: [String]()) { if !$0.contains($1) { $0.append($1) } }
            .joined(separator: ", ") + "."
    }

    // MARK: - Training

    /// How labels and losses moved between rounds.
    private var rounds: String? {
        let byRouter = Dictionary(grouping: data.training, by: \.router)
        let texts = byRouter.sorted { $0.key < $1.key }.compactMap { router, rows -> String? in
            let rounds = rows.map(\.record).sorted { $0.round < $1.round }
            guard rounds.count > 1 else { return nil }
            let churn = rounds.compactMap(\.churn).map { words.percent($0) }
            let losses = rounds.compactMap(\.validationLoss).map { words.fixed($0, 4) }
            return
                "\(router) changed \(churn.joined(separator: ", ")) of its rolled-out labels from round to round, "
                + "with held-out losses of \(losses.joined(separator: ", "))"
        }
        return texts.isEmpty ? nil : texts.joined(separator: "; ") + "."
    }

    /// How often the shortcut's labels agree with rollouts of both tokens.
    private var fidelity: String? {
        guard let table = tables.fidelity else { return nil }
        func text(_ entry: Entry, _ decimals: Int) -> String {
            guard case .estimate(let value, let low, let high, _, _) = entry else {
                return "undecided"
            }
            let numbers = [value, low, high].map { words.fixed($0, decimals) }
            return "\(numbers[0]) [\(numbers[1]), \(numbers[2])]"
        }
        let texts = table.rows.filter { $0.entries[1] == .text("1 and 2") }.map { row in
            "the shortcut agrees with rollouts of both tokens at \(text(row.entries[4], 1)) % of the positions "
                + "where the models differ (kappa \(text(row.entries[5], 2)); false S \(text(row.entries[6], 1)) %, "
                + "false L \(text(row.entries[7], 1)) %)"
        }
        guard let text = texts.first else { return nil }
        return text.prefix(1).uppercased() + text.dropFirst() + "."
    }

    /// The fewest questions after which a trained router has cost less than the large model alone.
    private var breakEven: String? {
        guard let table = TrainingTables(data: data).breakEven else { return nil }
        let texts = TrainingTables.currencies.enumerated().compactMap { index, currency in
            let (name, column) = (currency.name, 2 + index)
            let counts = table.rows.compactMap { row -> (Double, String)? in
                guard case .text(let cell) = row.entries[0] else { return nil }
                switch row.entries[column] {
                case .count(let count): return (Double(count), cell)
                case .quantity(let count): return (count, cell)
                default: return nil
                }
            }
            guard let least = counts.min(by: { $0.0 < $1.0 }) else { return "\(name): never" }
            return "\(name): after \(words.fixed(least.0, 0)) questions (\(least.1))"
        }
        return "Training is repaid at the earliest, by " + texts.joined(separator: "; ") + "."
    }
}

/// Tables that sentences are read from; their intervals are computed once for both.
struct FindingTables {
    let groups: Table?
    let latency: Table?
    let fidelity: Table?

    init(data: ReportData, bootstrap: Bootstrap) {
        groups = GroupTable(data: data, bootstrap: bootstrap).table
        latency = LatencyTable(data: data, bootstrap: bootstrap).table
        fidelity = LabelTables(data: data, bootstrap: bootstrap).fidelity
    }
}

/// Numbers as sentences write them.
struct FindingWords {
    func fixed(_ value: Double, _ decimals: Int) -> String { Reporting.fixed(value, decimals) }

    func percent(_ share: Double) -> String { fixed(100 * share, 1) + " %" }

    func points(_ estimate: Bootstrap.Estimate) -> String {
        interval(estimate, scale: 100, decimals: 1) + " points"
    }

    func interval(_ estimate: Bootstrap.Estimate, scale: Double, decimals: Int) -> String {
        let (low, high) = (estimate.interval.low, estimate.interval.high)
        return "\(fixed(scale * estimate.value, decimals)) "
            + "[\(fixed(scale * low, decimals)), \(fixed(scale * high, decimals))]"
    }
}
