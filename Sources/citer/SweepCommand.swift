import ArgumentParser
import Assets
import Foundation
import Platform
import Reporting
import ResultsStore
import Runs
import Specs

struct SweepCommand: PollingCommand {
    static let configuration = CommandConfiguration(
        commandName: "sweep",
        abstract: "Run what is missing of an experiment, then say whether it pays.")
    @OptionGroup var source: SpecOptions
    @Flag(help: "Check the spec and print the plan; run nothing.") var dryRun = false
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
    @OptionGroup var threading: ThreadOptions
    @Option(
        help: "Begin no question that would end later than after 90s, 30m, 2h, 1h30m ...",
        transform: timeSpan)
    var maxTime: TimeSpan?
    @Option(help: "Write at most so many tokens, all answers together.") var maxTokens: Int?
    @Option(
        help: "Run the questions of one part: 2/8 is the second of eight.", transform: part)
    var shard: Shard?
    @Option(
        help: ArgumentHelp(
            "Where to run: \(LauncherName.allCases.map(\.documentation).joined(separator: ", or "))."
        )
    )
    var launcher = LauncherName.local
    @Flag(help: "Show how the shards of a sweep over several machines stand.") var status = false
    @Option(help: "Leave out answers that another database has.", transform: givenPath) var known:
        String?
    @Option(
        help: "Write the database in this directory and copy it to its place now and then.",
        transform: givenPath)
    var scratch: String?
    @Flag(help: "Print all tables at the end.") var verbose = false

    func validate() throws {
        if let batch, batch < 1 { throw ValidationError("--batch must be at least 1") }
        if let maxTokens, maxTokens < 1 {
            throw ValidationError("--max-tokens must be at least 1")
        }
        if dryRun && status {
            throw ValidationError("give --dry-run, for the plan, or --status, for how it stands")
        }
        if verbose, dryRun || !launchers.isEmpty {
            throw ValidationError(
                "--verbose is of the tables at the end of a run here; leave it out with --dry-run, --status and "
                    + "--launcher \(LauncherName.elsewhere.map(\.rawValue).joined(separator: ", "))"
            )
        }
        guard !launchers.isEmpty else { return }
        if source.database != nil || shard != nil || scratch != nil || known != nil {
            throw ValidationError(
                "--launcher \(launchers.map(\.rawValue).joined(separator: ", ")) and --status choose the "
                    + "databases themselves: leave out --db, --shard, --known and --scratch")
        }
        if threading.threads != nil || maxTime != nil || maxTokens != nil {
            throw ValidationError(
                launchers.compactMap(\.resources).joined(separator: ", or ")
                    + ", instead of --threads, --max-time and --max-tokens")
        }
    }

    var isPolling: Bool { !dryRun && !status }

    /// The launchers that are asked to run the sweep elsewhere, or how it stands.
    private var launchers: [LauncherName] {
        if launcher.resources != nil { return [launcher] }
        return status ? LauncherName.elsewhere : []
    }

    func run() throws {
        let assets = try openAssets(spec: source.spec)
        let sweep = try Sweep(path: source.spec, assets: assets, options: options)
        if dryRun { return try StandardOutput.show(sweep.plan().text) }
        if status { return try showStatus(assets) }
        switch try launcher.launcher(for: sweep, spec: source.spec).launch() {
        case .submitted(let words): try StandardOutput.show(words)
        case .ran(let outcome): try show(outcome, of: sweep)
        }
    }

    private func show(_ outcome: SweepOutcome, of sweep: Sweep) throws {
        var isInterrupted = false
        if case .interrupted = outcome.end { isInterrupted = true }
        if !isInterrupted {
            try StandardOutput.show(ending(of: sweep))
        }
        for line in outcome.lines { StandardError.note(line) }
        if isInterrupted { throw ExitCode.interrupted }
        // A budget that is used up is what was asked for; failures are not.
        if outcome.failures > 0 { throw ExitCode.workFailed }
    }

    /// All tables if asked for, or where there is nothing to compare.
    private func ending(of sweep: Sweep) throws -> String {
        let reader = try ResultsReader(path: sweep.database)
        let name = sweep.spec.experiment
        if !verbose, let screen = try FirstScreen(reader, experiment: name).text {
            return screen
                + "All tables: citer report \(name); with figures: make report EXP=\(name)\n"
        }
        return try Report(reader, experiment: name).text(as: .markdown)
    }

    private func showStatus(_ assets: AssetStore) throws {
        let status = try SweepStatus(
            path: source.spec, assets: assets, options: options, launchers: launchers)
        try StandardOutput.show(status.text())
        if !status.isComplete { throw ExitCode.workFailed }
    }

    private var options: Sweep.Options {
        var options = Sweep.Options()
        options.overrides = source.overrides
        options.database = source.database
        options.fused = fuse
        options.batch = batch
        options.threads = threading.threads
        options.budget = SweepBudget(time: maxTime, tokens: maxTokens)
        options.shard = shard
        options.known = known
        options.scratch = scratch
        return options
    }
}

extension LauncherName: ExpressibleByArgument {}

/// `--max-time` as it was written.
private func timeSpan(_ text: String) throws -> TimeSpan {
    guard let span = TimeSpan(text) else {
        throw ValidationError(
            "expected a time such as 90s, 30m, 2h or 1h30m, its numbers at most \(TimeSpan.most), found \"\(text)\""
        )
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
