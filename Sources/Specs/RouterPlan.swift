package import Routing
import Schemas

/// How a router is to be trained: an element of a spec's `routers`.
package struct RouterPlan: Equatable, Sendable {
    /// What a router is trained for; docs/method.md, section 2.
    package enum Kind: String, CaseIterable, Sendable {
        case citer
        case coLLM = "co-llm"
        case r2r
        case query
        case cascade

        /// The policy that it serves.
        package var policy: PolicyDefinition {
            switch self {
            case .citer: .citer
            case .coLLM: .coLLM
            case .r2r: .r2r
            case .query: .query
            case .cascade: .cascade
            }
        }
    }

    /// Whose solutions tokens are labelled along.
    package enum Reference: String, CaseIterable, Sendable {
        /// The data set's.
        case gold
        /// L's own greedy ones where their answer is right.
        case llm
    }

    /// Who goes on in a rollout of the first round.
    package enum Continuation: String, CaseIterable, Sendable {
        case slm
        case llm
        /// S, with L where S's two best tokens are closer than 0.5.
        case margin
    }

    /// How a position where the models differ is labelled.
    package enum Labels: String, CaseIterable, Sendable {
        /// By the cases of docs/method.md, 1.3: S's token is rolled out where the reference does not decide.
        case shortcut
        /// By rolling out both tokens, whatever the reference says (docs/method.md, 1.5).
        case dual
    }

    /// The router's name.
    package let name: String
    /// What it is trained for.
    package let kind: Kind
    /// Its shape.
    package let architecture: RouterArchitecture
    /// What it sees.
    package let inputs: [RouterInput]
    /// After how many layers of S the input `middle` is taken; nil for the middle one.
    package let layer: Int?
    /// Whose solutions are followed.
    package let reference: Reference
    /// How positions are labelled where the models differ.
    package let labels: Labels
    /// Of dual labels: what a call of L for every token of an answer is worth, in right answers.
    package let costWeight: Double
    /// Most rollouts a question and round; 0: no long-term effect (CITER-S).
    package let rollouts: Int
    /// Who goes on in the first round.
    package let continuation: Continuation
    /// Most rounds.
    package let rounds: Int
    /// The questions' split.
    package let split: String
    /// Most questions.
    package let limit: Int
    /// AdamW's step size; nil for the architecture's own.
    package let step: Double?
    /// AdamW's decoupled weight decay; nil for the trainer's own.
    package let decay: Double?
    /// Of every draw.
    package let seed: Int

    /// The plan that a checked node describes; nil if it lacks a name or kind.
    init?(_ node: YAMLNode) {
        guard let name = node["name"]?.text, let kind = node["kind"]?.text.flatMap(Kind.init)
        else { return nil }
        func choice<T: RawRepresentable<String>>(_ key: String, default value: T) -> T {
            node[key]?.text.flatMap(T.init) ?? value
        }
        self.name = name
        self.kind = kind
        architecture = choice("architecture", default: kind == .coLLM ? .linear : .mlpSmall)
        let words = node["inputs"]?.elements.compactMap { $0.text.flatMap(RouterInput.init) } ?? []
        inputs = words.isEmpty ? [.hidden, .uncertainty] : words
        layer = node["layer"]?.integer
        reference = choice("reference", default: .llm)
        labels = choice("labels", default: .shortcut)
        costWeight = node["lambda"]?.number ?? 0.1
        rollouts = node["rollouts"]?.integer ?? 8
        continuation = choice("continuation", default: .slm)
        rounds = node["rounds"]?.integer ?? 1
        split = node["split"]?.text ?? "train"
        limit = node["limit"]?.integer ?? 200
        step = node["step"]?.number
        decay = node["decay"]?.number
        seed = node["seed"]?.integer ?? 0
    }
}
