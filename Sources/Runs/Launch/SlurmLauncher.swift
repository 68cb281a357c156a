import Foundation
import Specs

/// Gives a sweep to Slurm, and asks how it stands.
package struct SlurmLauncher {
    private let sweep: Sweep
    private let jobs: SlurmJobs
    private let run: ([String]) throws -> String

    /// A launcher for a sweep.
    /// - Parameters:
    ///   - spec: the spec's path.
    ///   - directory: where results/ and experiments/ are.
    ///   - run: runs a program and returns what it prints.
    package init(
        _ sweep: Sweep, spec: String,
        directory: String = FileManager.default.currentDirectoryPath,
        run: @escaping ([String]) throws -> String = Self.output
    ) {
        self.sweep = sweep
        self.run = run
        let options = sweep.options
        jobs = SlurmJobs(
            experiment: sweep.spec.experiment, settings: sweep.spec.slurm,
            program: URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath().path,
            arguments: [spec] + options.overrides.flatMap { ["--set", $0] }
                + (options.fused.map { [$0 ? "--fuse" : "--no-fuse"] } ?? [])
                + (options.batch.map { ["--batch", "\($0)"] } ?? []),
            directory: directory)
    }

    /// Writes the scripts and submits both jobs; what was submitted, for people.
    package func submit() throws -> String {
        for (path, text) in jobs.files {
            let file = URL(fileURLWithPath: path)
            try FileManager.default.createDirectory(
                at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
            try text.write(to: file, atomically: true, encoding: .utf8)
        }
        let tasks = try number(run(["sbatch", "--parsable", jobs.tasksPath]))
        // After any end: what a failed task left is merged, and the report says what is missing.
        let merge = try number(
            run(["sbatch", "--parsable", "--dependency=afterany:\(tasks)", jobs.mergePath]))
        try "\(tasks) \(merge)\n".write(toFile: jobs.jobPath, atomically: true, encoding: .utf8)
        return """
            submitted \(tasks): \(sweep.spec.slurm.tasks) tasks (\(jobs.tasksPath)); and \(merge), which merges and reports after \
            them (\(jobs.mergePath))
            citer sweep SPEC --status shows how they stand
            """
    }

    /// `--parsable` prints the number, on some clusters with the cluster's name.
    private func number(_ output: String) -> String {
        let line = output.split(whereSeparator: \.isNewline).last.map(String.init) ?? ""
        return line.split(separator: ";").first.map(String.init) ?? line
    }

    /// The state of each task that Slurm still knows of; empty without Slurm.
    func states() -> [Int: String] {
        guard let job = try? String(contentsOfFile: jobs.jobPath, encoding: .utf8),
            let number = job.split(whereSeparator: \.isWhitespace).first,
            let lines = try? run([
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
    package static func output(of command: [String]) throws -> String {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = command
        let (output, complaint) = (Pipe(), Pipe())
        process.standardOutput = output
        process.standardError = complaint
        process.standardInput = FileHandle.nullDevice
        try process.run()
        let text = String(
            decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        let words = String(
            decoding: complaint.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        switch process.terminationStatus {
        case 0: return text
        case 127: throw SlurmError.absent(command: command[0])
        case let status:
            throw SlurmError.refused(
                command: command[0], status: status,
                complaint: words.trimmingCharacters(in: .whitespacesAndNewlines))
        }
    }
}
