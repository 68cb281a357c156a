import ResultsStore
import Routing

/// What the trained routers cost, and after how many questions that is repaid.
struct TrainingTables {
    let data: ReportData

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
                .number("Held-out accuracy %", "accuracy"), .number("FLOPs", "flops"),
                .number("Bytes", "bytes"), .number("Seconds", "seconds"),
            ],
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
            return TableRow(entries: [
                .text(cell.name), .text(cell.router ?? ""),
                repaid(
                    rounds.map { $0.flops.map { Double($0) } }, mean(whole, whole.flops),
                    mean(routed, routed.flops)),
                repaid(
                    rounds.map { $0.bytes.map { Double($0) } }, mean(whole, whole.bytes),
                    mean(routed, routed.bytes)),
                repaid(rounds.map(\.seconds), whole.secondsMean, routed.secondsMean),
            ])
        }
        guard !rows.isEmpty else { return nil }
        return Table(
            name: "break-even",
            title: "\(data.experiment.record.name): questions until training is repaid",
            columns: [
                .text("Cell", "cell"), .text("Router", "router"), .number("By FLOPs", "flops"),
                .number("By bytes", "bytes"), .number("By seconds", "seconds"),
            ],
            rows: rows,
            notes: ["Against the llm alone, all rounds counted; never: routing costs no less."])
    }

    private func row(_ training: TrainingRow) -> TableRow {
        let record = training.record
        let share = { (count: Int) -> Entry in
            record.tokens > 0 ? .percent(Double(count) / Double(record.tokens)) : .missing
        }
        return TableRow(entries: [
            .text(training.router), .text(training.kind), .count(record.round),
            .count(record.tokens), share(record.case1), share(record.case2), share(record.case3),
            .count(record.rollouts), record.churn.map { .percent($0) } ?? .missing,
            record.trainingLoss.map { .number($0, decimals: 4) } ?? .missing,
            record.validationLoss.map { .number($0, decimals: 4) } ?? .missing,
            record.accuracy.map { .percent($0) } ?? .missing,
            record.flops.map { .quantity(Double($0)) } ?? .missing,
            record.bytes.map { .quantity(Double($0)) } ?? .missing,
            record.seconds.map { .number($0, decimals: 1) } ?? .missing,
        ])
    }

    private func mean(_ curve: CurveRow, _ sum: Double?) -> Double? {
        curve.n > 0 ? sum.map { $0 / Double(curve.n) } : nil
    }

    private func repaid(_ costs: [Double?], _ whole: Double?, _ routed: Double?) -> Entry {
        let known = costs.compactMap(\.self)
        guard known.count == costs.count, let whole, let routed else { return .missing }
        guard whole > routed else { return .remark("never") }
        let questions = (known.reduce(0, +) / (whole - routed)).rounded(.up)
        return questions < 1e6 ? .count(Int(questions)) : .quantity(questions)
    }
}
