import ResultsStore

/// How often the large model takes what the small one drafted (docs/method.md, 2.8).
struct DraftResult {
    let cell: CellRow
    let n: Int
    /// Drafted tokens that were accepted, and the first that was not of each draft.
    let checked: Int
    /// Of the checked.
    let accepted: Double
    let tokensPerPass: Double
    /// Of all tokens that S drafted, those taken back unread included; nil where these were not counted.
    let kept: Double?
    /// Tokens that L wrote itself, of all.
    let own: Double?

    /// Empty where nothing was drafted.
    static func all(_ data: ReportData) -> [DraftResult] {
        data.cells.compactMap { cell in
            guard let drafts = data.drafts[cell.id], drafts.checked > 0,
                let curve = data.curve[cell.id], curve.llmPasses > 0
            else { return nil }
            return DraftResult(
                cell: cell, n: curve.n, checked: drafts.checked,
                accepted: Double(drafts.accepted) / Double(drafts.checked),
                tokensPerPass: Double(curve.tokens) / Double(curve.llmPasses),
                kept: drafts.drafted.flatMap { all in
                    all > 0 ? Double(curve.tokens - curve.llmCalls) / Double(all) : nil
                }, own: curve.callRatio)
        }
    }
}
