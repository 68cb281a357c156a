/// How a router is to be trained: an element of a spec's `routers`.
package struct RouterPlan: Equatable, Sendable {
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
    package let policy: PolicyDefinition
    /// What it learns from.
    package let learning: RouterLearning
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
    /// The most rollouts a question and round; 0: no long-term effect (CITER-S).
    package let rollouts: Int
    /// Who goes on in the first round.
    package let continuation: Continuation
    /// The most rounds.
    package let rounds: Int
    /// The questions' split.
    package let split: String
    /// The most questions.
    package let limit: Int
    /// AdamW's step size; nil for the architecture's own.
    package let step: Double?
    /// AdamW's decoupled weight decay; nil for the trainer's own.
    package let decay: Double?
    /// Of every draw.
    package let seed: Int

    /// nil for a policy that is not trained.
    package init?(
        name: String,
        policy: PolicyDefinition,
        architecture: RouterArchitecture,
        inputs: [RouterInput],
        layer: Int?,
        reference: Reference,
        labels: Labels,
        costWeight: Double,
        rollouts: Int,
        continuation: Continuation,
        rounds: Int,
        split: String,
        limit: Int,
        step: Double?,
        decay: Double?,
        seed: Int
    ) {
        self.name = name
        guard let learning = policy.learning else { return nil }
        self.policy = policy
        self.learning = learning
        self.architecture = architecture
        self.inputs = inputs
        self.layer = layer
        self.reference = reference
        self.labels = labels
        self.costWeight = costWeight
        self.rollouts = rollouts
        self.continuation = continuation
        self.rounds = rounds
        self.split = split
        self.limit = limit
        self.step = step
        self.decay = decay
        self.seed = seed
    }
}
