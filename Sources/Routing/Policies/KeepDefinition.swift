import CKernels

/// A keep rule as specs, setting texts and documentation name it (docs/method.md, 2.9).
package struct KeepDefinition: Sendable {
    /// What it is set to.
    package enum Value: Sendable {
        /// Nothing.
        case none
        /// A number of that range, and what it means.
        case number(ClosedRange<Double>, String)
        /// A whole number of that range, and what it means.
        case integer(ClosedRange<Int>, String)
        /// A judge's name, and the share of harmful tokens of its validation questions that it must catch.
        case judge
    }

    /// The name in specs, databases and reports.
    package let name: String
    /// One sentence for a person on which tokens stay, without a full stop.
    package let documentation: String
    /// Where it is from.
    package let source: String
    /// What it is set to.
    package let value: Value
    /// The test, of a value that is right; a judge's is looked up.
    let test: @Sendable (_ value: Double) -> KeepRule.Test?
}

extension KeepDefinition {
    /// All rules. To add one, add it here.
    package static let all: [KeepDefinition] = [
        everything, strict, logProbability, ratio, top, gap, kl, js, fly, judge,
    ]

    /// Nothing is judged.
    package static let everything = KeepDefinition(
        name: "all", documentation: "Every token stays", source: "CITER, co-LLM, R2R", value: .none
    ) { _ in .all }

    /// L's own text.
    package static let strict = KeepDefinition(
        name: "strict", documentation: "Only the large model's own choice stays: its text",
        source: "Leviathan et al. 2023, greedy", value: .none
    ) { _ in .strict }

    static let logProbability = KeepDefinition(
        name: "log-prob", documentation: "The large model finds the token likely enough",
        source: "BiLD, 2302.07863",
        value: .number(0...(.infinity), "the largest negative log-probability, in nats")
    ) { .logProbability(atMost: Float($0)) }

    static let ratio = KeepDefinition(
        name: "ratio",
        documentation: "The large model finds the token almost as likely as its own choice",
        source: "AdaptiveSpec, 2609.02897",
        value: .number(0...1, "the smallest share of the greatest probability")
    ) { .ratio(atLeast: Float($0)) }

    static let top = KeepDefinition(
        name: "top-k", documentation: "The token is among the large model's best",
        source: "AutoJudge's baseline",
        value: .integer(1...64, "how many of the best")
    ) { .top(Int($0)) }

    static let gap = KeepDefinition(
        name: "gap", documentation: "The token is the large model's second choice, and a close one",
        source: "MARS, 2601.15498",
        value: .number(0...(.infinity), "the largest difference of logits")
    ) { .gap(atMost: Float($0)) }

    static let kl = KeepDefinition(
        name: "kl", documentation: "The models' distributions are alike: KL(small, large)",
        source: "2601.04766", value: .number(0...(.infinity), "the largest divergence, in nats")
    ) { .kl(atMost: Float($0)) }

    static let js = KeepDefinition(
        name: "js", documentation: "The models' distributions are alike: Jensen-Shannon",
        source: "FSD, 2502.20704", value: .number(0...1, "the largest divergence, in nats")
    ) { .js(atMost: Float($0)) }

    static let fly = KeepDefinition(
        name: "fly",
        documentation: "The large model wavers there and agrees with the five tokens after it",
        source: "FLy, 2511.22972", value: .none
    ) { _ in .fly }

    package static let judge = KeepDefinition(
        name: "judge",
        documentation: "A trained head finds it unlikely that the token costs the answer",
        source: "AutoJudge (NeurIPS 2025), PAD (2511.00351)", value: .judge
    ) { _ in nil }

    /// The rule of that name; nil if there is none.
    package static func named(_ name: String) -> KeepDefinition? { all.first { $0.name == name } }
}

extension KeepDefinition: Hashable {
    /// Names are unique.
    package static func == (a: KeepDefinition, b: KeepDefinition) -> Bool { a.name == b.name }
    /// By the name.
    package func hash(into hasher: inout Hasher) { hasher.combine(name) }
}

/// A keep rule with its value: what a setting says stays of the small model's tokens.
package struct KeepSetting: Hashable, Sendable {
    package let rule: KeepDefinition
    /// What it is set to, for a rule that is; a judge's recall.
    package let value: Double?
    /// The judge's name, for a rule that has one.
    package let judge: String?

    /// The recall of a judge.
    package static let recalls = 0.001...0.999

    /// A rule; nil if its value is missing, needless or out of its range.
    package init?(_ rule: KeepDefinition, _ value: Double? = nil, judge: String? = nil) {
        switch (rule.value, value, judge) {
        case (.none, nil, nil): break
        case (.number(let range, _), let value?, nil):
            guard value.isFinite, range.contains(value) else { return nil }
        case (.integer(let range, _), let value?, nil):
            guard let whole = Int(exactly: value), range.contains(whole) else { return nil }
        case (.judge, let recall?, let name?):
            guard Self.recalls.contains(recall), !name.isEmpty, !name.contains(":") else {
                return nil
            }
        default: return nil
        }
        self.rule = rule
        self.value = value
        self.judge = judge
    }

    private init(plain rule: KeepDefinition) {
        self.rule = rule
        value = nil
        judge = nil
    }

    /// Nothing is judged.
    package static let all = KeepSetting(plain: .everything)
    /// L's own text.
    package static let strict = KeepSetting(plain: .strict)

    /// `strict`, `kl:0.3`, or `judge:NAME:0.95`.
    package var text: String {
        [rule.name, judge, value.map(settingText)].compactMap(\.self).joined(separator: ":")
    }

    /// The same for a cell's key: a judge is known by its file's hash, not by its name.
    package var keyText: String {
        [rule.name, value.map(settingText)].compactMap(\.self).joined(separator: ":")
    }

    /// Whether L judges S's tokens, if nothing is said of a floor.
    var verifies: Bool { self != .all }

    /// Reads what `text` writes; nil if it is no rule, or its value is wrong.
    package init?(text: some StringProtocol) {
        let parts = String(text).split(
            separator: ":" as Character, omittingEmptySubsequences: false
        )
        .map(String.init)
        guard let rule = KeepDefinition.named(parts[0]) else { return nil }
        let value = parts.count > 1 ? Double(parts[parts.count - 1]) : nil
        guard parts.count == 1 || value != nil, parts.count <= 3 else { return nil }
        self.init(rule, value, judge: parts.count == 3 ? parts[1] : nil)
    }

    /// What that model must be able to tell for it; what a judge looks at comes to it.
    package func needs(of model: Route) -> Set<Capability> {
        guard verifies else { return [] }
        let compares = rule.test(value ?? 0)?.comparesDistributions ?? false
        var needs: Set<Capability> = model == .llm ? [.verification] : []
        if compares { needs.insert(.distributions) }
        if case .judge = rule.value { needs.formUnion([.entropy, .hiddenStates, .distributions]) }
        return needs
    }

    /// What the engine applies; `floor` is a probability. Nil for a judge that is missing.
    func keepRule(
        floor: Double?, judges: (_ name: String, _ recall: Double) -> KeepRule.Test?
    ) -> KeepRule? {
        let test =
            if let judge, let value { judges(judge, value) } else { rule.test(value ?? 0) }
        return test.map { KeepRule($0, floor: floor.map { Float(ck_log($0)) } ?? -.infinity) }
    }
}
