import ResultsStore
import Statistics

/// An ablation's APGR over calls minus that of the policy which it varies, on the same questions.
struct AblationResult {
    let method: String
    let difference: Bootstrap.Estimate

    /// Of the ablations whose policy has settings too.
    static func all(_ data: ReportData, _ bootstrap: Bootstrap) -> [AblationResult] {
        guard let singles = data.singles else { return [] }
        let methods = data.methods.filter(\.hasSettings)
        return methods.filter(\.isAblation).compactMap { ablation in
            let policy = ablation.cells.first?.record.policy
            guard let base = methods.first(where: { $0.name == policy }) else { return nil }
            let common = paired(
                [singles.small, singles.large] + ablation.outcomes + base.outcomes)
            let results = common.compactMap(Currency.calls.results)
            guard results.count == common.count, !common[0].isEmpty else { return nil }
            let middle = 2 + ablation.outcomes.count
            let comparison = CurveComparison(
                small: results[0], large: results[1],
                methods: [Array(results[2..<middle]), Array(results[middle...])],
                bootstrap: bootstrap)
            let estimates = comparison.estimates { curves in
                let areas = curves.map(\.averagePerformanceGapRecovered)
                return [areas[0].flatMap { first in areas[1].map { first - $0 } }]
            }
            guard let difference = estimates.first ?? nil else { return nil }
            return AblationResult(method: ablation.name, difference: difference)
        }
    }
}
