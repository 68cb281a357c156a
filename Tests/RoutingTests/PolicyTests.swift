import Testing

@testable import Routing

/// Policies as values: their names, settings and texts.
struct PolicyTests {
    /// A setting of each policy, in the middle of its ranges.
    static let settings: [PolicySetting] = PolicyDefinition.all.compactMap { policy in
        var numbers: [String: Double] = [:]
        for parameter in policy.parameters {
            switch parameter.values {
            case .number: numbers[parameter.name] = 0.25
            case .integer(let range): numbers[parameter.name] = Double(range.lowerBound + 1)
            case .threshold, .router: break
            }
        }
        return PolicySetting(
            policy, numbers, router: policy.isTrained ? "r" : nil,
            threshold: policy.parameter("threshold").map { _ in .value(0.5) })
    }

    @Test func namesAreUnique() {
        #expect(Self.settings.count == PolicyDefinition.all.count)
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
    ])
    func whatIsNoPolicyIsRefused(text: String) {
        let error = #expect(throws: PolicyTextError.self) { try PolicySetting(text: text) }
        #expect(error?.description.contains("expected") == true)
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
        #expect((setting.method(seed: 1) { _ in nil } == nil) == isTrained)
        let method = setting.method(seed: 1) { _ in RouterScore(router) }
        #expect(method != nil)
        let calibration = setting.calibration { _ in RouterScore(router) }
        #expect((calibration != nil) == (setting.threshold != nil))
        if isTrained { #expect(router.calls == setting.policy.calls) }
    }
}
