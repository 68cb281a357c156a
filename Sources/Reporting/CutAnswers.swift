import ResultsStore

/// Answers that reached the most tokens allowed: what they would have said is not known (docs/method.md, section 4).
struct CutAnswers {
    let data: ReportData

    /// Above this share a report warns.
    static let most = 0.05

    /// The share of a cell's finished answers, or of several cells'; nil without any.
    static func share(_ outcomes: [QuestionOutcome]) -> Double? {
        outcomes.isEmpty ? nil : Double(outcomes.count(where: \.isCut)) / Double(outcomes.count)
    }

    /// As an entry of a table.
    static func entry(_ outcomes: [QuestionOutcome]) -> Entry {
        share(outcomes).map { .percent($0) } ?? .missing
    }

    /// The most tokens of an answer, where the database says.
    var limit: String {
        data.configuration.choice.chosen.facts.all["generation.maxTokens"].map { "\($0) tokens" }
            ?? "tokens"
    }

    /// Empty where few were cut.
    var warnings: [String] {
        let finished = data.cells.compactMap { cell in
            Self.share(data.outcomes[cell.id] ?? []).map { (cell: cell, share: $0) }
        }
        let above = finished.filter { $0.share > Self.most }
        guard let worst = above.max(by: { $0.share < $1.share }) else { return [] }
        let words = FindingWords()
        return [
            "More than \(words.percent(Self.most)) of the answers were cut at the limit of \(limit) in \(above.count) of "
                + "\(finished.count) cells, most of \(worst.cell.name): \(words.percent(worst.share)). An answer that was cut before "
                + "it said its result counts as none, so accuracies are too low, and not equally for all; a larger "
                + "generation.max_tokens makes another configuration."
        ]
    }
}
