/// Where, when and by what a run was made: everything that does not decide its text.
package struct AttemptRecord: Equatable, Sendable {
    /// What ran, such as `sweep`, `train` or `calibrate`.
    package var purpose: String
    /// The experiment, where there is one.
    package var experiment: RowID<ExperimentRecord>?
    /// The program's version.
    package var programVersion: String
    /// The commit the program was built from.
    package var commit: String?
    /// Whether the working tree differed from that commit.
    package var dirty: Bool?
    /// The machine's name.
    package var host: String
    /// The processor's model name and the kernels' instruction set.
    package var cpu: String
    /// Worker threads.
    package var threads: Int
    /// The command line.
    package var command: String
    /// Such as `2/8`; nil when not sharded.
    package var shard: String?
    /// The spec's text.
    package var spec: String?
    /// Hashes of what was read, by name: models, routers, data.
    package var inputs: [String: String]
    /// Whatever else may explain a difference, by name.
    package var environment: [String: String]

    /// The provenance of a run that is about to start.
    package init(
        purpose: String = "sweep", experiment: RowID<ExperimentRecord>? = nil,
        programVersion: String, commit: String? = nil, dirty: Bool? = nil, host: String,
        cpu: String, threads: Int, command: String, shard: String? = nil, spec: String? = nil,
        inputs: [String: String] = [:], environment: [String: String] = [:]
    ) {
        self.purpose = purpose
        self.experiment = experiment
        self.programVersion = programVersion
        self.commit = commit
        self.dirty = dirty
        self.host = host
        self.cpu = cpu
        self.threads = threads
        self.command = command
        self.shard = shard
        self.spec = spec
        self.inputs = inputs
        self.environment = environment
    }
}

/// How an attempt ended. One that was killed has no outcome at all.
package enum AttemptOutcome: Equatable, Sendable {
    /// All that was planned is stored; some questions may have failed.
    case finished
    /// By a signal or a budget; `reason` says which.
    case interrupted(reason: String)
    /// By an error.
    case failed(reason: String)

    var name: String {
        switch self {
        case .finished: "finished"
        case .interrupted: "interrupted"
        case .failed: "failed"
        }
    }

    var reason: String? {
        switch self {
        case .finished: nil
        case .interrupted(let reason), .failed(let reason): reason
        }
    }
}
