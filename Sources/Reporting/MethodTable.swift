import ResultsStore
import Routing
import Statistics

/// What each method costs where it is as accurate as the large model (docs/method.md, section 4, iso-accuracy).
struct MethodTable {
    let data: ReportData
    let bootstrap: Bootstrap

    /// Nil where a single model or a method is missing.
    var table: Table? {
        guard let slm = data.single(.slm), let llm = data.single(.llm), !data.families.isEmpty
        else { return nil }
        let singles = [slm, llm].map { data.outcomes[$0.id] ?? [] }
        var batches: [[String]: [Method]] = [:]
        for family in data.families {
            let common = paired(singles + family.outcomes)
            guard let first = common.first, !first.isEmpty else { continue }
            batches[first.map(\.question), default: []].append(
                Method(
                    family: family, small: first, large: common[1], cells: Array(common[2...])))
        }
        var rows: [String: TableRow] = [:]
        for methods in batches.values {
            for (method, figures) in zip(methods, figures(methods)) {
                rows[method.family.name] = method.row(
                    figures, data.currencies(in: .methods), latency: data.latency)
            }
        }
        let own = Method.row(
            name: PolicyDefinition.llm.name, setting: nil, outcomes: singles[1],
            data.currencies(in: .methods), latency: data.latency?.seconds(of: llm),
            saved: [nil, nil], area: nil)
        let sorted = data.families.compactMap { rows[$0.name] }
        return sorted.isEmpty ? nil : table([own] + sorted)
    }

    private func table(_ rows: [TableRow]) -> Table {
        Table(
            name: "methods", title: "\(data.experiment.record.name): at the llm's accuracy",
            columns: [
                .text("Policy", "policy"), .text("Setting", "setting"), .number("n", "n"),
                .number("Accuracy %", "accuracy"), .number("Calls %", "call_ratio"),
            ] + data.currencies(in: .methods).map(\.column) + [
                .number(Currency.latency.heading, Currency.latency.key),
                .estimate("Calls saved % [95 %]", "calls_saved"),
                .estimate("Bytes saved % [95 %]", "bytes_saved"),
                .estimate("APGR over calls [95 %]", "apgr"), .number("Cut %", "cut"),
            ],
            rows: rows,
            notes: [
                "The setting that moves the fewest bytes among those with at least the llm's accuracy on the "
                    + "same questions; \"best:\" marks the most accurate setting of a method that has none. It is "
                    + "chosen on these questions, so read it as what the method can do, not as a "
                    + "threshold that was known beforehand. Settings at which one model writes everything are no choice of a method's.",
                "Saved: 1 - C / C of the llm, C the least cost between the method's measured settings that reaches the llm's accuracy; left "
                    + "out where the slm has that accuracy by itself. Paired "
                    + "bootstrap over questions, the choice made anew in each resample; \"in 60 %\": in the others "
                    + "that accuracy was not reached. Bold: the interval excludes 0; never below \(PairedDifference.leastQuestions) questions.",
            ])
    }

    /// Calls saved, bytes saved and APGR of methods over the same questions.
    private func figures(_ methods: [Method]) -> [[Bootstrap.Estimate?]] {
        var figures = methods.map { _ in [Bootstrap.Estimate?]() }
        for currency in [Currency.calls, .bytes] {
            let cells = methods.map { $0.cells.compactMap(currency.results) }
            guard let first = methods.first, let small = currency.results(of: first.small),
                let large = currency.results(of: first.large),
                zip(cells, methods).allSatisfy({ $0.count == $1.cells.count })
            else {
                for index in figures.indices { figures[index] += [nil, nil] }
                continue
            }
            let comparison = CurveComparison(
                small: small, large: large, methods: cells, bootstrap: bootstrap)
            let estimates = comparison.estimates { curves in
                curves.flatMap { curve -> [Double?] in
                    // Where the small model gets there alone, there is nothing that a method could save.
                    let cost =
                        curve.large.accuracy > curve.small.accuracy
                        ? curve.leastCost(reaching: curve.large.accuracy) : nil
                    let saved = cost.flatMap {
                        curve.large.cost > 0 ? 1 - $0 / curve.large.cost : nil
                    }
                    return [saved, curve.averagePerformanceGapRecovered]
                }
            }
            for index in figures.indices {
                figures[index] += [estimates[2 * index], estimates[2 * index + 1]]
            }
        }
        return figures.map { [$0[0], $0[2], $0[1]] }
    }
}

/// One method over the questions that it and both single models finished.
private struct Method {
    let family: Family
    let small: [QuestionOutcome]
    let large: [QuestionOutcome]
    let cells: [[QuestionOutcome]]

    func row(
        _ figures: [Bootstrap.Estimate?], _ currencies: [Currency], latency: Latency?
    ) -> TableRow {
        let goal = accuracy(large)
        let mixed = cells.indices.filter { isMixed(cells[$0]) }
        let byCost = (mixed.isEmpty ? Array(cells.indices) : mixed).sorted {
            (bytes(cells[$0]), $0) < (bytes(cells[$1]), $1)
        }
        let reached = byCost.first { accuracy(cells[$0]) >= goal }
        let best = byCost.max { accuracy(cells[$0]) < accuracy(cells[$1]) } ?? 0
        let chosen = reached ?? best
        let setting = family.cells[chosen].record.setting
        // One setting has no curve.
        let area = family.hasSettings ? figures[2] : nil
        return Self.row(
            name: family.name,
            setting: reached == nil ? "best: \(setting ?? "as it is")" : setting,
            outcomes: cells[chosen], currencies,
            latency: latency?.seconds(of: family.cells[chosen]),
            saved: Array(figures.prefix(2)), area: area)
    }

    static func row(
        name: String, setting: String?, outcomes: [QuestionOutcome],
        _ currencies: [Currency], latency: Double?,
        saved: [Bootstrap.Estimate?], area: Bootstrap.Estimate?
    ) -> TableRow {
        let tokens = outcomes.reduce(0) { $0 + $1.tokens }
        let calls = outcomes.reduce(0) { $0 + $1.llmCalls }
        let marks = outcomes.compactMap(\.mark)
        let shown = saved.map { Entry.estimate($0, scale: 0.01, decimals: 1) }
        let costs = currencies.map { $0.entry($0.mean(of: outcomes)) }
        let bold = saved.indices.filter { saved[$0]?.excludesZero ?? false }
            .map { 6 + costs.count + $0 }
        return TableRow(
            entries: [
                .text(name), setting.map { .text($0) } ?? .missing, .count(outcomes.count),
                marks.isEmpty ? .missing : .percent(marks.reduce(0, +) / Double(marks.count)),
                tokens > 0 ? .percent(Double(calls) / Double(tokens)) : .missing,
            ] + costs + [Currency.latency.entry(latency)] + shown + [
                .estimate(area, scale: 1, decimals: 3), CutAnswers.entry(outcomes),
            ],
            bold: marking(Set(bold), questions: outcomes.count))
    }

    private func accuracy(_ outcomes: [QuestionOutcome]) -> Double {
        outcomes.compactMap(\.mark).reduce(0, +)
    }

    /// Whether both models write: a threshold that nothing or everything passes is a single model by another name.
    private func isMixed(_ outcomes: [QuestionOutcome]) -> Bool {
        let tokens = outcomes.reduce(0) { $0 + $1.tokens }
        let calls = outcomes.reduce(0) { $0 + $1.llmCalls }
        return 0 < calls && calls < tokens
    }

    private func bytes(_ outcomes: [QuestionOutcome]) -> Int {
        outcomes.reduce(0) { $0 + ($1.bytes ?? 0) }
    }
}
