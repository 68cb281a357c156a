import ResultsStore
import Routing

/// A cost over which accuracy is drawn: a currency a question, or the share of all tokens where a currency has one.
struct CostAxis: Sendable {
    /// Its name in files and links.
    let key: String
    /// In words, with the unit.
    let title: String
    /// In a sentence, for who meets it first.
    let meaning: String
    /// What one of the unit is.
    let scale: Double
    let decimals: Int
    /// Whether the straight line between the single models means something over it.
    let hasLine: Bool
    /// A cell's cost; nil where it is not known.
    let cost: @Sendable (CellRow, ReportData) -> Double?
    /// Beside the large model's; nil where that says nothing.
    let ofLarge: (@Sendable (CellRow, ReportData) -> Double?)?

    /// All of the currency table, in its order; seconds that cells ran by themselves come from those runs.
    static let all: [CostAxis] = Currency.all.flatMap { currency -> [CostAxis] in
        let own = CostAxis(
            key: currency.key, title: currency.questionTitle, meaning: currency.meaning,
            scale: currency.questionScale,
            decimals: currency.decimals, hasLine: currency.hasArea,
            cost: { cell, data in data.cost(of: cell, in: currency) },
            ofLarge: { cell, data in data.share(of: cell, in: currency) })
        guard currency.isShare else { return [own] }
        let share = CostAxis(
            key: "call_ratio", title: currency.title, meaning: currency.meaning,
            scale: currency.scale,
            decimals: currency.decimals, hasLine: currency.hasArea,
            cost: { cell, data in data.curve[cell.id]?.callRatio }, ofLarge: nil)
        return [share, own]
    }
}

extension ReportData {
    /// A cell's mean cost a question, as tables have it; seconds at batch 1 of the runs that measured them.
    func cost(of cell: CellRow, in currency: Currency) -> Double? {
        if currency.key == Currency.latency.key { return latency?.seconds(of: cell) }
        return curve[cell.id].flatMap(currency.mean)
    }

    /// The sum of a cell's costs over the large model's, on the questions that both finished.
    func share(of cell: CellRow, in currency: Currency) -> Double? {
        guard let llm = single(.llm) else { return nil }
        let isAlone = currency.key == Currency.latency.key
        func answers(_ cell: CellRow) -> [QuestionOutcome]? {
            isAlone ? latency?.outcomes[cell.record.key] : outcomes[cell.id]
        }
        guard let own = answers(cell), let large = answers(llm) else { return nil }
        let both = paired([own, large])
        return EqualityResult.share(of: both[0], in: both[1], currency)
    }
}
