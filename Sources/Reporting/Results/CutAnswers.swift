import ResultsStore

/// Answers that reached the most tokens allowed: what they would have said is not known (docs/method.md, section 4).
struct CutAnswers {
    /// Tokens that an answer may have; nil where the database does not say.
    let limit: String?
    /// The share that was cut of each cell with answers.
    let shares: [(cell: CellRow, share: Double)]
    /// Of all answers of all cells; nil without any.
    let shareOfAll: Double?

    /// Above this share a report warns.
    static let most = 0.05

    init(_ data: ReportData) {
        limit = data.configuration.choice.chosen.facts.all["generation.maxTokens"]
        shares = data.cells.compactMap { cell in
            (data.outcomes[cell.id] ?? []).cutShare.map { (cell, $0) }
        }
        shareOfAll = data.cells.flatMap { data.outcomes[$0.id] ?? [] }.cutShare
    }

    /// The limit in words.
    var limitText: String { limit.map { "\($0) tokens" } ?? "tokens" }

    /// What a report warns of; nil where few were cut.
    var warning: String? {
        let above = shares.filter { $0.share > Self.most }
        guard let worst = above.max(by: { $0.share < $1.share }) else { return nil }
        return
            "More than \(percentText(Self.most)) of the answers were cut at the limit of \(limitText) in \(above.count) of "
            + "\(shares.count) cells, most of \(worst.cell.shortName): \(percentText(worst.share)). An answer that was cut before "
            + "it said its result counts as none, so accuracies are too low, and not equally for all; a larger "
            + "generation.max_tokens makes another configuration."
    }
}
