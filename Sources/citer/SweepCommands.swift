import ArgumentParser
import Foundation
import Platform
import Reporting
import ResultsStore
import Runs
import Specs

struct SweepCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sweep",
        abstract: "Run what is missing of an experiment, then print its table.")
    @Argument(help: "The spec, such as experiments/gsm8k.yaml.") var spec: String
    @Flag(help: "Check the spec and print the plan; run nothing.") var dryRun = false
    @Option(name: .customLong("set"), help: "Change the spec: task.limit=20. May be repeated.")
    var overrides: [String] = []
    @Option(
        name: .customLong("db"), help: "The database; the default is results/EXPERIMENT.sqlite.")
    var database: String?
    @Flag(
        inversion: .prefixedNo,
        help:
            "Let cells share their work, or decode every cell by itself; the default is the spec's."
    )
    var fuse: Bool?
    @Option(
        help:
            "Decode at most so many texts at a time; with --no-fuse, 1 gives latencies. The default is the spec's, or 32."
    )
    var batch: Int?
    @Option(help: "Threads; the default is one a core.") var threads: Int?
    @Option(
        help: "Begin no question that would end later than after 90s, 30m, 2h, 1h30m ...",
        transform: timeSpan)
    var maxTime: TimeSpan?
    @Option(help: "Write at most so many tokens, all answers together.") var maxTokens: Int?
    @Option(
        help: "Run the questions of one part: 2/8 is the second of eight.", transform: part)
    var shard: Shard?
    @Option(help: "Where to run: local, or slurm, an array of shards as the spec's slurm says.")
    var launcher = Launcher.local
    @Flag(help: "Show how the shards of a sweep over several machines stand.") var status = false
    @Option(help: "Leave out answers that another database has.") var known: String?
    @Option(help: "Write the database in this directory and copy it to its place now and then.")
    var scratch: String?

    func validate() throws {
        if let batch, batch < 1 { throw ValidationError("--batch must be at least 1") }
        if let maxTokens, maxTokens < 1 {
            throw ValidationError("--max-tokens must be at least 1")
        }
        let isElsewhere = launcher == .slurm || status
        if isElsewhere, database != nil || shard != nil || scratch != nil || known != nil {
            throw ValidationError(
                "--launcher slurm and --status choose the databases themselves: leave out --db, --shard, "
                    + "--known and --scratch")
        }
        if isElsewhere, threads != nil || maxTime != nil || maxTokens != nil {
            throw ValidationError(
                "give cores and time to Slurm with --set slurm.cpus=... and --set slurm.time=..., instead "
                    + "of --threads, --max-time and --max-tokens")
        }
    }

    func run() throws {
        let sweep = try Sweep(path: spec, assets: openAssets(spec: spec), options: options)
        if dryRun { return try StandardOutput.show(sweep.plan().text) }
        if status { return try showStatus() }
        if launcher == .slurm {
            return try StandardOutput.show(SlurmLauncher(sweep, spec: spec).submit())
        }
        let outcome = try sweep.run()
        if case .interrupted = outcome.end {
        } else {
            let reader = try ResultsReader(path: sweep.database)
            try StandardOutput.show(
                Report(reader, experiment: sweep.spec.experiment).text(as: .markdown))
        }
        for line in outcome.lines { complain(line) }
        if case .interrupted = outcome.end { throw ExitCode.interrupted }
        // A budget that is used up is what was asked for; failures are not.
        if outcome.failures > 0 { throw ExitCode.workFailed }
    }

    private func showStatus() throws {
        let status = try SweepStatus(path: spec, assets: openAssets(spec: spec), options: options)
        try StandardOutput.show(status.text())
        if !status.isComplete { throw ExitCode.workFailed }
    }

    private var options: Sweep.Options {
        var options = Sweep.Options()
        options.overrides = overrides
        options.database = database
        options.fused = fuse
        options.batch = batch
        options.threads = threads
        options.budget = SweepBudget(time: maxTime, tokens: maxTokens)
        options.shard = shard
        options.known = known
        options.scratch = scratch
        return options
    }
}

/// Where a sweep runs.
enum Launcher: String, CaseIterable, ExpressibleByArgument {
    case local
    case slurm
}

/// `--max-time` as it was written.
private func timeSpan(_ text: String) throws -> TimeSpan {
    guard let span = TimeSpan(text) else {
        throw ValidationError("expected a time such as 90s, 30m, 2h or 1h30m, found \"\(text)\"")
    }
    return span
}

/// `--shard` as it was written.
private func part(_ text: String) throws -> Shard {
    guard let shard = Shard(text) else {
        throw ValidationError(
            "expected a part and their number, such as 2/8, found \"\(text)\"")
    }
    return shard
}

/// Where an experiment's answers are unless `--db` says otherwise.
func defaultDatabase(of experiment: String) throws -> String {
    let owner = ExperimentName.owner(of: experiment)
    guard ExperimentName.isRight(owner) else {
        throw ValidationError(
            "experiment \"\(experiment)\": expected \(ExperimentName.form); the database of an "
                + "experiment of another name is given with --db")
    }
    return "results/\(owner).sqlite"
}
