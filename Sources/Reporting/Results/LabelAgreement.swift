import ResultsStore
import Routing
import Statistics

/// What rollouts of both tokens say of the shortcut's labels, where the models differ and the shortcut decides (docs/method.md, R9).
///
/// A position that was drawn among a question's others counts as many times as it stands for (1.5).
struct LabelAgreement {
    let router: String
    let cases: Cases
    let positions: Int
    let questions: Int
    /// The share on which both agree.
    let agreement: Bootstrap.Estimate?
    /// Cohen's kappa; nil of one case, where the shortcut always says the same.
    let kappa: Bootstrap.Estimate?
    /// Of those that the shortcut gives to the small model, the share where rollouts prefer the large one.
    let falseSmall: Bootstrap.Estimate?
    /// The other way round.
    let falseLarge: Bootstrap.Estimate?
    /// The share where both answers are right, or both wrong.
    let sameOutcome: Double?

    /// Which of the shortcut's cases (docs/method.md, 1.3).
    enum Cases: String, CaseIterable {
        case both = "1 and 2"
        case first = "1"
        case second = "2"

        var shortcuts: [Int] {
            switch self {
            case .both: [1, 2]
            case .first: [1]
            case .second: [2]
            }
        }
    }

    /// Of the routers of which both tokens were rolled out.
    static func all(_ data: ReportData, _ bootstrap: Bootstrap) -> [LabelAgreement] {
        data.routerLabels.filter { $0.kind != Router.judgeKind }.flatMap { router in
            let known = router.labels.filter {
                $0.slmRight != nil && $0.llmRight != nil && $0.standsForTokens
            }
            return Cases.allCases.compactMap { cases in
                let labels = known.filter { label in
                    label.shortcut.map(cases.shortcuts.contains) ?? false
                }
                return labels.isEmpty
                    ? nil : LabelAgreement(router.router, cases, labels, bootstrap)
            }
        }
    }

    private init(
        _ router: String, _ cases: Cases, _ labels: [RouterLabelRecord], _ bootstrap: Bootstrap
    ) {
        let agrees = { (label: RouterLabelRecord) in
            (label.shortcut == 1) == (label.label >= 0.5)
        }
        self.router = router
        self.cases = cases
        positions = labels.count
        questions = Set(labels.map(\.question)).count
        agreement = bootstrap.overQuestions(labels) { $0.share(agrees) }
        kappa =
            cases == .both
            ? bootstrap.overQuestions(labels) {
                CohenKappa.value(
                    $0.map { $0.shortcut == 1 }, $0.map { $0.label >= 0.5 },
                    weights: $0.map(\.weight))
            } : nil
        falseSmall = bootstrap.overQuestions(labels) {
            $0.filter { $0.shortcut == 1 }.share { !agrees($0) }
        }
        falseLarge = bootstrap.overQuestions(labels) {
            $0.filter { $0.shortcut == 2 }.share { !agrees($0) }
        }
        sameOutcome = labels.share { $0.slmRight == $0.llmRight }
    }
}
