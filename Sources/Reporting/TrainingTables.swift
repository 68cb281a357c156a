import ResultsStore
import Routing

/// What the trained routers cost, and after how many questions that is repaid.
struct TrainingTables {
    let data: ReportData

    /// What training is counted in.
    static let currencies = Currency.shown(in: .training)

    /// One row a round.
    var rounds: Table? {
        guard !data.training.isEmpty else { return nil }
        return Table(
            name: "training", title: "\(data.experiment.record.name): router training",
            columns: [
                .text("Router", "router"), .text("Method", "kind"), .number("Round", "round"),
                .number("Tokens", "tokens"), .number("Case 1 %", "case_1"),
                .number("Case 2 %", "case_2"), .number("Case 3 %", "case_3"),
                .number("Rollouts", "rollouts"), .number("Churn %", "churn"),
                .number("Loss", "training_loss"), .number("Held-out loss", "validation_loss"),
                .number("Held-out accuracy %", "accuracy"),
            ] + Self.currencies.map { .number($0.heading, $0.key) },
            rows: data.training.map(row),
            notes: [
                "Case 1: the slm's token is the reference's; case 2: only the llm's is; case 3: "
                    + "neither. Churn: of the labels that rollouts decide, those that changed since the round before."
            ])
    }

    /// Questions until training is repaid, per currency: `N* = cost_train / (cost_L - cost_routed)`
    /// (docs/method.md, 3).
    var breakEven: Table? {
        guard let llm = data.single(.llm), let whole = data.curve[llm.id] else { return nil }
        let rows = data.cells.compactMap { cell -> TableRow? in
            let rounds = data.training.filter { $0.id == cell.record.router }.map(\.record)
            guard !rounds.isEmpty, let routed = data.curve[cell.id] else { return nil }
            return TableRow(
                entries: [
                    .text(cell.name), .text(cell.router ?? ""),
                ]
                    + Self.currencies.map { currency in
                        repaid(
                            rounds.map(currency.training), currency.mean(whole),
                            currency.mean(routed))
                    })
        }
        guard !rows.isEmpty else { return nil }
        return Table(
            name: "break-even",
            title: "\(data.experiment.record.name): questions until training is repaid",
            columns: [
                .text("Cell", "cell"), .text("Router", "router"),
            ] + Self.currencies.map { .number("By \($0.name)", $0.key) },
            rows: rows,
            notes: ["Against the llm alone, all rounds counted; never: routing costs no less."])
    }

    private func row(_ training: TrainingRow) -> TableRow {
        let record = training.record
        let share = { (count: Int) -> Entry in
            record.tokens > 0 ? .percent(Double(count) / Double(record.tokens)) : .missing
        }
        return TableRow(
            entries: [
                .text(training.router), .text(training.kind), .count(record.round),
                .count(record.tokens), share(record.case1), share(record.case2),
                share(record.case3),
                .count(record.rollouts), record.churn.map { .percent($0) } ?? .missing,
                record.trainingLoss.map { .number($0, decimals: 4) } ?? .missing,
                record.validationLoss.map { .number($0, decimals: 4) } ?? .missing,
                record.accuracy.map { .percent($0) } ?? .missing,
            ]
                + Self.currencies.map { currency in
                    // Training takes minutes and more: a decimal is enough.
                    currency.basis == .measured
                        ? currency.training(record).map { .number($0, decimals: 1) } ?? .missing
                        : currency.entry(currency.training(record))
                })
    }

    private func repaid(_ costs: [Double?], _ whole: Double?, _ routed: Double?) -> Entry {
        let known = costs.compactMap(\.self)
        guard known.count == costs.count, let whole, let routed else { return .missing }
        guard whole > routed else { return .remark("never") }
        let questions = (known.reduce(0, +) / (whole - routed)).rounded(.up)
        return questions < 1e6 ? .count(Int(questions)) : .quantity(questions)
    }
}
