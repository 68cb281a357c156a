public import Assets

/// What a sweep is to run, as its spec says, with every list expanded.
public struct SweepSpec: Equatable, Sendable {
    /// The two models, by name or path.
    public struct ModelPair: Equatable, Sendable {
        /// The small model.
        public let slm: String
        /// The large model.
        public let llm: String
    }

    /// Which questions are asked.
    public struct Task: Equatable, Sendable {
        /// The task's name, which is its data set's.
        public let name: String
        /// The split.
        public let split: String
        /// The language, for a data set that has several.
        public let language: String?
        /// Which rows of the split.
        public let rows: RowSelection
    }

    /// Which rows of a split are used.
    public enum RowSelection: Equatable, Sendable {
        case all
        /// The first so many.
        case first(Int)
        /// A sample drawn with a seed; a larger one contains the smaller.
        case sample(Int, seed: Int)
    }

    /// How answers are generated.
    public struct Generation: Equatable, Sendable {
        /// Most tokens of an answer.
        public let maxTokens: Int
        /// The seed of every random draw.
        public let seed: Int
        /// The chat format, if the models' files do not decide it.
        public let template: String?
    }

    /// Which questions thresholds given as quantiles are calibrated on.
    public struct Calibration: Equatable, Sendable {
        /// A split other than the task's.
        public let split: String
        /// Which rows of it.
        public let rows: RowSelection
    }

    /// The experiment's name.
    public let experiment: String
    /// What it is to find out.
    public let question: String
    /// What is expected.
    public let hypothesis: String?
    /// The pair.
    public let models: ModelPair
    /// The questions.
    public let task: Task
    /// How answers are generated.
    public let generation: Generation
    /// Where quantiles come from; nil if no threshold is a quantile.
    public let calibration: Calibration?
    /// The routers to train.
    public let routers: [RouterPlan]
    /// What `--launcher slurm` asks for.
    public let slurm: SlurmSettings
    /// The cells, in the order of the spec; of a grid, the last setting varies fastest.
    public let settings: [PolicySetting]
}

/// Everything wrong with a spec.
public typealias SpecErrors = Diagnostics
