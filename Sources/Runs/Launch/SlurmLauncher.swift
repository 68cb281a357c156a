import Assets
import Foundation
package import Platform
import Specs

/// Gives a sweep to Slurm, and asks how it stands.
package struct SlurmLauncher: Launcher {
    private let jobs: SlurmJobs
    private let runner: any CommandRunner

    /// A launcher for a sweep.
    /// - Parameters:
    ///   - sweep: what is to be run.
    ///   - spec: the spec's path.
    ///   - directory: where results/ and experiments/ are.
    ///   - runner: runs Slurm's programs.
    package init(
        _ sweep: Sweep, spec: String,
        directory: String = FileManager.default.currentDirectoryPath,
        runner: any CommandRunner = SystemCommandRunner()
    ) {
        self.runner = runner
        jobs = SlurmJobs(
            experiment: sweep.spec.experiment, settings: sweep.spec.launchers.slurm,
            program: ExperimentFolders.runningProgram ?? CommandLine.arguments[0],
            arguments: [spec] + sweep.options.arguments, directory: directory)
    }

    /// One a task.
    package var shards: Int? { jobs.settings.tasks }

    /// Writes the scripts and submits both jobs.
    package func launch() throws -> Launch {
        for (path, text) in jobs.files { try WholeFile.write(text, to: path) }
        let tasks = try number(output(of: ["sbatch", "--parsable", jobs.tasksPath]))
        // After any end: what a failed task left is merged, and the report says what is missing.
        let merge = try number(
            output(
                of: ["sbatch", "--parsable", "--dependency=afterany:\(tasks)", jobs.mergePath]))
        try WholeFile.write("\(tasks) \(merge)\n", to: jobs.jobPath)
        return .submitted(
            """
            submitted \(tasks): \(jobs.settings.tasks) tasks (\(jobs.tasksPath)); and \(merge), which merges and reports after \
            them (\(jobs.mergePath))
            citer sweep SPEC --status shows how they stand
            """)
    }

    /// `--parsable` prints the number, on some clusters with the cluster's name.
    private func number(_ output: String) -> String {
        let line = output.split(whereSeparator: \.isNewline).last.map(String.init) ?? ""
        return line.split(separator: ";").first.map(String.init) ?? line
    }

    /// The state of each task that Slurm still knows of; empty without Slurm.
    package func states() -> [Int: String] {
        guard let job = try? String(contentsOfFile: jobs.jobPath, encoding: .utf8),
            let number = job.split(whereSeparator: \.isWhitespace).first,
            let lines = try? output(of: [
                "squeue", "--noheader", "--array", "--format=%K %T %N", "--jobs", String(number),
            ])
        else { return [:] }
        var states: [Int: String] = [:]
        for line in lines.split(whereSeparator: \.isNewline) {
            let words = line.split(whereSeparator: \.isWhitespace).map(String.init)
            guard words.count >= 2, let task = Int(words[0]) else { continue }
            states[task] = words[1].lowercased() + (words.count > 2 ? " on \(words[2])" : "")
        }
        return states
    }

    /// What a program prints.
    private func output(of command: [String]) throws(SlurmError) -> String {
        let name = command.first ?? ""
        switch runner.run(Command(command, output: .result)) {
        case .exited(status: 0, let output, _): return output
        case .exited(let status, _, let complaint):
            throw .refused(command: name, status: status, complaint: complaint)
        case .signalled(let signal):
            throw .refused(
                command: name, status: 128 + signal, complaint: "ended by signal \(signal)")
        case .notFound(let program): throw .absent(command: program)
        case .notStarted(let reason):
            throw .refused(command: name, status: 126, complaint: reason)
        }
    }
}

extension Sweep.Options {
    /// The options that every shard of a sweep shares, as the command takes them.
    fileprivate var arguments: [String] {
        overrides.flatMap { ["--set", $0] }
            + (fused.map { [$0 ? "--fuse" : "--no-fuse"] } ?? [])
            + (batch.map { ["--batch", "\($0)"] } ?? [])
    }
}
