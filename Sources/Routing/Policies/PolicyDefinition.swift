/// All that there is to know of a policy (docs/method.md, section 2). Specs, their schema and errors, cells and their keys, `generate --policy`,
/// reports and the pages of documentation read it here.
package struct PolicyDefinition: Sendable {
    /// What a decision is about.
    package enum Scope: Sendable {
        /// Who writes the next token.
        case token
        /// Who writes the whole answer, decided from the question.
        case question
        /// Whether L answers again, decided from S's answer.
        case answer
    }

    /// What it decides by.
    package enum Decision: Sendable {
        /// Nothing that could be set.
        case fixed(AnswerMethod)
        /// A seeded draw, below the named number.
        case draw(@Sendable (_ seed: UInt64) -> any ScoreFunction, below: String)
        /// A score that S's own signals give.
        case score(any ScoreFunction)
        /// A trained router's score, with L on that side of the threshold.
        case router(calls: CallSide, learns: RouterLearning)
        /// L's reading of what S has drafted.
        case drafts(@Sendable (_ numbers: [String: Double]) -> RoutingPolicy)
    }

    /// Its part in a comparison.
    package enum Role: Sendable {
        /// One model alone.
        case single(Route)
        /// What every method is measured against: calls that look at nothing.
        case baseline
        /// A method to be compared.
        case method
    }

    /// The name in specs, databases and reports.
    package let name: String
    /// What reports call it in a sentence, where that is not its name.
    package let title: String
    /// One sentence for a person, without a full stop.
    package let documentation: String
    /// What a decision is about.
    package let scope: Scope
    /// What it decides by.
    package let decision: Decision
    /// What is kept where nothing is said; nil for a policy that keeps by its parameters.
    package let defaultKeep: KeepSetting?
    /// What it is set to, in the order of its grid and of its setting's text.
    package let parameters: [PolicyParameter]
    /// Its part in a comparison.
    package let role: Role

    init(
        _ name: String, title: String? = nil, _ documentation: String, scope: Scope = .token,
        _ decision: Decision, role: Role = .method, keeps: KeepSetting? = .all,
        _ parameters: PolicyParameter...
    ) {
        self.name = name
        self.title = title ?? name
        self.documentation = documentation
        self.scope = scope
        self.decision = decision
        self.role = role
        defaultKeep = keeps
        self.parameters = parameters
    }
}

extension PolicyDefinition: Hashable {
    /// Names are unique.
    package static func == (a: PolicyDefinition, b: PolicyDefinition) -> Bool { a.name == b.name }
    /// By the name.
    package func hash(into hasher: inout Hasher) { hasher.combine(name) }
}

extension PolicyDefinition {
    /// The policy of that name; nil if there is none.
    package static func named(_ name: String) -> PolicyDefinition? { byName[name] }

    private static let byName = Dictionary(uniqueKeysWithValues: all.map { ($0.name, $0) })

    /// Its parameter of that name.
    package func parameter(_ name: String) -> PolicyParameter? {
        parameters.first { $0.name == name }
    }

    /// Whether that model ever reads a token for it.
    package func asks(_ model: Route) -> Bool {
        if case .single(let only) = role { only == model } else { true }
    }

    /// What that model must be able to tell; what a trained router looks at comes to it.
    package func needs(of model: Route) -> Set<Capability> {
        switch (decision, model) {
        case (.score(let function), .slm): function.asks
        case (.drafts, .llm): [.verification]
        case (.router, .slm): [.entropy, .hiddenStates, .topTokens]
        case (.fixed, _), (.draw, _), (.router, .llm), (.score, .llm), (.drafts, .slm): []
        }
    }

    /// Whether a score of each token decides who writes it, so that decisions can be flipped; draws are left as they fall.
    package var decidesByToken: Bool {
        scope == .token
            && parameters.contains { if case .threshold = $0.values { true } else { false } }
    }

    /// Whether L verifies what S has drafted.
    package var isDrafted: Bool { if case .drafts = decision { true } else { false } }

    /// Whether its answers are chosen by their grades.
    package var isOracle: Bool { if case .fixed(.oracle) = decision { true } else { false } }

    /// What its router learns from; nil for a policy that is not trained.
    package var learning: RouterLearning? {
        if case .router(_, let learning) = decision { learning } else { nil }
    }

    /// Whether S's stretches come to an end at which L reads them, so that a keep rule has something to judge (docs/method.md, 2.8).
    package var stops: Bool {
        guard scope == .token else { return false }
        switch decision {
        case .draw, .score, .router: return true
        case .drafts: return defaultKeep != nil
        case .fixed: return false
        }
    }

    /// The name of the rule by which L judges S's tokens where nothing is said; nil where it judges none.
    package var judges: String? {
        guard isDrafted else { return nil }
        return (defaultKeep?.rule ?? .logProbability).name
    }

    /// Why no keep rule goes with it; nil where one does.
    package var refusesKeep: String? {
        if stops { return nil }
        let those = PolicyDefinition.all.filter(\.stops).map(\.name).joined(separator: ", ")
        let why =
            switch (scope, decision, role) {
            case (.question, _, _), (.answer, _, _):
                "\(name) chooses whole answers, so nothing of one is taken back"
            case (_, .drafts, _): "\(name) has a keep rule of its own"
            case (_, _, .single(.slm)): "\(name) never stops, so the large model reads nothing"
            case (_, _, .single(.llm)): "\(name) has no tokens of the small model"
            default: "\(name) asks the large model for every token"
            }
        return "\(why); a keep rule goes with \(those)"
    }

    /// What may be set beside its parameters: the second decision, and where drafts come from.
    package var options: [PolicyParameter] {
        guard stops else { return [] }
        let drafts = PolicyParameter.drafts.filter { !isDrafted || $0.name != "most" }
        return [.keep, .floor] + drafts
    }

    /// Its parameter or option of that name.
    package func setting(_ name: String) -> PolicyParameter? {
        parameter(name) ?? options.first { $0.name == name }
    }

    /// Whether it is trained.
    package var isTrained: Bool { learning != nil }

    /// On which side of its threshold L is called; nil for a policy without a score.
    package var calls: CallSide? {
        switch decision {
        case .draw: .below
        case .score(let function): function.calls
        case .router(let side, _): side
        case .fixed, .drafts: nil
        }
    }

    /// How answers are made where a score is cut.
    func method(
        _ function: any ScoreFunction, threshold: Float, flips: Flips? = nil
    ) -> AnswerMethod {
        switch scope {
        case .token: .routed(.scored(function, threshold: threshold, flips: flips))
        case .question: .routed(.whole(function, threshold: threshold))
        case .answer: .cascade(function, threshold: threshold)
        }
    }
}
