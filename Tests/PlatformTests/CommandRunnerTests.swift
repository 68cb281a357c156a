import Foundation
import TestSupport
import Testing

@testable import Platform

/// Programs of the system, run for real.
struct CommandRunnerTests {
    private let runner = SystemCommandRunner()

    private func shell(_ script: String, output: Command.Output = .message) -> CommandOutcome {
        runner.run(Command(["sh", "-c", script], output: output))
    }

    @Test func programsEnd() {
        #expect(
            shell("echo one; echo two >&2; exit 3") == .exited(status: 3, complaint: "one; two"))
        #expect(shell("kill -INT $$") == .signalled(SIGINT))
    }

    @Test func whatIsMissingIsNamed() {
        #expect(
            runner.run(Command(["no-such-program-here"]))
                == .notFound(program: "no-such-program-here"))
        #expect(
            runner.run(Command(["true"], in: "/no/such/folder"))
                == .notStarted(
                    reason: "true cannot run in /no/such/folder: no such folder"))
        #expect(runner.run(Command([])) == .notStarted(reason: "no program named"))
    }

    @Test func aResultIsKeptWholeAndApartFromMessages() {
        #expect(
            shell("echo one; echo two >&2; echo; echo three >&2", output: .result)
                == .exited(status: 0, output: "one\n\n", complaint: "two\nthree"))
        // More than a pipe holds, on both streams.
        let long = shell(
            "head -c 300000 /dev/zero | tr '\\0' a; head -c 300000 /dev/zero | tr '\\0' b >&2",
            output: .result)
        #expect(
            long
                == .exited(
                    status: 0, output: String(repeating: "a", count: 300_000),
                    complaint: String(repeating: "b", count: 300_000)))
    }

    @Test func theEnvironmentIsAddedTo() {
        let command = Command(
            ["sh", "-c", "echo $ADDED; test \"$PATH\""], environment: ["ADDED": "yes"],
            output: .result)
        #expect(runner.run(command) == .exited(status: 0, output: "yes\n", complaint: ""))
    }

    @Test func aProgramRunsInItsFolderAndReadsNothing() throws {
        try withTemporaryDirectory { directory in
            let folder = URL(fileURLWithPath: directory).resolvingSymlinksInPath().path
            let command = Command(["sh", "-c", "cat; pwd -P"], in: folder, output: .result)
            #expect(runner.run(command) == .exited(status: 0, output: "\(folder)\n", complaint: ""))
        }
    }

    /// So that Ctrl-C on a terminal reaches it.
    @Test func aProgramStaysInTheProcessGroup() {
        #expect(
            shell("cut -d' ' -f5 /proc/$$/stat", output: .result)
                == .exited(status: 0, output: "\(getpgrp())\n", complaint: ""))
    }

    @Test func aProgramIsWatchedWhileItRuns() {
        var ticks = 0
        _ = runner.run(Command(["sleep", "0.3"]), tick: { ticks += 1 })
        #expect(ticks > 1)
    }
}
