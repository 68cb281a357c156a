import Routing
import Schemas

extension JudgePlan {
    /// The plan that a checked element of `routers` describes; nil if it is of another kind, or lacks a name.
    init?(_ node: YAMLNode) {
        guard let name = node["name"]?.text, node["kind"]?.text == Router.judgeKind else {
            return nil
        }
        func choice<T: RawRepresentable<String>>(_ key: String, default value: T) -> T {
            node[key]?.text.flatMap(T.init) ?? value
        }
        let words = node["inputs"]?.elements.compactMap { $0.text.flatMap(RouterInput.init) } ?? []
        self.init(
            name: name, question: choice("question", default: .right),
            substitution: choice("substitution", default: .sequence),
            architecture: choice("architecture", default: .linear),
            inputs: words.isEmpty ? Self.defaultInputs : words, layer: node["layer"]?.integer,
            split: node["split"]?.text ?? "train", limit: node["limit"]?.integer ?? 200,
            validation: node["validation"]?.number ?? 0.25, step: node["step"]?.number,
            decay: node["decay"]?.number, seed: node["seed"]?.integer ?? 0)
    }

    /// Keys of a judge alone.
    static let ownKeys = ["question", "substitution", "validation"]
    /// Keys of routers that decide before a token.
    static let foreignKeys = [
        "labels", "lambda", "reference", "rollouts", "continuation", "rounds",
    ]
}

extension SweepSpec.Models {
    /// Something that a judge needs and a model of the pair cannot give; nil if there is nothing.
    func lackOfJudge(_ name: String) -> PolicyFact? {
        lack({ _ in Capability.ofLabels }, for: .router(name))
    }
}
