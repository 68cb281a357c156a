import ResultsStore
import Statistics

/// What the whole curve of a method is worth in one currency of cost.
struct CurveResult {
    let method: String
    let currency: Currency
    let settings: Int
    /// Questions that it, the single models and the baseline finished.
    let n: Int
    /// Whether the large model is significantly the better one; else nothing can be recovered.
    let hasGap: Bool
    /// APGR; nil in a currency in which areas mean nothing.
    let area: Bootstrap.Estimate?
    /// The area above the baseline's, or above the straight line's; nil for the baseline itself.
    let gain: Bootstrap.Estimate?
    /// The least cost that recovers each of `shares`; nil where the method does not reach it.
    let costs: [Bootstrap.Estimate?]

    /// Shares of the gap.
    static let shares = [0.2, 0.5, 0.8, 0.95]

    /// By currency, then in the spec's order; empty where a single model is missing, no method has settings, or the questions are too few to rank by.
    static func all(_ data: ReportData, _ bootstrap: Bootstrap) -> [CurveResult] {
        guard let singles = data.singles else { return [] }
        let methods = data.methods.filter(\.hasSettings)
        let baseline = methods.first(where: \.isBaseline)
        let batches = SharedQuestions.batches(of: methods, singles) {
            (baseline?.outcomes ?? []) + $0.outcomes
        }
        return Currency.shown(in: .curves).flatMap { currency in
            let found = batches.flatMap { results(of: $0, baseline, currency, bootstrap) }
            let known = Dictionary(uniqueKeysWithValues: found.map { ($0.method, $0) })
            return methods.compactMap { known[$0.name] }
        }
    }

    private static func results(
        of batch: SharedQuestions<Method>, _ baseline: Method?, _ currency: Currency,
        _ bootstrap: Bootstrap
    ) -> [CurveResult] {
        let start = baseline?.cells.count ?? 0
        let reference = batch.members.first.map { Array($0.cells[..<start]) } ?? []
        let base = reference.compactMap(currency.results)
        guard let small = currency.results(of: batch.small),
            let large = currency.results(of: batch.large), base.count == reference.count,
            mayMark(questions: small.scores.count)
        else { return [] }
        let known = batch.members.compactMap { method, cells -> (Method, [CellResults])? in
            let results = cells[start...].compactMap(currency.results)
            return results.count == method.cells.count ? (method, results) : nil
        }
        let comparison = CurveComparison(
            small: small, large: large, methods: [base] + known.map(\.1), bootstrap: bootstrap)
        let perMethod = 2 + shares.count
        let estimates = comparison.estimates { curves in
            let line = base.isEmpty ? 0.5 : curves[0].averagePerformanceGapRecovered
            return curves.dropFirst().flatMap { curve -> [Double?] in
                let area = currency.hasArea ? curve.averagePerformanceGapRecovered : nil
                let gain = area.flatMap { area in line.map { area - $0 } }
                return [area, gain] + shares.map { curve.leastCost(recovering: $0) }
            }
        }
        return known.enumerated().map { index, known in
            let own = Array(estimates[index * perMethod..<(index + 1) * perMethod])
            return CurveResult(
                method: known.0.name, currency: currency, settings: known.0.cells.count,
                n: small.scores.count, hasGap: comparison.hasGap, area: own[0],
                gain: known.0.name == baseline?.name ? nil : own[1], costs: Array(own[2...]))
        }
    }
}
