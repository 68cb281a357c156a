import ResultsStore

extension Results {
    /// How often the large model takes what the small one drafted; nil where nothing was.
    var draftTable: Table? {
        guard !drafts.isEmpty else { return nil }
        return Table(
            name: "drafts", title: "\(experiment): drafted tokens",
            columns: [
                .text("Policy", "policy") { $0.cell.method },
                .text("Setting", "setting") { $0.cell.record.setting }, .count("n", "n") { $0.n },
                .count("Checked", "checked") { $0.checked },
                .percent("Accepted %", "acceptance") { $0.accepted },
                .percent("S's tokens kept %", "kept") { $0.kept },
                .percent("L's own %", "llm_tokens") { $0.own },
                .number("Tokens an L pass", "tokens_per_llm_pass", decimals: 2) {
                    $0.tokensPerPass
                },
            ] as [ResultColumn<DraftResult>],
            results: drafts,
            notes: [
                "Checked: drafted tokens that the llm let stay, and the first that it did not of each draft; those after it are "
                    + "thrown away unread. So the share estimates the chance a that a drafted token is accepted; drafts of g then "
                    + "give (1 - a^(g+1)) / (1 - a) tokens a pass (docs/method.md, 2.8). S's tokens kept: of all that it drafted; the "
                    + "others were in vain. L's own: tokens that the llm wrote itself, of all."
            ])
    }
}
