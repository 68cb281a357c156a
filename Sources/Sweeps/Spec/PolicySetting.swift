/// A policy with every setting decided: one cell of a sweep.
public struct PolicySetting: Hashable, Sendable {
    /// A policy and the settings it has.
    public enum Choice: Hashable, Sendable {
        case slm
        case llm
        case random(ratio: Double)
        case maxProb(threshold: Threshold)
        case entropy(threshold: Threshold)
        case margin(threshold: Threshold)
        case query(router: String, threshold: Threshold)
        case queryRandom(ratio: Double)
        case queryOracle
        case cascade(router: String, threshold: Threshold)
        case coLLM(router: String, threshold: Threshold)
        case citer(router: String, threshold: Threshold)
        case r2r(router: String, threshold: Threshold)
        case disagree
        case speculative(draft: Int)
        case bild(fallback: Double, rollback: Double)
    }

    /// The policy and its settings.
    public let choice: Choice
    /// The ablation's name; nil for a policy as the spec lists it.
    public let label: String?

    /// The share of decisions that go the other way; nil for a policy as it is.
    public let flip: Double?

    /// One cell.
    public init(_ choice: Choice, label: String? = nil, flip: Double? = nil) {
        self.choice = choice
        self.label = label
        self.flip = flip
    }
}

extension PolicySetting: CustomStringConvertible {
    /// What it does, whatever it is called: two cells that are equal so are one.
    public var unlabelled: PolicySetting { PolicySetting(choice, flip: flip) }

    /// The policy's name.
    public var policy: PolicyName {
        switch choice {
        case .slm: .slm
        case .llm: .llm
        case .random: .random
        case .maxProb: .maxProb
        case .entropy: .entropy
        case .margin: .margin
        case .query: .query
        case .queryRandom: .queryRandom
        case .queryOracle: .queryOracle
        case .cascade: .cascade
        case .coLLM: .coLLM
        case .citer: .citer
        case .r2r: .r2r
        case .disagree: .disagree
        case .speculative: .speculative
        case .bild: .bild
        }
    }

    /// The router's name, for a policy that has one.
    public var router: String? {
        switch choice {
        case .query(let router, _), .cascade(let router, _), .coLLM(let router, _),
            .citer(let router, _), .r2r(let router, _):
            router
        default: nil
        }
    }

    /// The threshold, for a policy that has one.
    public var threshold: Threshold? {
        switch choice {
        case .maxProb(let threshold), .entropy(let threshold), .margin(let threshold),
            .query(_, let threshold), .cascade(_, let threshold), .coLLM(_, let threshold),
            .citer(_, let threshold), .r2r(_, let threshold):
            threshold
        default: nil
        }
    }

    /// Its numbers as tables and the database write them, `threshold=0.5`; nil without any.
    ///
    /// The router is not part of it.
    public var setting: String? {
        if let threshold {
            return "threshold=\(threshold.text)"
                + (flip.map { ",flip=\(settingText($0))" } ?? "")
        }
        switch choice {
        case .random(let ratio), .queryRandom(let ratio): return "ratio=\(settingText(ratio))"
        case .speculative(let draft): return "draft=\(draft)"
        case .bild(let fallback, let rollback):
            return "fallback=\(settingText(fallback)),rollback=\(settingText(rollback))"
        default: return nil
        }
    }

    /// The same cell with its quantile replaced by a value; itself if it has no threshold.
    public func settingThreshold(to value: Double) -> PolicySetting {
        let threshold = Threshold.value(value)
        let choice: Choice =
            switch choice {
            case .maxProb: .maxProb(threshold: threshold)
            case .entropy: .entropy(threshold: threshold)
            case .margin: .margin(threshold: threshold)
            case .query(let router, _): .query(router: router, threshold: threshold)
            case .cascade(let router, _): .cascade(router: router, threshold: threshold)
            case .coLLM(let router, _): .coLLM(router: router, threshold: threshold)
            case .citer(let router, _): .citer(router: router, threshold: threshold)
            case .r2r(let router, _): .r2r(router: router, threshold: threshold)
            default: choice
            }
        return PolicySetting(choice, label: label, flip: flip)
    }

    /// `entropy threshold=0.5`, with the ablation's name before it.
    public var description: String {
        [label.map { "\($0):" }, policy.rawValue, router, setting].compactMap { $0 }
            .joined(separator: " ")
    }
}
