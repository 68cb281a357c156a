import Schemas

/// What a sweep asks of Slurm for each of its tasks: the spec's `slurm`.
package struct SlurmSettings: Equatable, Sendable {
    /// How many tasks share the questions.
    package var tasks = 4
    /// The most tasks at a time; nil: as many as there is room for.
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

    /// What the spec's `slurm` may say.
    static let schema = Schema.mapping([
        SchemaKey(
            "tasks", .integer(1...LauncherSettings.mostShards),
            "How many tasks share the questions; 4 if absent"),
        SchemaKey("at_once", .integer(1...LauncherSettings.mostShards), "Most tasks at a time"),
        SchemaKey("partition", .text(kind: "a partition's name"), "The partition"),
        SchemaKey(
            "time",
            .either(
                .text(kind: "a time limit as Slurm writes it, such as 2:00:00"),
                .integer(1 ... .max)),
            "A task's time limit; one that reaches it is requeued and goes on"),
        SchemaKey("cpus", .integer(1...1024), "A task's cores and threads; 2 if absent"),
        SchemaKey(
            "memory",
            .either(.text(kind: "a size as Slurm writes it, such as 4G"), .integer(1 ... .max)),
            "A task's memory"),
        SchemaKey(
            "options",
            .list(of: .text(kind: "an option of sbatch, such as --account=physics"), least: 0),
            "Further options of sbatch"),
    ])

    /// Slurm takes plain numbers, too: minutes, megabytes.
    private static func words(_ node: YAMLNode) -> String? {
        node.text ?? node.integer.map { String($0) }
    }
}
