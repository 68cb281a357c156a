import ResultsStore
import Statistics

/// The answer to an experiment's question in figures: what there is to gain between the single models, and what routing gains of it
/// (docs/method.md, section 4), all on the questions that every routed method has nearly finished.
struct GapResult {
    let n: Int
    /// Mean score of each single model.
    let small: Double
    let large: Double
    /// The large model's minus the small one's.
    let difference: PairedDifference
    let routing: Routing

    /// What routing makes of it.
    enum Routing {
        /// The large model is not seen to be better.
        case noGap
        /// Too few questions to rank methods by.
        case tooFew
        /// Where costs are known, the method of the largest area; and the cheapest setting with the large model's score, if there is one.
        case ranked(BestCurve?, CheapestSetting?)
    }

    /// The method of the largest APGR over calls.
    struct BestCurve {
        let method: String
        /// How many it is the best of.
        let methods: Int
        let area: Bootstrap.Estimate
        /// Above the baseline's area, or above the straight line's.
        let gain: Bootstrap.Estimate
        let hasBaseline: Bool
    }

    /// The setting of the least call ratio with at least the large model's score.
    struct CheapestSetting {
        let method: String
        let callRatio: Double
    }

    /// Nil where a single model or every method with settings is missing.
    init?(_ data: ReportData, _ bootstrap: Bootstrap) {
        guard let singles = data.singles else { return nil }
        // Drafts are no routing, and a method that has hardly begun would take questions from all.
        let routed = data.methods.filter { $0.hasSettings && !$0.isJudged }
        let most = routed.map(\.questions).max() ?? 0
        var methods = routed.filter { 4 * $0.questions >= 3 * most }
        let common = paired([singles.small, singles.large] + methods.flatMap(\.outcomes))
        guard !methods.isEmpty, !common[0].isEmpty else { return nil }
        let marks = common.map { $0.compactMap(\.mark) }
        guard marks.allSatisfy({ $0.count == common[0].count }),
            let small = common[0].accuracy, let large = common[1].accuracy,
            let difference = PairedDifference(marks[1], marks[0], bootstrap: bootstrap)
        else { return nil }
        n = common[0].count
        self.small = small
        self.large = large
        self.difference = difference
        guard difference.isSignificant, difference.estimate.value > 0 else {
            routing = .noGap
            return
        }
        guard mayMark(questions: n) else {
            routing = .tooFew
            return
        }
        var next = 2
        for index in methods.indices {
            let count = methods[index].outcomes.count
            methods[index].outcomes = Array(common[next..<next + count])
            next += count
        }
        routing = .ranked(
            Self.best(of: methods, common[0], common[1], bootstrap),
            Self.cheapest(of: methods, goal: large))
    }

    private static func best(
        of methods: [Method], _ small: [QuestionOutcome], _ large: [QuestionOutcome],
        _ bootstrap: Bootstrap
    ) -> BestCurve? {
        guard let small = Currency.calls.results(of: small),
            let large = Currency.calls.results(of: large)
        else { return nil }
        let comparison = CurveComparison(
            small: small, large: large,
            methods: methods.map { $0.outcomes.compactMap(Currency.calls.results) },
            bootstrap: bootstrap)
        let baseline = methods.firstIndex(where: \.isBaseline)
        let estimates = comparison.estimates { curves in
            let line = baseline.map { curves[$0].averagePerformanceGapRecovered } ?? 0.5
            return curves.flatMap { curve -> [Double?] in
                let area = curve.averagePerformanceGapRecovered
                return [area, area.flatMap { area in line.map { area - $0 } }]
            }
        }
        let best = methods.indices.filter { $0 != baseline }
            .max { (estimates[2 * $0]?.value ?? -1) < (estimates[2 * $1]?.value ?? -1) }
        guard let best, let area = estimates[2 * best], let gain = estimates[2 * best + 1]
        else { return nil }
        return BestCurve(
            method: methods[best].name, methods: methods.count - (baseline == nil ? 0 : 1),
            area: area, gain: gain, hasBaseline: baseline != nil)
    }

    private static func cheapest(of methods: [Method], goal: Double) -> CheapestSetting? {
        let reached = methods.filter { !$0.isBaseline }.flatMap { method in
            method.outcomes.compactMap { outcomes -> CheapestSetting? in
                guard outcomes.isMixed, let accuracy = outcomes.accuracy, accuracy >= goal,
                    let ratio = outcomes.callRatio
                else { return nil }
                return CheapestSetting(method: method.name, callRatio: ratio)
            }
        }
        return reached.min { $0.callRatio < $1.callRatio }
    }
}
