public import Assets
public import Routing

/// What a sweep is to run, as its spec says, with every list expanded.
public struct SweepSpec: Equatable, Sendable {
    /// The two models, by name or path.
    public struct ModelPair: Equatable, Sendable {
        /// The small model.
        public let slm: String
        /// The large model.
        public let llm: String
        /// Whether their vocabularies differ and are joined.
        public let isJoint: Bool
    }

    /// Which questions are asked.
    public struct Task: Equatable, Sendable {
        /// The task's name, which is its data set's.
        public let name: String
        /// The split.
        public let split: String
        /// The language, for a data set that has several.
        public let language: String?
        /// What a mixture mixes; empty for a single task.
        public let parts: [Part]
        /// Which rows of the split.
        public let rows: RowSelection
    }

    /// One task of a mixture.
    public struct Part: Equatable, Sendable {
        /// The task's name.
        public let name: String
        /// Its split, where that is not the mixture's.
        public let split: String?
        /// The language, for a data set that has several.
        public let language: String?

        /// The part that a checked node describes; nil without a name.
        init?(_ node: YAMLNode) {
            guard let name = node["name"]?.text else { return nil }
            self.name = name
            split = node["split"]?.text
            language = node["language"]?.text
        }
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
        /// What is mixed, if not what the task mixes.
        public let parts: [Part]
        /// Which rows of it.
        public let rows: RowSelection
    }

    /// How a sweep is run; none of it decides a text.
    public struct Run: Equatable, Sendable {
        /// Whether cells share their passes.
        public let fused: Bool
        /// Most texts decoded at a time.
        public let batch: Int

        /// What a checked node says; fused and 32 unless it says otherwise.
        init(_ node: YAMLNode?) {
            fused = node?["fuse"]?.flag ?? true
            batch = node?["batch"]?.integer ?? 32
        }
    }

    /// The experiment's name.
    public let experiment: String
    /// What it is to find out, if the spec says so.
    public let question: String?
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
    /// How it is run unless the command line says otherwise.
    public let run: Run
    /// The cells, in the order of the spec; of a grid, the last setting varies fastest.
    public let settings: [PolicySetting]
    /// What was done to the spec beyond what it and its overrides say, in words.
    public internal(set) var remarks: [String] = []
}

/// Everything wrong with a spec.
public typealias SpecErrors = Diagnostics
