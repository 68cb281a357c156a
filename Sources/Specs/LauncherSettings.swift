import Schemas

/// What a spec asks of each launcher that runs sweeps elsewhere, under a key of the launcher's name.
package struct LauncherSettings: Equatable, Sendable {
    /// The most shards of a sweep, whoever runs them.
    package static let mostShards = 10_000

    /// Of `slurm`.
    package var slurm = SlurmSettings()

    /// The keys of a spec that hold them.
    static let keys = [
        SchemaKey(
            "slurm", SlurmSettings.schema, "What `citer sweep --launcher slurm` asks for")
    ]

    /// What a checked spec says.
    init(_ root: YAMLNode) {
        slurm = SlurmSettings(root["slurm"])
    }
}
