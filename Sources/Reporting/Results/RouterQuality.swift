import ResultsStore
import Routing
import Statistics

/// How good a router is on labels that it did not learn from (docs/method.md, R7). A label that was drawn among others counts as many times as it stands for
/// (1.5), so that all is said of tokens as they come.
struct RouterQuality {
    let router: RouterLabels
    let questions: Int
    let labels: Int
    /// The share of tokens whose labels prefer the large model.
    let forLarge: Double
    /// The chance that a token to be called for scores as more worth a call than another.
    let area: Bootstrap.Estimate?
    /// The expected calibration error; nil without labels.
    let calibrationError: Double?

    /// Of the routers that were trained here and have such labels.
    static func all(_ data: ReportData, _ bootstrap: Bootstrap) -> [RouterQuality] {
        data.routerLabels.compactMap { router in
            let held = router.labels.filter { $0.isHeldOut && $0.standsForTokens }
            guard !held.isEmpty else { return nil }
            let callsBelow = PolicyDefinition.named(router.kind)?.calls == .below
            let area = bootstrap.overQuestions(held) { draws in
                ROCCurve.area(
                    scores: draws.map { callsBelow ? -$0.score : $0.score },
                    labels: draws.map { $0.label < 0.5 }, weights: draws.map(\.weight))
            }
            let calibration = Calibration(
                probabilities: held.map(\.score).map { min(max($0, 0), 1) },
                outcomes: held.map { ($0.label >= 0.5) == callsBelow },
                weights: held.map(\.weight))
            return RouterQuality(
                router: router, questions: Set(held.map(\.question)).count, labels: held.count,
                forLarge: held.share { $0.label < 0.5 } ?? 0, area: area,
                calibrationError: calibration.expectedError)
        }
    }
}

extension RouterLabelRecord {
    /// Whether it has a weight that can be counted with: of a foreign database it may be anything.
    var standsForTokens: Bool { weight > 0 && weight.isFinite }
}

extension [RouterLabelRecord] {
    /// The share of the tokens for which labels stand that are counted; nil without any.
    func share(_ isCounted: (RouterLabelRecord) -> Bool) -> Double? {
        let all = reduce(0) { $0 + $1.weight }
        return all > 0 ? reduce(0) { $0 + (isCounted($1) ? $1.weight : 0) } / all : nil
    }
}

extension Bootstrap {
    /// A figure of labels, with an interval over questions; each draw repeats a question's labels.
    func overQuestions(
        _ labels: [RouterLabelRecord], _ figure: ([RouterLabelRecord]) -> Double?
    ) -> Estimate? {
        let byQuestion = Dictionary(grouping: labels, by: \.question)
            .sorted { $0.key < $1.key }.map(\.value)
        // Sorting scores thousands of times: a tenth of the resamples of a mean.
        let fewer = Bootstrap(
            resamples: min(resamples, 1000), seed: seed, confidence: confidence)
        return fewer.estimates(questions: byQuestion.count) { draws in
            let drawn = zip(byQuestion, draws).flatMap { labels, times in
                (0..<Int(times)).flatMap { _ in labels }
            }
            return [figure(drawn)]
        }.first ?? nil
    }
}
