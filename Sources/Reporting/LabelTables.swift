import ResultsStore
import Routing
import Statistics

/// How good routers are on labels that they did not learn from (docs/method.md, R7), and how good the labels are (R9).
struct LabelTables {
    let data: ReportData
    let bootstrap: Bootstrap

    // MARK: - Routers

    /// One row a router that was trained here.
    var quality: Table? {
        let rows = data.routerLabels.compactMap { router -> TableRow? in
            let held = router.labels.filter(\.isHeldOut)
            let area = overQuestions(held) { draws in
                ROCCurve.area(
                    scores: draws.map { Self.callScore($0, of: router) },
                    labels: draws.map { $0.label < 0.5 })
            }
            guard !held.isEmpty else { return nil }
            let calibration = Calibration(
                probabilities: held.map(\.score).map { min(max($0, 0), 1) },
                outcomes: held.map { ($0.label >= 0.5) == router.callsBelow })
            return TableRow(entries: [
                .text(router.router), .text(router.kind), .count(Set(held.map(\.question)).count),
                .count(held.count),
                .percent(Double(held.count { $0.label < 0.5 }) / Double(held.count)),
                .estimate(area, scale: 1, decimals: 3),
                calibration.expectedError.map { .number($0, decimals: 4) } ?? .missing,
            ])
        }
        guard !rows.isEmpty else { return nil }
        return Table(
            name: "router-quality",
            title: "\(data.experiment.record.name): routers on labels held out from training",
            columns: [
                .text("Router", "router"), .text("Method", "kind"),
                .number("Questions", "questions"), .number("Labels", "labels"),
                .number("For the llm %", "for_llm"), .estimate("AUC [95 %]", "auc"),
                .number("Calibration error", "calibration_error"),
            ],
            rows: rows,
            notes: [
                "Labels of the questions that the router did not learn from. AUC: the chance that a token to be called for scores as more "
                    + "worth a call than another; interval by bootstrap over questions. Calibration error: the mean distance between the score and "
                    + "the share of labels it foretells, over ten bins."
            ])
    }

    /// Larger: more worth a call.
    private static func callScore(_ label: RouterLabelRecord, of router: RouterLabels) -> Double {
        router.callsBelow ? -label.score : label.score
    }

    /// A figure of labels, with an interval over questions; each draw repeats a question's labels.
    private func overQuestions(
        _ labels: [RouterLabelRecord], _ figure: ([RouterLabelRecord]) -> Double?
    ) -> Bootstrap.Estimate? {
        let byQuestion = Dictionary(grouping: labels, by: \.question)
            .sorted { $0.key < $1.key }.map(\.value)
        // Sorting scores thousands of times: a tenth of the resamples of a mean.
        let fewer = Bootstrap(
            resamples: min(bootstrap.resamples, 1000), seed: bootstrap.seed,
            confidence: bootstrap.confidence)
        return fewer.estimates(questions: byQuestion.count) { draws in
            let drawn = zip(byQuestion, draws).flatMap { labels, times in
                (0..<Int(times)).flatMap { _ in labels }
            }
            return [figure(drawn)]
        }.first ?? nil
    }

    // MARK: - Labels

    /// What both branches' rollouts say of the shortcut's labels.
    var fidelity: Table? {
        let rows = data.routerLabels.flatMap { router -> [TableRow] in
            let both = router.labels.filter {
                $0.slmRight != nil && $0.llmRight != nil && ($0.shortcut == 1 || $0.shortcut == 2)
            }
            guard !both.isEmpty else { return [] }
            return [
                ("1 and 2", both), ("1", both.filter { $0.shortcut == 1 }),
                ("2", both.filter { $0.shortcut == 2 }),
            ]
            .compactMap { name, labels in row(router.router, name, labels) }
        }
        guard !rows.isEmpty else { return nil }
        return Table(
            name: "fidelity",
            title:
                "\(data.experiment.record.name): the shortcut's labels beside rollouts of both tokens",
            columns: [
                .text("Router", "router"), .text("Case", "case"), .number("Positions", "positions"),
                .number("Questions", "questions"),
                .estimate("Agreement % [95 %]", "agreement"), .estimate("Kappa [95 %]", "kappa"),
                .estimate("False S % [95 %]", "false_slm"),
                .estimate("False L % [95 %]", "false_llm"),
                .number("Same outcome %", "same_outcome"),
            ],
            rows: rows,
            notes: [
                "Positions where the models differ and the shortcut decides. False S: of those that it gives to the slm, the share where "
                    + "rollouts of both tokens prefer the llm; false L the other way round. Same outcome: both answers right or both wrong, where "
                    + "only the cost of the calls that follow decides. Bootstrap over questions."
            ])
    }

    private func row(_ router: String, _ name: String, _ labels: [RouterLabelRecord]) -> TableRow? {
        guard !labels.isEmpty else { return nil }
        func share(
            _ labels: [RouterLabelRecord], _ isCounted: (RouterLabelRecord) -> Bool
        ) -> Double? {
            labels.isEmpty ? nil : Double(labels.count(where: isCounted)) / Double(labels.count)
        }
        let agrees = { (label: RouterLabelRecord) in
            (label.shortcut == 1) == (label.label >= 0.5)
        }
        let figures: [([RouterLabelRecord]) -> Double?] = [
            { share($0, agrees) },
            {
                CohenKappa.value(
                    $0.map { $0.shortcut == 1 }, $0.map { $0.label >= 0.5 })
            },
            { share($0.filter { $0.shortcut == 1 }) { !agrees($0) } },
            { share($0.filter { $0.shortcut == 2 }) { !agrees($0) } },
        ]
        let estimates = figures.map { overQuestions(labels, $0) }
        return TableRow(entries: [
            .text(router), .text(name), .count(labels.count),
            .count(Set(labels.map(\.question)).count),
            .estimate(estimates[0], scale: 0.01, decimals: 1),
            .estimate(name == "1 and 2" ? estimates[1] : nil, scale: 1, decimals: 2),
            .estimate(estimates[2], scale: 0.01, decimals: 1),
            .estimate(estimates[3], scale: 0.01, decimals: 1),
            share(labels) { $0.slmRight == $0.llmRight }.map { .percent($0) } ?? .missing,
        ])
    }
}
