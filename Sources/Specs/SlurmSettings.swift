import Schemas

/// What a sweep asks of Slurm for each of its tasks: the spec's `slurm`.
package struct SlurmSettings: Equatable, Sendable {
    /// Most tasks of a sweep, on a cluster or by hand.
    package static let mostTasks = 10_000

    /// How many tasks share the questions.
    package var tasks = 4
    /// Most tasks at a time; nil: as many as there is room for.
    package var atOnce: Int?
    /// The partition; nil: the cluster's default.
    package var partition: String?
    /// The time limit as Slurm writes it; nil: the partition's. A task that reaches it is requeued and goes on.
    package var time: String?
    /// Cores, and so threads.
    package var cpus = 2
    /// Memory as Slurm writes it; nil: the cluster's default.
    package var memory: String?
    /// Further `#SBATCH` options, such as `--account=physics`.
    package var options: [String] = []

    /// Four tasks of two cores.
    package init() {}

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
