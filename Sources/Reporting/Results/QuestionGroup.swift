import ResultsStore

/// Questions of one kind: of a task, of a depth, of about one length.
struct QuestionGroup {
    let kind: Kind
    let questions: Set<String>

    /// What they have in common.
    enum Kind: Equatable {
        /// The task of a mixture.
        case task(String)
        /// The calculations in a chain.
        case depth(Int)
        /// A third of the questions by the tokens of their prompt.
        case promptLength(ClosedRange<Int>)
        /// A third of the questions by the tokens of the large model's own answer.
        case answerLength(ClosedRange<Int>)
    }

    /// Whether the experiment was made to tell these apart; lengths any experiment has.
    var isMadeFor: Bool {
        switch kind {
        case .task, .depth: true
        case .promptLength, .answerLength: false
        }
    }

    /// Questions below which a third says nothing.
    private static let least = 15

    /// All groups of some questions, by the large model's answers to them: by task, by depth, by either length.
    ///
    /// What a question is of stands in its name, as tasks give it; other names make no group, and no two tasks none.
    /// Throws `.malformed` for a name that begins as those do and does not go on so.
    static func all(of large: [QuestionOutcome]) throws(QuestionNameError) -> [QuestionGroup] {
        try tasks(of: large.map(\.question)) + depths(of: large.map(\.question))
            + lengths(of: large)
    }

    /// Three groups of about one size by either length; equal lengths stay together.
    static func lengths(of large: [QuestionOutcome]) -> [QuestionGroup] {
        thirds(of: large, by: \.promptTokens, Kind.promptLength)
            + thirds(of: large, by: \.tokens, Kind.answerLength)
    }

    private static func tasks(of names: [String]) throws(QuestionNameError) -> [QuestionGroup] {
        guard names.allSatisfy(QuestionName.isOfMixture) else { return [] }
        var tasks: [String: Set<String>] = [:]
        for name in names { tasks[try QuestionName.task(of: name), default: []].insert(name) }
        guard tasks.count > 1 else { return [] }
        return tasks.sorted { $0.key < $1.key }
            .map { QuestionGroup(kind: .task($0), questions: $1) }
    }

    private static func depths(of names: [String]) throws(QuestionNameError) -> [QuestionGroup] {
        guard names.allSatisfy(QuestionName.isOfChain) else { return [] }
        var depths: [Int: Set<String>] = [:]
        for name in names { depths[try QuestionName.depth(of: name), default: []].insert(name) }
        return depths.sorted { $0.key < $1.key }
            .map { QuestionGroup(kind: .depth($0), questions: $1) }
    }

    private static func thirds(
        of outcomes: [QuestionOutcome], by length: (QuestionOutcome) -> Int,
        _ kind: (ClosedRange<Int>) -> Kind
    ) -> [QuestionGroup] {
        let lengths = outcomes.map { (question: $0.question, length: length($0)) }
        let sorted = lengths.map(\.length).sorted()
        guard sorted.count >= least else { return [] }
        let cuts = [sorted[sorted.count / 3], sorted[2 * sorted.count / 3]]
        let byThird = Dictionary(grouping: lengths) { outcome in
            cuts.filter { outcome.length >= $0 }.count
        }
        return (0..<3).compactMap { third in
            guard let members = byThird[third], let low = members.map(\.length).min(),
                let high = members.map(\.length).max()
            else { return nil }
            return QuestionGroup(
                kind: kind(low...high), questions: Set(members.map(\.question)))
        }
    }
}
