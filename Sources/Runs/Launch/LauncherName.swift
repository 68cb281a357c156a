/// The launchers that there are, by the names they have on the command line and in a spec.
package enum LauncherName: String, CaseIterable, Sendable {
    case local
    case slurm

    /// The launchers that run shards elsewhere.
    package static let elsewhere = allCases.filter { $0.resources != nil }

    /// The name and what it means, for a list in a sentence.
    package var documentation: String {
        switch self {
        case .local: "local"
        case .slurm: "slurm, an array of shards as the spec's slurm says"
        }
    }

    /// How cores and time are given where they are not this process's, as an instruction; nil if they are.
    package var resources: String? {
        switch self {
        case .local: nil
        case .slurm:
            "give cores and time to Slurm with --set slurm.cpus=... and --set slurm.time=..."
        }
    }

    /// The launcher for the sweep of the spec at a path.
    package func launcher(for sweep: Sweep, spec: String) -> any Launcher {
        switch self {
        case .local: LocalLauncher(sweep)
        case .slurm: SlurmLauncher(sweep, spec: spec)
        }
    }
}
