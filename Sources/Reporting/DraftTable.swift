import ResultsStore

/// How often the large model takes what the small one drafted (docs/method.md, 2.8).
struct DraftTable {
    let data: ReportData

    /// Nil where nothing was drafted.
    var table: Table? {
        let rows = data.cells.compactMap { cell -> TableRow? in
            guard let drafts = data.drafts[cell.id], drafts.checked > 0,
                let curve = data.curve[cell.id], curve.llmPasses > 0
            else { return nil }
            return TableRow(entries: [
                .text(cell.record.label ?? cell.record.policy),
                cell.record.setting.map { .text($0) } ?? .missing, .count(curve.n),
                .count(drafts.checked), .percent(Double(drafts.accepted) / Double(drafts.checked)),
                .number(Double(curve.tokens) / Double(curve.llmPasses), decimals: 2),
            ])
        }
        guard !rows.isEmpty else { return nil }
        return Table(
            name: "drafts", title: "\(data.experiment.record.name): drafted tokens",
            columns: [
                .text("Policy", "policy"), .text("Setting", "setting"), .number("n", "n"),
                .number("Checked", "checked"), .number("Accepted %", "acceptance"),
                .number("Tokens an L pass", "tokens_per_llm_pass"),
            ],
            rows: rows,
            notes: [
                "Checked: drafted tokens that the llm accepted, and the first that it did not of each draft; those after it are "
                    + "thrown away unread. So the share estimates the chance a that a drafted token is accepted; drafts of g then "
                    + "give (1 - a^(g+1)) / (1 - a) tokens a pass (docs/method.md, 2.8)."
            ])
    }
}
