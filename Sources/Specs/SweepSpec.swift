package import Routing
package import Schemas
package import Servers

/// What a sweep is to run, as its spec says, with every list expanded.
package struct SweepSpec: Equatable, Sendable {
    /// The two models, by name or path; those behind servers by what the server calls them.
    package struct Models: Equatable, Sendable {
        /// The small model.
        package let slm: String
        /// The large model.
        package let llm: String
        /// What is said of those that are behind a server; nil: the model runs here.
        package let servers: Pair<ServerSettings?>
        /// Whether their vocabularies differ and are joined.
        package let isJoint: Bool

        /// What a checked node says; nil without both models.
        init?(_ node: YAMLNode?) {
            let servers = Pair { ServerSettings(node?[$0.name]) }
            guard let slm = servers.slm?.model ?? node?["slm"]?.text,
                let llm = servers.llm?.model ?? node?["llm"]?.text
            else { return nil }
            self.slm = slm
            self.llm = llm
            self.servers = servers
            isJoint = node?["vocabulary"]?.text == "joint"
        }

        /// The environment variables that hold keys of servers.
        package var secrets: Set<String> {
            Set([servers.slm, servers.llm].compactMap { $0?.keyVariable })
        }

        /// The name or path of a model, as the spec gives it.
        package subscript(model: Route) -> String { model == .slm ? slm : llm }

        /// What a model of the pair can tell, as far as the spec says.
        package func capabilities(of model: Route) -> Set<Capability> {
            var all = servers[model]?.kind.capabilities ?? Set(Capability.allCases)
            // What one model has written is another number of tokens to the other: readings do not lie side by side.
            if isJoint { all.subtract(Self.lostByJoining) }
            return all
        }

        private static let lostByJoining: Set<Capability> = [
            .verification, .distributions, .hiddenStates, .trimmedOutput,
        ]

        /// Why a model can't tell something, and what to do.
        func reason(ofLack capability: Capability, of model: Route) -> String {
            if let server = servers[model], !server.kind.capabilities.contains(capability) {
                return
                    "\(server.kind.rawValue) does not let it: leave it out, or choose a model that runs here"
            }
            return
                "models.vocabulary: joint does not let it: leave it out, or choose two models of one vocabulary"
        }
    }

    /// Which questions are asked.
    package struct Task: Equatable, Sendable {
        /// The task's name, which is its data set's.
        package let name: String
        package let split: String
        /// The language, for a data set that has several.
        package let language: String?
        /// What a mixture mixes; empty for a single task.
        package let parts: [Part]
        /// Which rows of the split.
        package let rows: RowSelection
    }

    /// One task of a mixture.
    package struct Part: Equatable, Sendable {
        /// The task's name.
        package let name: String
        /// Its split, where that is not the mixture's.
        package let split: String?
        /// The language, for a data set that has several.
        package let language: String?

        /// The part that a checked node describes; nil without a name.
        init?(_ node: YAMLNode) {
            guard let name = node["name"]?.text else { return nil }
            self.name = name
            split = node["split"]?.text
            language = node["language"]?.text
        }
    }

    /// Which rows of a split are used.
    package enum RowSelection: Equatable, Sendable {
        case all
        /// The first so many.
        case first(Int)
        /// A sample drawn with a seed; a larger one contains the smaller.
        case sample(Int, seed: Int)
    }

    /// How answers are generated.
    package struct Generation: Equatable, Sendable {
        /// The most tokens of an answer.
        package let maxTokens: Int
        /// The seed of every random draw.
        package let seed: Int
        /// The chat format, if the models' files do not decide it.
        package let template: String?
    }

    /// Which questions thresholds given as quantiles are calibrated on.
    package struct Calibration: Equatable, Sendable {
        /// A split other than the task's.
        package let split: String
        /// What is mixed, if not what the task mixes.
        package let parts: [Part]
        /// Which rows of it.
        package let rows: RowSelection
    }

    /// How a sweep is run; none of it decides a text.
    package struct Run: Equatable, Sendable {
        /// Whether cells share their passes.
        package let fused: Bool
        /// The most texts decoded at a time.
        package let batch: Int

        /// What a checked node says; fused and 32 unless it says otherwise.
        init(_ node: YAMLNode?) {
            fused = node?["fuse"]?.flag ?? true
            batch = node?["batch"]?.integer ?? 32
        }
    }

    /// The experiment's name.
    package let experiment: String
    /// What it is to find out, if the spec says so.
    package let question: String?
    /// What is expected.
    package let hypothesis: String?
    /// The pair.
    package let models: Models
    /// The questions.
    package let task: Task
    /// How answers are generated.
    package let generation: Generation
    /// Where quantiles come from; nil if no threshold is a quantile.
    package let calibration: Calibration?
    /// The routers to train.
    package let routers: [RouterPlan]
    /// The judges to train, which specs name among the routers.
    package let judges: [JudgePlan]
    /// What it asks of launchers.
    package let launchers: LauncherSettings
    /// How it is run unless the command line says otherwise.
    package let run: Run
    /// The cells, in the order of the spec; of a grid, the last setting varies fastest.
    package let settings: [PolicySetting]
    /// What was done to the spec beyond what it and its overrides say, in words.
    package internal(set) var remarks: [String] = []
    /// One text that is read as this spec: the file's own, or what it is with the files that it includes and with its overrides.
    package internal(set) var text = ""
}

/// Everything wrong with a spec.
package typealias SpecErrors = Diagnostics
