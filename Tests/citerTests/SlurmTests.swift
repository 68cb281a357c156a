import Foundation
import Platform
import Specs
import SweepSupport
import Synchronization
import TestSupport
import Testing

@testable import Runs

/// What is handed to Slurm; `make test-slurm` runs it on a real one.
struct SlurmTests {
    private func jobs(_ change: (inout SlurmSettings) -> Void = { _ in }) -> SlurmJobs {
        var settings = SlurmSettings()
        change(&settings)
        return SlurmJobs(
            experiment: "sums", settings: settings, program: "/opt/citer",
            arguments: ["experiments/sums.yaml", "--set", "question=Who's it?"],
            directory: "/home/me/my work")
    }

    @Test func saysWhatTheSpecSays() throws {
        let spec = try SpecFixture.parse(
            SpecFixture.good + """
                slurm:
                  { tasks: 8, at_once: 3, partition: short, time: 90, cpus: 4, memory: 4G,
                    options: [--account=physics] }

                """)
        var settings = SlurmSettings()
        settings.tasks = 8
        settings.atOnce = 3
        settings.partition = "short"
        settings.time = "90"
        settings.cpus = 4
        settings.memory = "4G"
        settings.options = ["--account=physics"]
        #expect(spec.launchers.slurm == settings)
        #expect(try SpecFixture.parse(SpecFixture.good).launchers.slurm == SlurmSettings())
        let text = jobs { $0 = settings }.files[0].text
        for line in [
            "--array=1-8%3", "--partition=short", "--time=90", "--cpus-per-task=4", "--mem=4G",
            "--account=physics", "--requeue", "--signal=B:USR1@60",
        ] {
            #expect(text.contains("#SBATCH \(line)\n"), "\(line)")
        }
    }

    @Test func scriptsAreShell() throws {
        try withTemporaryDirectory { directory in
            for (path, text) in jobs().files {
                let file = "\(directory)/\(URL(fileURLWithPath: path).lastPathComponent)"
                try text.write(toFile: file, atomically: true, encoding: .utf8)
                #expect(
                    SystemCommandRunner().run(Command(["bash", "-n", file]))
                        == .exited(status: 0, complaint: ""))
                #expect(text.hasPrefix("#!/bin/bash\n#SBATCH "))
                #expect(text.contains("cd '/home/me/my work' || exit 1\n"))
                #expect(text.contains(#"--set 'question=Who'\''s it?'"#))
            }
        }
    }

    @Test func submitsTheTasksAndThenTheirMerge() throws {
        try SweepFixture.with { fixture in
            var options = Sweep.Options()
            options.overrides = ["slurm.tasks=2"]
            let path = fixture.tiny.spec
            let sweep = try Sweep(path: path, assets: fixture.assets(), options: options)
            let slurm = FakeSlurm { command in
                let output =
                    command[0] == "squeue" ? "1 RUNNING node7\n2 PENDING \n" : "41;here\n"
                return .exited(status: 0, output: output, complaint: "")
            }
            let launcher = SlurmLauncher(
                sweep, spec: path, directory: fixture.root, runner: slurm)
            #expect(launcher.shards == 2)
            guard case .submitted(let words) = try launcher.launch() else {
                Issue.record("not submitted")
                return
            }
            #expect(words.hasPrefix("submitted 41: 2 tasks"))
            let commands = slurm.commands.withLock { $0 }
            #expect(
                commands.map { $0.prefix(2) }
                    == Array(repeating: ["sbatch", "--parsable"], count: 2))
            #expect(commands[1][2] == "--dependency=afterany:41")
            for command in commands {
                let script = try #require(command.last)
                #expect(FileManager.default.fileExists(atPath: script))
            }
            #expect(launcher.states() == [1: "running on node7", 2: "pending"])
        }
    }

    /// A place that can't be written is named, in the system's words.
    @Test func aPlaceThatCannotBeWrittenIsNamed() throws {
        try SweepFixture.with { fixture in
            let path = fixture.tiny.spec
            let sweep = try Sweep(path: path, assets: fixture.assets(), options: Sweep.Options())
            try fixture.tiny.write("a file", to: "file")
            let error = #expect(throws: OutputError.self) {
                try SlurmLauncher(
                    sweep, spec: path, directory: fixture.root + "/file",
                    runner: FakeSlurm { _ in .notStarted(reason: "never asked") }
                ).launch()
            }
            #expect(error?.path == "\(fixture.root)/file/results/slurm/tiny/tasks.sh")
            #expect(error?.reason == "Not a directory")
        }
    }

    /// By sbatch's own rules of words and of patterns in the names of logs.
    @Test(arguments: [
        ("/data/sums", "--output=/data/sums/results/slurm/sums/%A_%a.log"),
        ("/a b", #""--output=/a b/results/slurm/sums/%A_%a.log""#),
        ("/50%A", "--output=/50%%A/results/slurm/sums/%A_%a.log"),
        (##"/"#"##, ##""--output=/\"#/results/slurm/sums/%A_%a.log""##),
        ("/it's", #""--output=/it's/results/slurm/sums/%A_%a.log""#),
    ])
    func theLogsFolderMayHaveAnyName(directory: String, line: String) {
        let jobs = SlurmJobs(
            experiment: "sums", settings: SlurmSettings(), program: "/opt/citer",
            arguments: ["experiments/sums.yaml"], directory: directory)
        #expect(jobs.files[0].text.contains("#SBATCH \(line)\n"), "\(jobs.files[0].text)")
        let merge = line.replacingOccurrences(of: "%A_%a.log", with: "%j-merge.log")
        #expect(jobs.files[1].text.contains("#SBATCH \(merge)\n"), "\(jobs.files[1].text)")
    }

    @Test func aMissingOrUnwillingSlurmIsAnError() throws {
        try SweepFixture.with { fixture in
            let path = fixture.tiny.spec
            let sweep = try Sweep(path: path, assets: fixture.assets(), options: Sweep.Options())
            func submit(_ outcome: CommandOutcome) throws -> Launch {
                try SlurmLauncher(
                    sweep, spec: path, directory: fixture.root, runner: FakeSlurm { _ in outcome }
                ).launch()
            }
            #expect(throws: SlurmError.absent(command: "sbatch")) {
                try submit(.notFound(program: "sbatch"))
            }
            #expect(throws: SlurmError.refused(command: "sbatch", status: 3, complaint: "no")) {
                try submit(.exited(status: 3, complaint: "no"))
            }
            #expect(throws: SlurmError.self) { try submit(.signalled(9)) }
            #expect(throws: SlurmError.self) { try submit(.notStarted(reason: "no room")) }
            let clash = try fixture.citer(
                "sweep", "experiments/tiny.yaml", "--launcher", "slurm", "--db", "x.sqlite")
            #expect(clash.status == 2 && clash.messages.contains("leave out --db"))
        }
    }

    @Test func showsHowTheShardsStand() throws {
        try SweepFixture.with { fixture in
            func status() throws -> CiterCommand.Result {
                try fixture.citer("sweep", "experiments/tiny.yaml", "--status")
            }
            #expect(try status().output.contains("1/4: 0 of "))
            let sweep = { (shard: String) in
                try fixture.citer("sweep", "experiments/tiny.yaml", "--shard", shard)
            }
            #expect(try sweep("1/2").status == 0)
            let half = try status()
            #expect(half.status == 1 && half.output.contains("in 2 shards"))
            #expect(half.output.contains("2/2: 0 of ") && half.output.contains("ago"))
            #expect(try sweep("2/2").status == 0)
            let whole = try status()
            #expect(whole.status == 0, "\(whole.output)")
        }
    }

    /// The merge's exit status is that of this: answers that were there before count, and no other file is a shard.
    @Test func shardsOfASweepThatHadAnswersBecomeComplete() throws {
        try SweepFixture.with { fixture in
            let set = ["--set", "policies=[slm, llm]"]
            func sweep(_ words: String...) throws -> CiterCommand.Result {
                try fixture.citer(["sweep", "experiments/tiny.yaml"] + set + words)
            }
            #expect(try sweep("--set", "task.limit=4").status == 0)
            let before = try sweep("--status")
            #expect(before.status == 1, "\(before.messages)")
            #expect(before.output.hasPrefix("tiny: 8 of 12 answers in 4 shards\n"))
            for shard in ["1/2", "2/2"] { #expect(try sweep("--shard", shard).status == 0) }
            func expectComplete() throws {
                let status = try sweep("--status")
                #expect(status.status == 0, "\(status.output)\(status.messages)")
                #expect(status.output.hasPrefix("tiny: 12 of 12 answers in 2 shards\n"))
            }
            try expectComplete()
            let merge = try fixture.citer(
                "db", "merge", "results/tiny.sqlite", "results/tiny.shard-1-of-2.sqlite",
                "results/tiny.shard-2-of-2.sqlite")
            #expect(merge.status == 0)
            try expectComplete()
            for name in ["1-of-2.saved-20260101-000000", "1-of-0", "1-of-2-copy-0", "0-of-9"] {
                try fixture.tiny.write("", to: "results/tiny.shard-\(name).sqlite")
                try expectComplete()
            }
        }
    }
}

/// Answers in the place of Slurm's programs, and keeps what they were asked.
private final class FakeSlurm: CommandRunner {
    let commands = Mutex<[[String]]>([])
    private let answer: @Sendable ([String]) -> CommandOutcome

    init(_ answer: @escaping @Sendable ([String]) -> CommandOutcome) {
        self.answer = answer
    }

    func run(_ command: Command, tick: () -> Void) -> CommandOutcome {
        commands.withLock { $0.append(command.arguments) }
        return answer(command.arguments)
    }
}
