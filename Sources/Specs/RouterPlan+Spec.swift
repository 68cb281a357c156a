import Routing
import Schemas

extension RouterPlan {
    /// The plan that a checked element of `routers` describes; nil if it lacks a name or kind.
    init?(_ node: YAMLNode) {
        guard let name = node["name"]?.text,
            let policy = node["kind"]?.text.flatMap(PolicyDefinition.named)
        else { return nil }
        func choice<T: RawRepresentable<String>>(_ key: String, default value: T) -> T {
            node[key]?.text.flatMap(T.init) ?? value
        }
        let words = node["inputs"]?.elements.compactMap { $0.text.flatMap(RouterInput.init) } ?? []
        self.init(
            name: name, policy: policy,
            architecture: choice(
                "architecture", default: policy.learning == .likelihood ? .linear : .mlpSmall),
            inputs: words.isEmpty ? [.hidden, .uncertainty] : words,
            layer: node["layer"]?.integer, reference: choice("reference", default: .llm),
            labels: choice("labels", default: .shortcut),
            costWeight: node["lambda"]?.number ?? 0.1,
            rollouts: node["rollouts"]?.integer ?? 8,
            continuation: choice("continuation", default: .slm),
            rounds: node["rounds"]?.integer ?? 1, split: node["split"]?.text ?? "train",
            limit: node["limit"]?.integer ?? 200, step: node["step"]?.number,
            decay: node["decay"]?.number, seed: node["seed"]?.integer ?? 0)
    }
}
