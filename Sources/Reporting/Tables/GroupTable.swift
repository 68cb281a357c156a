import ResultsStore

extension Results {
    /// How methods fare on different kinds of questions; nil where there are no groups.
    var groupTable: Table? {
        guard !groups.groups.isEmpty else { return nil }
        return Table(
            name: "groups", title: "\(experiment): by kind of question",
            columns: [
                .text("Questions by", "grouping") { $0.kind.title },
                .text("Group", "group") { $0.kind.name },
                .text("Policy", "policy") { $0.member.cell.method },
                .text("Setting", "setting") { $0.member.cell.record.setting },
                .count("n", "n") { $0.member.outcomes.count },
                .percentInterval("Accuracy % [95 %]", "accuracy") { $0.member.accuracy },
                .percent("Calls %", "call_ratio") { $0.member.outcomes.callRatio },
                .number("Tokens", "tokens_per_question", decimals: 1) {
                    Double($0.member.outcomes.tokens) / Double(max($0.member.outcomes.count, 1))
                },
                .estimate("APGR over calls [95 %]", "apgr", decimals: 3) { $0.member.area },
                .percent("Cut %", "cut") { $0.member.outcomes.cutShare },
            ] as [ResultColumn<(kind: QuestionGroup.Kind, member: GroupResult.Member)>],
            results: groups.groups.flatMap { group in
                group.members.map { (group.group.kind, $0) }
            },
            notes: [
                "Questions by their task; chains by their depth; thirds of the questions by the tokens of their prompt, and of the large model's own "
                    + "answer. Accuracy, calls and tokens of each method at the middle one of its settings, with Wilson intervals; APGR over all of "
                    + "them, left out where the llm is not significantly better than the slm on the group's questions."
            ])
    }
}

extension QuestionGroup.Kind {
    /// What the questions are grouped by.
    fileprivate var title: String {
        switch self {
        case .task: "task"
        case .depth: "depth"
        case .promptLength: "prompt tokens"
        case .answerLength: "llm tokens"
        }
    }

    /// The group in a word.
    var name: String {
        switch self {
        case .task(let task): task
        case .depth(let depth): "\(depth)"
        case .promptLength(let length), .answerLength(let length):
            length.count == 1
                ? "\(length.lowerBound)" : "\(length.lowerBound) to \(length.upperBound)"
        }
    }
}
