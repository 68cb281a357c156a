import ResultsStore

extension Results {
    /// What each round of a router's training cost and gave; nil where none was trained.
    var trainingTable: Table? {
        guard !data.training.isEmpty else { return nil }
        func share(_ count: Int, _ record: TrainingRecord) -> Double? {
            record.tokens > 0 ? Double(count) / Double(record.tokens) : nil
        }
        let rounds: [ResultColumn<TrainingRow>] =
            [
                .text("Router", "router") { $0.router }, .text("Method", "kind") { $0.kind },
                .count("Round", "round") { $0.record.round },
                .count("Tokens", "tokens") { $0.record.tokens },
                .percent("Case 1 %", "case_1") { share($0.record.case1, $0.record) },
                .percent("Case 2 %", "case_2") { share($0.record.case2, $0.record) },
                .percent("Case 3 %", "case_3") { share($0.record.case3, $0.record) },
                .count("Rollouts", "rollouts") { $0.record.rollouts },
                .percent("Churn %", "churn") { $0.record.churn },
                .number("Loss", "training_loss", decimals: 4) { $0.record.trainingLoss },
                .number("Held-out loss", "validation_loss", decimals: 4) {
                    $0.record.validationLoss
                },
                .percent("Held-out accuracy %", "accuracy") { $0.record.accuracy },
            ]
        let costs: [ResultColumn<TrainingRow>] = Currency.shown(in: .training).map { currency in
            currency.trainingColumn { currency.training($0.record) }
        }
        return Table(
            name: "training", title: "\(experiment): router training", columns: rounds + costs,
            results: data.training,
            notes: [
                "Case 1: the slm's token is the reference's; case 2: only the llm's is; case 3: "
                    + "neither. Churn: of the labels that rollouts decide, those that changed since the round before."
            ])
    }

    /// How good routers are on labels that they did not learn from; nil where there are none.
    var routerTable: Table? {
        guard !routers.isEmpty else { return nil }
        return Table(
            name: "router-quality",
            title: "\(experiment): routers on labels held out from training",
            columns: [
                .text("Router", "router") { $0.router.router },
                .text("Method", "kind") { $0.router.kind },
                .count("Questions", "questions") { $0.questions },
                .count("Labels", "labels") { $0.labels },
                .percent("For the llm %", "for_llm") { $0.forLarge },
                .estimate("AUC [95 %]", "auc", decimals: 3) { $0.area },
                .number("Calibration error", "calibration_error", decimals: 4) {
                    $0.calibrationError
                },
            ] as [ResultColumn<RouterQuality>],
            results: routers,
            notes: [
                "Labels of the questions that the router did not learn from; one that was drawn for a rollout counts as many times as it stands for. AUC: the chance that a token to be called for scores as more "
                    + "worth a call than another; interval by bootstrap over questions. Calibration error: the mean distance between the score and "
                    + "the share of labels it foretells, over ten bins."
            ])
    }

    /// What judges learned from, and what their thresholds do; nil where there are none.
    var judgeTable: Table? {
        guard !judges.isEmpty else { return nil }
        let labels: [ResultColumn<JudgeResult>] = [
            .text("Judge", "judge") { $0.router.router },
            .count("Questions", "questions") { $0.questions },
            .count("Harmful", "harmful") { $0.harmful },
            .count("Helpful", "helpful") { $0.helpful },
            .count("Neutral", "neutral") { $0.neutral },
            .percent("Answer stays %", "same") { $0.same },
            .count("Held out", "held_out") { $0.held },
            .count("To refuse", "to_refuse") { $0.heldHarmful },
        ]
        let points = JudgeResult.recalls.enumerated().flatMap {
            place, recall -> [ResultColumn<JudgeResult>] in
            [
                .percent("Stay at \(recall) %", "stay_\(recall)") { $0.points[place]?.staying },
                .percent("Precision at \(recall) %", "precision_\(recall)") {
                    $0.points[place]?.precision
                },
                .percent("Harmless stay at \(recall) %", "harmless_stay_\(recall)") {
                    $0.points[place]?.harmlessStaying
                },
            ]
        }
        return Table(
            name: "judges", title: "\(experiment): judges, and the labels that they learned from",
            columns: labels + points, results: judges,
            notes: [
                "Places where the slm would write another token than the text's, and what became of the answer when the llm went on from the slm's. "
                    + "To refuse: labels of held-out questions that the judge is to refuse. Stay: the share of held-out places where the slm's token stays if "
                    + "that share of them is refused; precision: of those refused, the share that is to be; harmless stay: of those that need not be refused, the share that stays. Nothing where too few are known to tell."
            ])
    }

    /// What rollouts of both tokens say of the shortcut's labels; nil where there were none.
    var fidelityTable: Table? {
        guard !agreements.isEmpty else { return nil }
        return Table(
            name: "fidelity",
            title: "\(experiment): the shortcut's labels beside rollouts of both tokens",
            columns: [
                .text("Router", "router") { $0.router },
                .text("Case", "case") { $0.cases.rawValue },
                .count("Positions", "positions") { $0.positions },
                .count("Questions", "questions") { $0.questions },
                .estimate("Agreement % [95 %]", "agreement", unit: 0.01, decimals: 1) {
                    $0.agreement
                },
                .estimate("Kappa [95 %]", "kappa", decimals: 2) { $0.kappa },
                .estimate("False S % [95 %]", "false_slm", unit: 0.01, decimals: 1) {
                    $0.falseSmall
                },
                .estimate("False L % [95 %]", "false_llm", unit: 0.01, decimals: 1) {
                    $0.falseLarge
                },
                .percent("Same outcome %", "same_outcome") { $0.sameOutcome },
            ] as [ResultColumn<LabelAgreement>],
            results: agreements,
            notes: [
                "Positions where the models differ and the shortcut decides; one that was drawn counts as many times as it stands for. False S: of those that it gives to the slm, the share where "
                    + "rollouts of both tokens prefer the llm; false L the other way round. Same outcome: both answers right or both wrong, where "
                    + "only the cost of the calls that follow decides. Bootstrap over questions."
            ])
    }

    /// After how many questions training is repaid; nil where no cell's router was trained here.
    var breakEvenTable: Table? {
        guard !breakEven.isEmpty else { return nil }
        let head: [ResultColumn<BreakEven>] = [
            .text("Cell", "cell") { $0.cell.name },
            .text("Router", "router") { $0.cell.router ?? "" },
        ]
        let repaid: [ResultColumn<BreakEven>] = BreakEven.currencies.enumerated().map {
            place, currency in
            .value("By \(currency.name)", currency.key) { $0.repayments[place].entry }
        }
        return Table(
            name: "break-even", title: "\(experiment): questions until training is repaid",
            columns: head + repaid,
            results: breakEven,
            notes: ["Against the llm alone, all rounds counted; never: routing costs no less."])
    }
}

extension BreakEven.Repayment {
    fileprivate var entry: Entry.Value? {
        switch self {
        case .unknown: nil
        case .never: .remark("never")
        case .after(let questions):
            questions < 1e6 ? .count(Int(questions)) : .quantity(questions)
        }
    }
}
