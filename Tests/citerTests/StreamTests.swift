import Foundation
import ResultsStore
import SweepSupport
import TestSupport
import Testing

/// What becomes of every command whose output or messages cannot be written.
struct StreamTests {
    /// Every command that prints, over an experiment that has run.
    static let commands: [[String]] =
        [
            ["--help"], ["--version"], ["help", "sweep"], ["models", "list", "--json"],
            ["models", "path", "models/small.gguf"], ["data", "list"],
            ["data", "list", "--json"], ["data", "verify"],
            ["tokenize", "--model", "models/small.gguf", "a b"],
            ["tokenize", "--model", "models/small.gguf", "a b", "--json"],
            ["score", "--model", "models/small.gguf", "--input", "rows.jsonl"],
            ["score", "--model", "models/small.gguf", "--input", "rows.jsonl", "--json"],
            ["generate", "--model", "models/small.gguf", "--prompt", "a", "--max-tokens", "2"],
            [
                "generate", "--model", "models/small.gguf", "--prompt", "a", "--max-tokens", "2",
                "--json",
            ],
            [
                "generate", "--slm", "models/small.gguf", "--llm", "models/large.gguf", "--prompt",
                "a", "--max-tokens", "2", "--policy", "entropy=1",
            ],
            [
                "bench", "--model", "models/small.gguf", "--prompt", "4", "--generate", "0",
                "--rounds", "1",
            ],
            [
                "bench", "--model", "models/small.gguf", "--prompt", "4", "--generate", "0",
                "--rounds", "1", "--json",
            ],
            ["sweep", "experiments/tiny.yaml", "--dry-run"], ["sweep", "experiments/tiny.yaml"],
            ["show", "tiny", "llm", "0"], ["db", "check", "results/tiny.sqlite"],
            ["db", "merge", "other.sqlite", "results/tiny.sqlite"],
            ["db", "export", "tiny"], ["db", "export", "tiny", "--to", "csv"],
            ["db", "export", "tiny", "--content", "decisions"],
            ["grade", "--format", "number", "--input", "answers.jsonl"],
            ["grade", "--format", "number", "--input", "answers.jsonl", "--json"],
        ]
        + ["markdown", "csv", "latex", "json"].flatMap { format in
            [
                ["report", "tiny", "--format", format],
                ["compare", "tiny", "slm", "llm", "--format", format],
            ]
        }

    private func withRun<R>(_ body: (SweepFixture) throws -> R) throws -> R {
        var size = TinyExperiment.Size()
        size.questions = 2
        size.maxTokens = 4
        return try SweepFixture.with(size: size) { fixture in
            try fixture.tiny.write(
                "{\"prompt_ids\": [1, 2], \"ids\": [3, 4]}\n", to: "rows.jsonl")
            try fixture.tiny.write(
                "{\"output\": \"The answer is 4.\", \"gold\": \"4\"}\n", to: "answers.jsonl")
            #expect(try fixture.citer("sweep", "experiments/tiny.yaml").status == 0)
            return try body(fixture)
        }
    }

    /// Runs the command from a shell that arranges its streams: `$0` is the command, `$@` its arguments.
    private func shell(
        _ script: String, _ arguments: [String], in fixture: SweepFixture
    ) throws -> CiterCommand.Result {
        try CiterCommand(
            ["-c", script, CiterCommand.path] + arguments, in: fixture.root,
            environment: fixture.tiny.environment, program: "/bin/bash"
        ).finish()
    }

    /// A full disk, a reader that is gone, no standard output at all.
    private static let failing = [
        "exec \"$0\" \"$@\" >/dev/full", "exec 3> >(:); wait $!; exec \"$0\" \"$@\" >&3 3>&-",
        "exec \"$0\" \"$@\" >&-",
    ]

    @Test func outputThatIsLostIsAnError() throws {
        try withRun { fixture in
            for (number, command) in Self.commands.enumerated() {
                // All ways for some of each kind; a process takes its time.
                for script in number % 6 == 0 ? Self.failing : [Self.failing[0]] {
                    let result = try shell(script, command, in: fixture)
                    #expect(
                        result.status == 1 && !result.signalled
                            && result.messages.contains("standard output: "),
                        "\(command) with \(script): \(result.status), \(result.messages)")
                }
            }
            #expect(
                try ResultsReader(path: fixture.path("tiny")).check().problems.isEmpty)
        }
    }

    /// No message is worth the work: with standard error full, gone or closed every command does what it does.
    @Test func messagesThatAreLostAreNone() throws {
        try withRun { fixture in
            for command in [["report", "tiny"], ["sweep", "experiments/tiny.yaml"]] {
                for script in [
                    "exec \"$0\" \"$@\" 2>/dev/full", "exec \"$0\" \"$@\" 2>&-",
                    "exec 3> >(:); wait $!; exec \"$0\" \"$@\" 2>&3 3>&-",
                ] {
                    let result = try shell(script, command, in: fixture)
                    #expect(
                        result.status == 0 && !result.signalled && !result.output.isEmpty,
                        "\(command) with \(script): \(result.status)")
                }
            }
            for (number, stream) in ["2>/dev/full", "2>&-", "<&- >&- 2>&-"].enumerated() {
                let script = "exec \"$0\" \"$@\" \(stream)"
                let database = "\(fixture.root)/lost-\(number).sqlite"
                let result = try shell(
                    script, ["sweep", "experiments/tiny.yaml", "--db", database], in: fixture)
                #expect(result.status == (stream.contains(">&- 2") ? 1 : 0), "\(stream)")
                // No message went into the file that would have had the stream's number.
                #expect(try ResultsReader(path: database).check().problems.isEmpty)
                #expect(try resultRows(of: database) == fixture.rows("tiny"))
            }
        }
    }

    /// A disk too small for the files leaves those that were there before, and no halves.
    @Test(.enabled(if: SweepCommandTests.canMount, "this system lets users mount nothing"))
    func filesAppearWholeOrNotAtAll() throws {
        try withRun { fixture in
            let script = """
                mkdir small && mount -t tmpfs -o size=16k none small || exit 99
                echo before >small/tiny.md && head -c 8192 /dev/zero >small/ballast
                "$0" "$@" >/dev/null; status=$?
                ls small; cat small/tiny.md; exit $status
                """
            for command in [
                ["report", "tiny", "--output", "small"],
                ["report", "tiny", "--format", "html", "--output", "small"],
                ["db", "export", "tiny", "--to", "lm-eval", "--output", "small"],
            ] {
                let result = try CiterCommand(
                    ["-rm", "bash", "-c", script, CiterCommand.path] + command, in: fixture.root,
                    environment: fixture.tiny.environment, program: "/usr/bin/unshare"
                ).finish()
                try FileManager.default.removeItem(atPath: fixture.root + "/small")
                #expect(result.status == 1, "\(command): \(result.messages)")
                #expect(result.messages.contains("No space left on device"), "\(command)")
                #expect(!result.output.contains(".part") && !result.output.contains("html"))
                if command[0] == "report" {
                    #expect(result.output.hasSuffix("before\n"), "\(command): \(result.output)")
                }
            }
        }
    }

    /// A file that may not grow further (`ulimit -f`, in KiB) is an error that is told, not a signal without a word.
    @Test func aFileThatMayNotGrowIsTold() throws {
        try withRun { fixture in
            let result = try shell(
                "ulimit -f 64; exec \"$0\" \"$@\"",
                ["db", "merge", "grown.sqlite", "results/tiny.sqlite"], in: fixture)
            #expect(result.status == 1 && !result.signalled, "\(result.status)")
            #expect(result.messages.contains("grown.sqlite: "), "\(result.messages)")
            let page = try shell(
                "ulimit -f 48; exec \"$0\" \"$@\"",
                ["report", "tiny", "--format", "html", "--output", "pages"], in: fixture)
            #expect(page.status == 1 && !page.signalled, "\(page.status)")
            #expect(page.messages.contains("cannot be written: File too large"))
        }
    }

    /// Streams are written in one place: what goes another way dies with them, or is lost without a word.
    @Test func nothingElseWritesToStreams() throws {
        let sources = checkoutRoot + "/Sources"
        let files = try #require(FileManager.default.enumerator(atPath: sources))
        for case let file as String in files
        where file.hasSuffix(".swift") && !file.hasPrefix("Output/") {
            let text = try String(contentsOfFile: "\(sources)/\(file)", encoding: .utf8)
            // A search for words takes a hundredth of that for a pattern.
            let words = ["print(", "puts(", "debugPrint(", "dump(", "FileHandle.standard"]
            guard words.contains(where: { (word: String) in strstr(text, word) != nil })
            else { continue }
            for line in text.split(separator: "\n") {
                let isWriting =
                    line.firstMatch(
                        of:
                            /(^|[ ({])(print|fputs|puts|debugPrint|dump)\(|FileHandle\.standard(Output|Error)/
                    )
                    != nil
                #expect(
                    !isWriting || line.contains("process.") || line.contains("///"),
                    "\(file): \(line)")
            }
        }
    }
}
