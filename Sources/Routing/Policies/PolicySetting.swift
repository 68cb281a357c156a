package import Hashing

/// A policy with every parameter decided: one cell of a sweep.
package struct PolicySetting: Hashable, Sendable {
    package let policy: PolicyDefinition
    /// Its numbers by the names of its parameters and options; whole ones for integers.
    package let numbers: [String: Double]
    /// The router's name, for a policy that has one.
    package let router: String?
    /// Where its score is cut, for a policy that has a threshold.
    package let threshold: Threshold?
    /// What stays of S's tokens; nil for what the policy keeps when nothing is said.
    package let keep: KeepSetting?
    /// The ablation's name; nil for a policy as the spec lists it.
    package let label: String?
    /// The share of decisions that go the other way; nil for a policy as it is.
    package let flip: Double?
    /// The share of calls that its threshold was chosen for, where that was a quantile that a value has taken the place of.
    private let calibratedFor: Double?

    /// One cell; nil if a parameter is missing, is none of the policy's or is out of its range, or if its options do not go together (`conflict`).
    package init?(
        _ policy: PolicyDefinition, _ numbers: [String: Double] = [:], router: String? = nil,
        threshold: Threshold? = nil, keep: KeepSetting? = nil, label: String? = nil,
        flip: Double? = nil
    ) {
        var known = 0
        let options = policy.options.filter { numbers[$0.name] != nil }
        for parameter in policy.parameters + options {
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
            case .keep: break
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
            keep == nil || policy.stops,
            flip == nil || policy.decidesByToken,
            Self.conflict(of: policy, keep: keep, numbers) == nil
        else { return nil }
        // What says nothing is not there, so that two ways to write one cell are equal.
        self.init(
            policy: policy,
            numbers: numbers.filter { $0 != (PolicyParameter.floor.name, 0) }, router: router,
            threshold: threshold, keep: keep == policy.defaultKeep ? nil : keep, label: label,
            flip: flip)
    }

    /// Why a policy's options do not go together; nil where they do.
    package static func conflict(
        of policy: PolicyDefinition, keep: KeepSetting?, _ numbers: [String: Double]
    ) -> String? {
        guard let keep = keep ?? policy.defaultKeep else { return nil }
        let floor = numbers[PolicyParameter.floor.name] ?? 0
        if keep == .strict, floor > 0 {
            return
                "floor changes nothing under keep: strict, which keeps only what the large model would have written"
        }
        for (name, what) in [("ngram", "n-grams"), ("rows", "some rows")] {
            if keep == .all, floor == 0, numbers[name] != nil {
                return "drafts of \(what) need a keep rule that judges them, such as strict"
            }
        }
        if keep.judge != nil, let other = ["ngram", "rows"].first(where: { numbers[$0] != nil }) {
            return
                "a judge has learned from drafts of the small model over its whole vocabulary, so \(other) does not go with it"
        }
        return nil
    }

    private init(
        policy: PolicyDefinition, numbers: [String: Double], router: String?,
        threshold: Threshold?, keep: KeepSetting? = nil, label: String?, flip: Double?,
        calibratedFor: Double? = nil
    ) {
        self.policy = policy
        self.numbers = numbers
        self.router = router
        self.threshold = threshold
        self.keep = keep
        self.label = label
        self.flip = flip
        self.calibratedFor = calibratedFor
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
            keep: keep, label: nil, flip: flip)
    }

    /// The same score and cut, whatever is kept and wherever drafts come from.
    package var scoring: PolicySetting {
        PolicySetting(
            policy: policy, numbers: numbers.filter { policy.parameter($0.key) != nil },
            router: router, threshold: threshold, label: label, flip: flip)
    }

    /// The same cell with its quantile replaced by a value, which may be one that no spec can name; itself if it has no threshold.
    package func settingThreshold(to value: Double) -> PolicySetting {
        PolicySetting(
            policy: policy, numbers: numbers, router: router,
            threshold: threshold.map { _ in .value(value) }, keep: keep, label: label, flip: flip,
            calibratedFor: asked)
    }

    /// The share of its decisions that are asked to be calls, 0...1: the ratio of a draw, or what a quantile of the calibration's scores leaves on the side that
    /// calls. Nil where nobody said how many.
    package var asked: Double? {
        switch (policy.decision, threshold) {
        case (.draw(_, let below), _): numbers[below]
        case (_, .quantile(let k, let n)):
            switch policy.calls {
            case .below: Double(k) / Double(n + 1)
            case .above: Double(n + 1 - k) / Double(n + 1)
            case nil: nil
            }
        default: calibratedFor
        }
    }

    /// Where its score or draw is cut; nil without one, and for a quantile that is not known yet.
    package var cut: Double? {
        switch (policy.decision, threshold) {
        case (.draw(_, let below), _): numbers[below]
        case (_, .value(let value)): value
        default: nil
        }
    }

    /// What stays of S's tokens after L's pass; nil for a policy whose stretches do not end, or that keeps by its parameters.
    private var keeping: KeepSetting? { policy.stops ? keep ?? policy.defaultKeep : nil }

    /// The name of the rule by which L judges S's tokens; nil where it judges none.
    package var judges: String? {
        guard let keeping else { return policy.judges }
        let hasFloor = numbers[PolicyParameter.floor.name] != nil
        return keeping.verifies || hasFloor ? keeping.rule.name : nil
    }

    /// The name of the judge that its keep rule asks; nil without one.
    package var judge: String? { keep?.judge }

    /// How many rows S's output matrix is trimmed to; nil: it is whole.
    package var rows: Int? { numbers["rows"].map { Int($0) } }

    /// The curve that it lies on, where its second decision or its drafts set it apart from its policy's own: `margin, keep strict, most 5`; else nil.
    package var method: String? {
        var words: [String] = []
        if judges != policy.judges {
            words.append(
                ["keep", judges ?? KeepSetting.all.text, judge].compactMap(\.self).joined(
                    separator: " "))
        }
        if let floor = numbers[PolicyParameter.floor.name] {
            words.append("floor \(settingText(floor))")
        }
        words += policy.options.filter(\.isOfDrafts).compactMap { option in
            numbers[option.name].map { "\(option.name) \(settingText($0))" }
        }
        return words.isEmpty ? nil : ([label ?? policy.name] + words).joined(separator: ", ")
    }

    /// Whether its text depends on a seed.
    package var isSeeded: Bool {
        if case .draw = policy.decision { true } else { flip != nil }
    }

    /// Its numbers as tables and the database write them, `threshold=0.5`; nil without any.
    ///
    /// The router is not part of it.
    package var setting: String? {
        var parts = (policy.parameters + policy.options).compactMap { parameter -> String? in
            switch parameter.values {
            case .number, .integer:
                numbers[parameter.name].map { "\(parameter.name)=\(settingText($0))" }
            case .threshold: threshold.map { "\(parameter.name)=\($0.text)" }
            case .keep: keep.map { "\(parameter.name)=\($0.text)" }
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

    /// How to answer; nil where its threshold is not known yet, or its router, its judge or its list of rows is missing.
    /// - Parameters:
    ///   - rows: lists of tokens by their length.
    ///   - judges: what stays under a judge of that name, at that recall.
    package func method(
        seed: Int, rows: (Int) -> TokenRows? = { _ in nil },
        judges: (_ name: String, _ recall: Double) -> KeepRule.Test? = { _, _ in nil },
        routers: (String) -> RouterScore?
    ) -> AnswerMethod? {
        guard let stop = stop(seed: seed, routers: routers) else { return nil }
        guard let keeping, case .routed(let policy) = stop else { return stop }
        let floor = numbers[PolicyParameter.floor.name]
        guard let keepRule = keeping.keepRule(floor: floor, judges: judges) else { return nil }
        let list = self.rows.map(rows)
        if case .some(nil) = list { return nil }
        return .routed(
            policy.keeping(
                keepRule,
                of: DraftSource(
                    most: numbers["most"].map { Int($0) } ?? policy.drafts.most,
                    ngram: numbers["ngram"].map { Int($0) }, rows: list ?? nil)))
    }

    private func stop(seed: Int, routers: (String) -> RouterScore?) -> AnswerMethod? {
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
