import Evaluation
import ResultsStore

/// How methods fare as inputs and solutions grow (METHOD.md, R12): accuracy and call ratio by prompt length, by the length of the large
/// model's own answer, and, for chains of calculations, by depth.
struct GroupTable {
    let data: ReportData

    /// The questions of one row.
    private struct Group {
        let kind: String
        let name: String
        let questions: Set<String>
    }

    /// Nil where a single model is missing, or there are too few questions for thirds.
    var table: Table? {
        guard let slm = data.single("slm"), let llm = data.single("llm") else { return nil }
        let families = data.families.filter(\.hasSettings)
        // The middle setting stands for its method: chosen by its place, not by what it reached.
        let cells =
            [slm, llm]
            + families.compactMap { $0.cells.isEmpty ? nil : $0.cells[$0.cells.count / 2] }
        let common = paired(cells.map { data.outcomes[$0.id] ?? [] })
        let groups = groups(of: common[1])
        guard !families.isEmpty, !groups.isEmpty else { return nil }
        let rows = groups.flatMap { group in
            zip(cells, common).map { cell, outcomes in
                row(group, cell, outcomes.filter { group.questions.contains($0.question) })
            }
        }
        return Table(
            name: "groups", title: "\(data.experiment.record.name): by length",
            columns: [
                .text("Questions by", "grouping"), .text("Group", "group"),
                .text("Policy", "policy"), .text("Setting", "setting"), .number("n", "n"),
                .interval("Accuracy % [95 %]", "accuracy"), .number("Calls %", "call_ratio"),
                .number("Tokens", "tokens_per_question"),
            ],
            rows: rows,
            notes: [
                "Thirds of the questions by the tokens of their prompt, and of the large model's own answer; chains by their depth. Each method at "
                    + "the middle one of its settings. Wilson intervals."
            ])
    }

    /// Questions below which a third says nothing.
    private static let least = 15

    private func groups(of large: [QuestionOutcome]) -> [Group] {
        let depths = Dictionary(grouping: large.map(\.question)) { Self.depth(of: $0) }
        let chains =
            depths[nil] == nil && !large.isEmpty
            ? depths.compactMap { depth, questions in depth.map { ($0, questions) } }
                .sorted { $0.0 < $1.0 }
                .map { Group(kind: "depth", name: "\($0)", questions: Set($1)) } : []
        return chains + thirds(of: large, "prompt tokens", \.promptTokens)
            + thirds(of: large, "llm tokens", \.tokens)
    }

    /// The depth that a chain's name bears: `depth-8-3`.
    private static func depth(of question: String) -> Int? {
        let parts = question.split(separator: "-")
        return parts.count == 3 && parts[0] == "depth" ? Int(parts[1]) : nil
    }

    /// Three groups of about one size; equal lengths stay together.
    private func thirds(
        of outcomes: [QuestionOutcome], _ kind: String, _ length: (QuestionOutcome) -> Int?
    ) -> [Group] {
        let lengths = outcomes.compactMap { outcome in
            length(outcome).map { (question: outcome.question, length: $0) }
        }
        let sorted = lengths.map(\.length).sorted()
        guard sorted.count >= Self.least else { return [] }
        let cuts = [sorted[sorted.count / 3], sorted[2 * sorted.count / 3]]
        let byThird = Dictionary(grouping: lengths) { outcome in
            cuts.filter { outcome.length >= $0 }.count
        }
        return (0..<3).compactMap { third in
            guard let members = byThird[third], let low = members.map(\.length).min(),
                let high = members.map(\.length).max()
            else { return nil }
            return Group(
                kind: kind, name: low == high ? "\(low)" : "\(low) to \(high)",
                questions: Set(members.map(\.question)))
        }
    }

    private func row(_ group: Group, _ cell: CellRow, _ outcomes: [QuestionOutcome]) -> TableRow {
        let tokens = outcomes.reduce(0) { $0 + $1.tokens }
        let calls = outcomes.reduce(0) { $0 + $1.llmCalls }
        let marks = outcomes.compactMap(\.mark)
        let mean = marks.reduce(0, +) / Double(max(marks.count, 1))
        let interval = WilsonInterval.around(successes: marks.reduce(0, +), of: marks.count)
        return TableRow(entries: [
            .text(group.kind), .text(group.name),
            .text(cell.record.label ?? cell.record.policy),
            cell.record.setting.map { .text($0) } ?? .missing, .count(outcomes.count),
            .percentInterval(mean, low: interval.low, high: interval.high),
            tokens > 0 ? .percent(Double(calls) / Double(tokens)) : .missing,
            .number(Double(tokens) / Double(max(outcomes.count, 1)), decimals: 1),
        ])
    }
}
