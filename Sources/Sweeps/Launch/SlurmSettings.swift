import Assets

/// What a sweep asks of Slurm for each of its tasks: the spec's `slurm`.
public struct SlurmSettings: Equatable, Sendable {
    /// How many tasks share the questions.
    public var tasks = 4
    /// Most tasks at a time; nil: as many as there is room for.
    public var atOnce: Int?
    /// The partition; nil: the cluster's default.
    public var partition: String?
    /// The time limit as Slurm writes it; nil: the partition's. A task that reaches it is requeued and goes on.
    public var time: String?
    /// Cores, and so threads.
    public var cpus = 2
    /// Memory as Slurm writes it; nil: the cluster's default.
    public var memory: String?
    /// Further `#SBATCH` options, such as `--account=physics`.
    public var options: [String] = []

    /// Four tasks of two cores.
    public init() {}

    init(_ node: YAMLNode?) {
        tasks = node?["tasks"]?.integer ?? tasks
        atOnce = node?["at_once"]?.integer
        partition = node?["partition"]?.text
        time = node?["time"].flatMap(Self.words)
        cpus = node?["cpus"]?.integer ?? cpus
        memory = node?["memory"].flatMap(Self.words)
        options = node?["options"]?.elements.compactMap(\.text) ?? []
    }

    /// Slurm takes plain numbers, too: minutes, megabytes.
    private static func words(_ node: YAMLNode) -> String? {
        node.text ?? node.integer.map { String($0) }
    }
}
