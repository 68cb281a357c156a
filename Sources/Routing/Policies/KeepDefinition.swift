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
    }

    /// The name in specs, databases and reports.
    package let name: String
    /// One sentence for a person on which tokens stay, without a full stop.
    package let documentation: String
    /// Where it is from.
    package let source: String
    /// What it is set to.
    package let value: Value
    /// The test, of a value that is right.
    let test: @Sendable (_ value: Double) -> KeepRule.Test
}

extension KeepDefinition {
    /// All rules. To add one, add it here.
    package static let all: [KeepDefinition] = [
        everything, strict, logProbability, ratio, top, gap, kl, js, fly,
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
    /// What it is set to, for a rule that is.
    package let value: Double?

    /// A rule; nil if its value is missing, needless or out of its range.
    package init?(_ rule: KeepDefinition, _ value: Double? = nil) {
        switch (rule.value, value) {
        case (.none, nil): break
        case (.number(let range, _), let value?):
            guard value.isFinite, range.contains(value) else { return nil }
        case (.integer(let range, _), let value?):
            guard let whole = Int(exactly: value), range.contains(whole) else { return nil }
        default: return nil
        }
        self.rule = rule
        self.value = value
    }

    private init(plain rule: KeepDefinition) {
        self.rule = rule
        value = nil
    }

    /// Nothing is judged.
    package static let all = KeepSetting(plain: .everything)
    /// L's own text.
    package static let strict = KeepSetting(plain: .strict)

    /// `strict`, or `kl:0.3`.
    package var text: String {
        [rule.name, value.map(settingText)].compactMap(\.self).joined(separator: ":")
    }

    /// Reads what `text` writes; nil if it is no rule, or its value is wrong.
    package init?(text: some StringProtocol) {
        let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        guard let rule = KeepDefinition.named(String(parts[0])) else { return nil }
        guard parts.count == 2 else {
            self.init(rule)
            return
        }
        guard let value = Double(parts[1]) else { return nil }
        self.init(rule, value)
    }

    /// What that model must be able to tell for it.
    package func needs(of model: Route) -> Set<Capability> {
        let rule = keepRule(floor: nil)
        guard rule.verifies else { return [] }
        return Set(model == .llm ? [.verification] : [])
            .union(rule.needs.divergence ? [.distributions] : [])
    }

    /// What the engine applies; `floor` is a probability.
    func keepRule(floor: Double?) -> KeepRule {
        KeepRule(
            rule.test(value ?? 0), floor: floor.map { Float(ck_log($0)) } ?? -.infinity)
    }
}
