import Foundation
import SweepSupport
import TestSupport
import Testing

/// An empty path, as of a variable that is not set, would mean the root of the file system.
struct PathArgumentTests {
    static let commands: [[String]] = [
        ["sweep", "experiments/tiny.yaml", "--scratch", ""],
        ["sweep", "experiments/tiny.yaml", "--known", ""],
        ["sweep", "experiments/tiny.yaml", "--db", ""],
        ["train", "experiments/tiny.yaml", "--output", ""],
        ["report", "tiny", "--output", ""], ["report", "tiny", "--db", ""],
        ["report", "tiny", "--latency", ""], ["report", "--site", ""],
        ["report", "--site", "site", "--chart-library", ""],
        ["compare", "tiny", "slm", "llm", "--db", ""],
        ["compare", "tiny", "slm", "llm", "--right-db", ""],
        ["show", "tiny", "slm", "0", "--db", ""], ["db", "check", ""],
        ["db", "merge", "", "a.sqlite"], ["db", "merge", "a.sqlite", ""], ["db", "pack", ""],
        ["db", "pack", "a.sqlite", "--to", ""], ["db", "unpack", ""],
        ["db", "unpack", "a.sqlite.zst", "--to", ""], ["db", "export", "tiny", "--db", ""],
        ["db", "export", "tiny", "--to", "inspect", "--output", ""],
        ["grade", "--format", "number", "--input", ""],
        ["score", "--model", "small", "--input", ""],
        ["tokenize", "--model", "small", "--input", ""],
        ["agree", "--server", "http://127.0.0.1:1", "--model", "small", "--input", ""],
        ["bench", "--policy", "slm", "--prompt-file", ""],
    ]

    @Test(arguments: commands)
    func anEmptyPathIsRefused(command: [String]) throws {
        try withTemporaryDirectory { root in
            let result = try CiterCommand(command, in: root).finish()
            #expect(result.status == 2 && !result.signalled, "\(result.status)")
            #expect(
                result.messages.contains("expected a path, found an empty text"),
                "\(result.messages)")
            #expect(result.output.isEmpty)
        }
    }
}
