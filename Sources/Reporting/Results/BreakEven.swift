import ResultsStore
import Routing

/// Questions after which a router's training is repaid against the large model alone, `N* = cost_train / (cost_L - cost_routed)`
/// (docs/method.md, 3).
struct BreakEven {
    let cell: CellRow
    /// By each of `currencies`.
    let repayments: [Repayment]

    /// What training is counted in.
    static let currencies = Currency.shown(in: .training)

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
            return BreakEven(
                cell: cell,
                repayments: currencies.map { currency in
                    repayment(
                        of: rounds.map(currency.training), whole: currency.mean(whole),
                        routed: currency.mean(routed))
                })
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
