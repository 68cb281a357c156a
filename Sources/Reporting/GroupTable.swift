import ResultsStore
import Routing
import Statistics

/// How methods fare on different kinds of questions: accuracy and call ratio by the task of a mixture (docs/method.md, R11 and R13), by prompt
/// length, by the length of the large model's own answer and, for chains of calculations, by depth (R12).
struct GroupTable {
    let data: ReportData
    let bootstrap: Bootstrap

    /// The questions of one row.
    private struct Group {
        let kind: String
        let name: String
        let questions: Set<String>
    }

    /// A method, its curve's cells and the one that stands for it.
    private struct Method {
        let cell: CellRow
        let outcomes: [QuestionOutcome]
        /// Empty for a single model.
        let curve: [[QuestionOutcome]]
    }

    /// Nil where a single model is missing, or there are too few questions for thirds.
    var table: Table? {
        guard let slm = data.single(.slm), let llm = data.single(.llm) else { return nil }
        let families = data.families.filter { $0.hasSettings && !$0.cells.isEmpty }
        let common = paired(
            [slm, llm].map { data.outcomes[$0.id] ?? [] } + families.flatMap(\.outcomes))
        let groups = groups(of: common[1])
        guard !families.isEmpty, !groups.isEmpty else { return nil }
        var methods = zip([slm, llm], common).map { Method(cell: $0, outcomes: $1, curve: []) }
        var next = 2
        for family in families {
            let curve = Array(common[next..<next + family.cells.count])
            next += family.cells.count
            // The middle setting stands for its method: chosen by its place, not by what it reached.
            let middle = family.cells.count / 2
            methods.append(
                Method(cell: family.cells[middle], outcomes: curve[middle], curve: curve))
        }
        return Table(
            name: "groups", title: "\(data.experiment.record.name): by kind of question",
            columns: [
                .text("Questions by", "grouping"), .text("Group", "group"),
                .text("Policy", "policy"), .text("Setting", "setting"), .number("n", "n"),
                .interval("Accuracy % [95 %]", "accuracy"), .number("Calls %", "call_ratio"),
                .number("Tokens", "tokens_per_question"),
                .estimate("APGR over calls [95 %]", "apgr"), .number("Cut %", "cut"),
            ],
            rows: groups.flatMap { rows($0, methods) },
            notes: [
                "Questions by their task; chains by their depth; thirds of the questions by the tokens of their prompt, and of the large model's own "
                    + "answer. Accuracy, calls and tokens of each method at the middle one of its settings, with Wilson intervals; APGR over all of "
                    + "them, left out where the llm is not significantly better than the slm on the group's questions."
            ])
    }

    private func rows(_ group: Group, _ methods: [Method]) -> [TableRow] {
        func inside(_ outcomes: [QuestionOutcome]) -> [QuestionOutcome] {
            outcomes.filter { group.questions.contains($0.question) }
        }
        let areas = areas(
            small: inside(methods[0].outcomes), large: inside(methods[1].outcomes),
            methods: methods.dropFirst(2).map { $0.curve.map(inside) })
        return zip(methods, [nil, nil] + areas).map { method, area in
            row(group, method.cell, inside(method.outcomes), area)
        }
    }

    /// Each method's APGR over calls; nil where the gap is not significant.
    private func areas(
        small: [QuestionOutcome], large: [QuestionOutcome], methods: [[[QuestionOutcome]]]
    ) -> [Bootstrap.Estimate?] {
        let none = [Bootstrap.Estimate?](repeating: nil, count: methods.count)
        let cells = methods.map { $0.compactMap(Currency.calls.results) }
        guard !small.isEmpty, let small = Currency.calls.results(of: small),
            let large = Currency.calls.results(of: large),
            zip(cells, methods).allSatisfy({ $0.count == $1.count })
        else { return none }
        let comparison = CurveComparison(
            small: small, large: large, methods: cells, bootstrap: bootstrap)
        return comparison.estimates { $0.map(\.averagePerformanceGapRecovered) }
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
        return parts(of: large.map(\.question)) + chains
            + thirds(of: large, "prompt tokens", \.promptTokens)
            + thirds(of: large, "llm tokens", \.tokens)
    }

    /// The tasks of a mixture, whose questions are called TASK:ID.
    private func parts(of questions: [String]) -> [Group] {
        let byPart = Dictionary(grouping: questions) { question in
            question.firstIndex(of: ":").map { question[..<$0] }
        }
        guard byPart[nil] == nil, byPart.count > 1 else { return [] }
        return byPart.compactMap { part, questions in
            part.map { Group(kind: "task", name: String($0), questions: Set(questions)) }
        }.sorted { $0.name < $1.name }
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

    private func row(
        _ group: Group, _ cell: CellRow, _ outcomes: [QuestionOutcome],
        _ area: Bootstrap.Estimate?
    ) -> TableRow {
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
            .estimate(area, scale: 1, decimals: 3), CutAnswers.entry(outcomes),
        ])
    }
}
