import Foundation
import ResultsStore
import SweepSupport
import TestSupport
import Testing

/// Commands that keep nothing end at once; those that look now and then whether they are to stop are tried where they are tested.
struct SignalTests {
    /// Sends a signal, and waits for the end that it should bring; a command that goes on is killed.
    private func end(
        _ command: CiterCommand, by signal: Int32
    ) -> CiterCommand.Result {
        command.send(signal)
        let limit = ContinuousClock.now + .seconds(60)
        if command.wait(until: { ContinuousClock.now > limit }) { command.send(SIGKILL) }
        return command.finish()
    }

    /// SIGINT and SIGHUP may be ignored by whoever started these tests.
    @Test(arguments: [SIGTERM, SIGUSR1])
    func aCommandThatWaitsEndsAtOnce(signal: Int32) throws {
        try withTemporaryDirectory { root in
            let script = """
                mkfifo pipe && exec 3<>pipe && echo ready >ready
                exec "$0" grade --format number <&3
                """
            let command = try CiterCommand(
                ["-c", script, CiterCommand.path], in: root, program: "/bin/bash")
            let began = command.wait {
                FileManager.default.fileExists(atPath: root + "/ready")
            }
            #expect(began)
            // Long enough for the program to begin to read.
            usleep(300_000)
            let result = end(command, by: signal)
            #expect(result.signalled && result.status == signal, "\(result.status)")
        }
    }

    /// What it had started ends with it, and the packed file of before stays whole.
    @Test func aProgramThatItStartedEndsWithIt() throws {
        try SweepFixture.with { fixture in
            try fixture.run("tiny", set: ["task.limit=1", "policies=[slm, llm]"])
            #expect(try fixture.citer("db", "pack", "results/tiny.sqlite").status == 0)
            let packed = URL(fileURLWithPath: fixture.root + "/results/tiny/answers.sqlite.zst")
            let before = try Data(contentsOf: packed)
            let zstd = fixture.root + "/bin/zstd"
            try FileManager.default.createDirectory(
                atPath: fixture.root + "/bin", withIntermediateDirectories: true)
            try fixture.tiny.write("#!/bin/sh\necho $$ >number\nexec sleep 600\n", to: "bin/zstd")
            #expect(chmod(zstd, 0o755) == 0)
            let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"
            let command = try CiterCommand(
                ["db", "pack", "results/tiny.sqlite"], in: fixture.root,
                environment: ["PATH": "\(fixture.root)/bin:\(path)"])
            let number = {
                (try? String(contentsOfFile: fixture.root + "/number", encoding: .utf8))
                    .flatMap { Int32($0.trimmingCharacters(in: .newlines)) }
            }
            let began = command.wait { number() != nil }
            try #require(began)
            let child = try #require(number())
            let result = end(command, by: SIGTERM)
            #expect(result.signalled && result.status == SIGTERM, "\(result.status)")
            // One that has ended and that nobody has asked for has no arguments any more.
            let limit = ContinuousClock.now + .seconds(30)
            var isRunning = true
            while isRunning, ContinuousClock.now < limit {
                let words = FileManager.default.contents(atPath: "/proc/\(child)/cmdline")
                isRunning = words.map { !$0.isEmpty } ?? false
                usleep(10_000)
            }
            #expect(!isRunning)
            if isRunning { kill(child, SIGKILL) }
            #expect(try Data(contentsOf: packed) == before)
        }
    }
}
