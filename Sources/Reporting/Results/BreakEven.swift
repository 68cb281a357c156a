import ResultsStore
import Routing

/// Questions after which a router's training is repaid against the large model alone, `N* = cost_train / (cost_L - cost_routed)`
/// (docs/method.md, 3).
struct BreakEven {
    let cell: CellRow
    let flops: Repayment
    let bytes: Repayment
    let seconds: Repayment

    /// When a cost is repaid.
    enum Repayment: Equatable {
        /// Some cost was not measured.
        case unknown
        /// Routing costs no less.
        case never
        /// After so many questions, rounded up.
        case after(Double)

        /// That number; nil for the others.
        var questions: Double? { if case .after(let questions) = self { questions } else { nil } }
    }

    /// Of the cells whose routers were trained here, all rounds counted; empty where the large model is missing.
    static func all(_ data: ReportData) -> [BreakEven] {
        guard let llm = data.single(.llm), let whole = data.curve[llm.id] else { return [] }
        return data.cells.compactMap { cell in
            let rounds = data.training.filter { $0.id == cell.record.router }.map(\.record)
            guard !rounds.isEmpty, let routed = data.curve[cell.id] else { return nil }
            func mean(_ curve: CurveRow, _ sum: Double?) -> Double? {
                curve.n > 0 ? sum.map { $0 / Double(curve.n) } : nil
            }
            return BreakEven(
                cell: cell,
                flops: repayment(
                    of: rounds.map { $0.flops.map { Double($0) } },
                    whole: mean(whole, whole.flops), routed: mean(routed, routed.flops)),
                bytes: repayment(
                    of: rounds.map { $0.bytes.map { Double($0) } },
                    whole: mean(whole, whole.bytes), routed: mean(routed, routed.bytes)),
                seconds: repayment(
                    of: rounds.map(\.seconds), whole: whole.secondsMean,
                    routed: routed.secondsMean))
        }
    }

    private static func repayment(
        of costs: [Double?], whole: Double?, routed: Double?
    ) -> Repayment {
        let known = costs.compactMap(\.self)
        guard known.count == costs.count, let whole, let routed else { return .unknown }
        guard whole > routed else { return .never }
        return .after((known.reduce(0, +) / (whole - routed)).rounded(.up))
    }
}
