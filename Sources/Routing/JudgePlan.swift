/// How a judge is to be trained: an element of a spec's `routers` of kind `judge` (docs/method.md, 2.10).
package struct JudgePlan: Equatable, Sendable {
    /// What a label says of a token of S.
    package enum Question: String, CaseIterable, Sendable {
        /// Whether an answer that was right is still right.
        case right
        /// Whether the answer is still L's own, right or wrong (AutoJudge, NeurIPS 2025).
        case same
    }

    /// Which text tokens are put into.
    package enum Substitution: String, CaseIterable, Sendable {
        /// What harmless changes before have left: harmless edits compound (AutoJudge).
        case sequence
        /// L's own, always.
        case isolated
    }

    /// The judge's name.
    package let name: String
    package let question: Question
    package let substitution: Substitution
    package let architecture: RouterArchitecture
    /// What it sees.
    package let inputs: [RouterInput]
    /// After how many layers of L the input `llm-middle` is taken; nil: eight before its end (PAD, 2511.00351).
    package let layer: Int?
    /// The questions' split.
    package let split: String
    /// The most questions.
    package let limit: Int
    /// The share of the questions held out, on which thresholds are chosen.
    package let validation: Double
    /// AdamW's step size; nil for the architecture's own.
    package let step: Double?
    /// AdamW's decoupled weight decay; nil for the trainer's own.
    package let decay: Double?
    /// Of every draw.
    package let seed: Int

    package init(
        name: String, question: Question = .right, substitution: Substitution = .sequence,
        architecture: RouterArchitecture = .linear, inputs: [RouterInput] = Self.defaultInputs,
        layer: Int? = nil, split: String = "train", limit: Int = 200, validation: Double = 0.25,
        step: Double? = nil, decay: Double? = nil, seed: Int = 0
    ) {
        self.name = name
        self.question = question
        self.substitution = substitution
        self.architecture = architecture
        self.inputs = inputs
        self.layer = layer
        self.split = split
        self.limit = limit
        self.validation = validation
        self.step = step
        self.decay = decay
        self.seed = seed
    }

    /// Everything but hidden states.
    package static let defaultInputs: [RouterInput] = [
        .likelihood, .ratio, .divergence, .entropies, .margin, .agreement, .token, .position,
    ]
}
