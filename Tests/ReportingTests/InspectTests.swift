import Foundation
import ResultsStore
import TestSupport
import Testing

/// `analysis/inspect.py` ends what it started and removes its copy, however it ends; a script stands in for Datasette.
struct InspectTests {
    static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().path

    /// How the end comes, and to whom: the program itself, or the shell that runs it as `make` does.
    ///
    /// A shell that a test starts may have other signals blocked.
    struct End: Sendable, CustomTestStringConvertible {
        let signal: Int32
        let toParent: Bool
        let status: Int32?
        var testDescription: String { "signal \(signal)\(toParent ? " to its parent" : "")" }
    }

    static let ends = [
        End(signal: SIGINT, toParent: false, status: 0),
        End(signal: SIGTERM, toParent: false, status: 143),
        End(signal: SIGHUP, toParent: false, status: 129),
        End(signal: SIGKILL, toParent: false, status: nil),
        End(signal: SIGKILL, toParent: true, status: nil),
    ]

    @Test(arguments: ends)
    func nothingIsLeftBehind(end: End) throws {
        try withTemporaryDirectory { folder in
            let fixture = try Fixture(folder: folder, hasShell: end.toParent)
            try fixture.start()
            let server = try #require(fixture.number("server"))
            let program = try #require(fixture.number("program"))
            #expect(try fixture.remains().count == 1)
            kill(end.toParent ? fixture.process.processIdentifier : program, end.signal)
            fixture.process.waitUntilExit()
            if let status = end.status { #expect(fixture.process.terminationStatus == status) }
            fixture.wait { fixture.isClean && !isRunning(server) && !isRunning(program) }
            #expect(!isRunning(server))
            #expect(!isRunning(program))
            #expect(try fixture.remains().isEmpty)
        }
    }

    @Test func whatTheServerSaysIsTheStatus() throws {
        try withTemporaryDirectory { folder in
            let fixture = try Fixture(folder: folder, server: "exit 7")
            try fixture.process.run()
            fixture.process.waitUntilExit()
            #expect(fixture.process.terminationStatus == 7)
            #expect(try fixture.remains().isEmpty)
        }
    }
}

/// A small database, a stand-in for Datasette, and a shell that starts the program.
private struct Fixture {
    let folder: String
    let process = Process()

    init(folder: String, server: String = "exec sleep 600", hasShell: Bool = false) throws {
        self.folder = folder
        for name in ["environment/bin", "temporary"] {
            try FileManager.default.createDirectory(
                atPath: "\(folder)/\(name)", withIntermediateDirectories: true)
        }
        try ResultsStore(path: folder + "/a.sqlite").close()
        let datasette = folder + "/environment/bin/datasette"
        try "#!/bin/sh\necho $$ >'\(folder)/server'\n\(server)\n"
            .write(toFile: datasette, atomically: true, encoding: .utf8)
        chmod(datasette, 0o755)
        let script = InspectTests.root + "/analysis/inspect.py"
        let arguments = [script, "a.sqlite", "--environment", "environment"]
        process.executableURL = URL(fileURLWithPath: "/bin/sh")
        process.arguments =
            [
                "-c",
                hasShell
                    ? "python3 \"$@\" & echo $! >program; wait"
                    : "echo $$ >program; exec python3 \"$@\"", "sh",
            ] + arguments
        process.currentDirectoryURL = URL(fileURLWithPath: folder)
        process.environment = ProcessInfo.processInfo.environment
            .merging(["TMPDIR": folder + "/temporary"]) { $1 }
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
    }

    func start() throws {
        try process.run()
        wait { number("server") != nil && number("program") != nil }
    }

    func number(_ name: String) -> pid_t? {
        (try? String(contentsOfFile: "\(folder)/\(name)", encoding: .utf8))
            .flatMap { pid_t($0.trimmingCharacters(in: .whitespacesAndNewlines)) }
    }

    var isClean: Bool { (try? remains().isEmpty) ?? false }

    func remains() throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: folder + "/temporary")
    }

    func wait(until condition: () -> Bool) {
        for _ in 0..<3000 where !condition() { usleep(10_000) }
    }
}

/// Whether a process lives; one that has ended and was not waited for does not.
private func isRunning(_ process: pid_t) -> Bool {
    guard let stat = try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8),
        let end = stat.lastIndex(of: ")")
    else { return false }
    return !stat[end...].dropFirst(2).hasPrefix("Z")
}
