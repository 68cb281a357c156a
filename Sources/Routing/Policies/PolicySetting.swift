/// A policy with every parameter decided: one cell of a sweep.
package struct PolicySetting: Hashable, Sendable {
    package let policy: PolicyDefinition
    /// Its numbers by their parameters' names; whole ones for integers.
    package let numbers: [String: Double]
    /// The router's name, for a policy that has one.
    package let router: String?
    /// Where its score is cut, for a policy that has a threshold.
    package let threshold: Threshold?
    /// The ablation's name; nil for a policy as the spec lists it.
    package let label: String?
    /// The share of decisions that go the other way; nil for a policy as it is.
    package let flip: Double?

    /// One cell; nil if a parameter is missing, is none of the policy's or is out of its range.
    package init?(
        _ policy: PolicyDefinition, _ numbers: [String: Double] = [:], router: String? = nil,
        threshold: Threshold? = nil, label: String? = nil, flip: Double? = nil
    ) {
        var known = 0
        for parameter in policy.parameters {
            switch parameter.values {
            case .number(let range):
                guard let value = numbers[parameter.name], value.isFinite, range.contains(value)
                else { return nil }
                known += 1
            case .integer(let range):
                guard let value = numbers[parameter.name].flatMap(Int.init(exactly:)),
                    range.contains(value)
                else { return nil }
                known += 1
            case .threshold(let range):
                switch threshold {
                case .value(let value):
                    guard value.isFinite, range.contains(value) else { return nil }
                case .quantile(let k, let n): guard 1...n ~= k else { return nil }
                case nil: return nil
                }
            case .router: guard router != nil else { return nil }
            }
        }
        guard known == numbers.count,
            router == nil || policy.isTrained,
            threshold == nil || policy.parameter("threshold") != nil,
            flip == nil || policy.decidesByToken
        else { return nil }
        self.init(
            policy: policy, numbers: numbers, router: router, threshold: threshold, label: label,
            flip: flip)
    }

    private init(
        policy: PolicyDefinition, numbers: [String: Double], router: String?,
        threshold: Threshold?, label: String?, flip: Double?
    ) {
        self.policy = policy
        self.numbers = numbers
        self.router = router
        self.threshold = threshold
        self.label = label
        self.flip = flip
    }
}

extension PolicySetting {
    /// S alone.
    package static let slm = alone(.slm)
    /// L alone.
    package static let llm = alone(.llm)
    /// L's own text at the least calls.
    package static let disagree = alone(.disagree)

    /// A policy without parameters.
    private static func alone(_ policy: PolicyDefinition) -> PolicySetting {
        PolicySetting(
            policy: policy, numbers: [:], router: nil, threshold: nil, label: nil, flip: nil)
    }

    /// What it does, whatever it is called, quantiles in lowest terms: two cells that are equal so are one.
    package var unlabelled: PolicySetting {
        PolicySetting(
            policy: policy, numbers: numbers, router: router, threshold: threshold?.reduced,
            label: nil, flip: flip)
    }

    /// The same cell with its quantile replaced by a value, which may be one that no spec can name; itself if it has no threshold.
    package func settingThreshold(to value: Double) -> PolicySetting {
        PolicySetting(
            policy: policy, numbers: numbers, router: router,
            threshold: threshold.map { _ in .value(value) }, label: label, flip: flip)
    }

    /// Where its score or draw is cut; nil without one, and for a quantile that is not known yet.
    package var cut: Double? {
        switch (policy.decision, threshold) {
        case (.draw(_, let below), _): numbers[below]
        case (_, .value(let value)): value
        default: nil
        }
    }

    /// Whether its text depends on a seed.
    package var isSeeded: Bool {
        if case .draw = policy.decision { true } else { flip != nil }
    }

    /// Its numbers as tables and the database write them, `threshold=0.5`; nil without any.
    ///
    /// The router is not part of it.
    package var setting: String? {
        var parts = policy.parameters.compactMap { parameter -> String? in
            switch parameter.values {
            case .number, .integer:
                numbers[parameter.name].map { "\(parameter.name)=\(settingText($0))" }
            case .threshold: threshold.map { "\(parameter.name)=\($0.text)" }
            case .router: nil
            }
        }
        if let flip { parts.append("flip=\(settingText(flip))") }
        return parts.isEmpty ? nil : parts.joined(separator: ",")
    }

    /// The score function of a policy with a threshold; nil where its router is missing.
    package func scoreFunction(_ routers: (String) -> RouterScore?) -> (any ScoreFunction)? {
        switch policy.decision {
        case .score(let function): function
        case .router: router.flatMap(routers)
        case .fixed, .draw, .drafts: nil
        }
    }

    /// How to answer; nil where its threshold is not known yet or its router is missing.
    package func method(seed: Int, routers: (String) -> RouterScore?) -> AnswerMethod? {
        let bits = UInt64(bitPattern: Int64(seed))
        switch policy.decision {
        case .fixed(let method): return method
        case .drafts(let policy): return .routed(policy(numbers))
        case .draw(let function, _):
            return cut.map { policy.method(function(bits), threshold: Float($0)) }
        case .score, .router:
            guard let function = scoreFunction(routers), let cut else { return nil }
            return policy.method(
                function, threshold: Float(cut),
                flips: flip.map { Flips(rate: Float($0), seed: bits) })
        }
    }

    /// S alone, logging the score of each decision: a threshold that is never reached. Nil without a score.
    package func calibration(_ routers: (String) -> RouterScore?) -> AnswerMethod? {
        scoreFunction(routers).map {
            policy.method($0, threshold: $0.calls == .below ? -.infinity : .infinity)
        }
    }
}

extension PolicySetting: CustomStringConvertible {
    /// `entropy threshold=0.5`, with the ablation's name before it.
    package var description: String {
        [label.map { "\($0):" }, policy.name, router, setting].compactMap { $0 }
            .joined(separator: " ")
    }
}
