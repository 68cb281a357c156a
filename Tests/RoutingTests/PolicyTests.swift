import Hashing
import Testing

@testable import Routing

/// Policies as values: their names, settings and texts.
struct PolicyTests {
    /// A setting of each policy, in the middle of its ranges.
    static let settings: [PolicySetting] = plain + judged

    /// A setting of each keep rule, with all options.
    private static let judged: [PolicySetting] = KeepDefinition.all.compactMap { rule in
        let value: Double? =
            switch rule.value {
            case .none: nil
            case .number: 0.25
            case .integer: 3
            case .judge: 0.9
            }
        let isJudge = rule == .judge
        let floor = rule == .strict ? [:] : ["floor": 0.001]
        return PolicySetting(
            .margin,
            floor.merging(
                isJudge || rule == .everything
                    ? ["most": 5] : ["most": 5, "ngram": 3, "rows": 1000]
            ) { $1 },
            threshold: .value(0.5), keep: KeepSetting(rule, value, judge: isJudge ? "j" : nil))
    }

    private static let plain: [PolicySetting] = PolicyDefinition.all.compactMap { policy in
        var numbers: [String: Double] = [:]
        for parameter in policy.parameters {
            switch parameter.values {
            case .number: numbers[parameter.name] = 0.25
            case .integer(let range): numbers[parameter.name] = Double(range.lowerBound + 1)
            case .threshold, .router, .keep: break
            }
        }
        return PolicySetting(
            policy, numbers, router: policy.isTrained ? "r" : nil,
            threshold: policy.parameter("threshold").map { _ in .value(0.5) })
    }

    @Test func namesAreUnique() {
        #expect(Self.plain.count == PolicyDefinition.all.count)
        #expect(Self.judged.count == KeepDefinition.all.count)
        #expect(Set(PolicyDefinition.all.map(\.name)).count == PolicyDefinition.all.count)
        for policy in PolicyDefinition.all {
            #expect(PolicyDefinition.named(policy.name) == policy)
        }
        #expect(PolicyDefinition.named("nothing") == nil)
    }

    /// What is written as a database names it reads back the same.
    @Test(arguments: settings)
    func textsReadBack(setting: PolicySetting) throws {
        let parts = [setting.router.map { "router=\($0)" }, setting.setting].compactMap { $0 }
        let text = setting.policy.name + (parts.isEmpty ? "" : ":" + parts.joined(separator: ","))
        #expect(try PolicySetting(text: text) == setting)
        #expect(setting.policy.form.hasPrefix(setting.policy.name))
    }

    @Test(arguments: [
        "", "Entropy", "slm=1", "slm:", "entropy", "entropy=", "entropy=x", "entropy=nan",
        "entropy=-1", "entropy=inf", "margin=1.5", "random=2", "bild=1", "bild:fallback=0.5",
        "bild:fallback=0.5,rollback=1,rollback=2", "bild:fallback=0.5,rollback=1,more=2",
        "speculative=0", "speculative=2.5", "speculative=65", "citer=0.5", "citer:threshold=0.5",
        "citer:router=,threshold=0.5", "entropy=1 ", "entropy:threshold=1,",
        "entropy=1,keep", "entropy=1,keep=", "entropy=1,keep=none", "entropy=1,keep=kl",
        "entropy=1,keep=strict:1", "entropy=1,keep=kl:-1", "entropy=1,keep=top-k:2.5",
        "entropy=1,keep=kl:nan", "entropy=1,most=0", "entropy=1,floor=2",
    ])
    func whatIsNoPolicyIsRefused(text: String) {
        let error = #expect(throws: PolicyTextError.self) { try PolicySetting(text: text) }
        #expect(error?.description.contains("expected") == true)
    }

    @Test(arguments: [
        ("slm:keep=strict", "slm never stops"), ("llm:keep=all", "no tokens of the small model"),
        ("query:router=r,threshold=1,keep=strict", "chooses whole answers"),
        ("bild:fallback=0.5,rollback=1,keep=strict", "a keep rule of its own"),
        ("margin=0.5,keep=strict,floor=0.1", "floor changes nothing"),
        ("margin=0.5,ngram=2", "need a keep rule"),
    ])
    func optionsThatDoNotGoTogetherAreRefused(text: String, reason: String) {
        let error = #expect(throws: PolicyTextError.self) { try PolicySetting(text: text) }
        #expect(error?.description.contains(reason) == true)
    }

    /// The short form goes on with options.
    @Test func optionsFollowTheOneNumber() throws {
        #expect(
            try PolicySetting(text: "margin=0.5,keep=kl:0.3,most=4")
                == PolicySetting(
                    .margin, ["most": 4], threshold: .value(0.5), keep: KeepSetting(.kl, 0.3)))
        #expect(
            try PolicySetting(text: "speculative=3,keep=strict")
                == PolicySetting(.speculative, ["draft": 3]))
    }

    /// What is calibrated does not depend on what is kept.
    @Test func theScoreAloneIsTheSame() throws {
        let all = try PolicySetting(text: "margin=0.5,keep=kl:0.3,floor=0.1,most=4,ngram=2")
        #expect(all.scoring == PolicySetting(.margin, threshold: .value(0.5)))
        #expect(all.scoring.method == nil && all.scoring.judges == nil)
    }

    @Test func onlyWholeSettingsAreMade() {
        #expect(PolicySetting(.slm) == .slm)
        #expect(PolicySetting(.slm, ["draft": 2]) == nil)
        #expect(PolicySetting(.margin) == nil)
        #expect(PolicySetting(.margin, threshold: .value(2)) == nil)
        #expect(PolicySetting(.margin, threshold: .quantile(0, of: 9)) == nil)
        #expect(PolicySetting(.margin, router: "r", threshold: .value(0.5)) == nil)
        #expect(PolicySetting(.random, ["ratio": 0.5], flip: 0.1) == nil)
        #expect(PolicySetting(.margin, threshold: .value(0.5), flip: 0.1) != nil)
    }

    /// Two cells that are equal but for a name or a fraction in other terms are one.
    @Test func quantilesInLowestTerms() {
        let half = PolicySetting(.margin, threshold: .quantile(1, of: 1))
        let same = PolicySetting(.margin, threshold: .quantile(2, of: 3), label: "x")
        #expect(half != same && half?.unlabelled == same?.unlabelled)
        #expect(half?.unlabelled != PolicySetting(.margin, threshold: .value(0.5)))
    }

    /// Every policy can be run once its router is there; only scores can be calibrated.
    @Test(arguments: settings)
    func methods(setting: PolicySetting) throws {
        let features = RouterFeatures(inputs: [.uncertainty], hiddenWidth: 0)
        let ones = [Float](repeating: 1, count: features.count)
        let router = try Router(
            kind: setting.policy.name, architecture: .linear,
            features: features, slmSha256: "a",
            llmSha256: "b", mean: ones, scale: ones,
            layers: [RouterLayer(inputs: features.count, outputs: 1, weights: ones, biases: [0])])
        let isTrained = setting.policy.isTrained
        let list = TokenRows(0..<1000)
        let needsMore = isTrained || setting.rows != nil || setting.judge != nil
        #expect((setting.method(seed: 1) { _ in nil } == nil) == needsMore)
        let method = setting.method(
            seed: 1, rows: { $0 == 1000 ? list : nil }, judges: { _, _ in .strict },
            routers: { _ in RouterScore(router) })
        guard case .routed(let policy)? = method else {
            #expect(method != nil)
            return
        }
        #expect(policy.verifies == (setting.judges != nil))
        #expect(policy.drafts.rows?.count == setting.rows)
        let calibration = setting.calibration { _ in RouterScore(router) }
        #expect((calibration != nil) == (setting.threshold != nil))
        if isTrained { #expect(router.calls == setting.policy.calls) }
    }
}
