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

    /// What the server is given: a copy with views, a search and names; and nothing is left beside the database.
    @Test(arguments: [true, false])
    func servesACopyWithViewsAndASearch(isPacked: Bool) throws {
        try withTemporaryDirectory { folder in
            let database = folder + "/a b.sqlite"
            let elsewhere = try TemporaryFolder()
            let synthetic = try Synthetic(folder: elsewhere, questions: 8)
            try FileManager.default.copyItem(atPath: synthetic.path, toPath: database)
            let before = try Data(contentsOf: URL(fileURLWithPath: database))
            if isPacked {
                try FileManager.default.createDirectory(
                    atPath: folder + "/a b", withIntermediateDirectories: true)
                try PackedDatabase(of: database).with(path: folder + "/a b/answers.sqlite.zst")
                    .pack()
                for name in ["", "-wal", "-shm"] {
                    try? FileManager.default.removeItem(atPath: database + name)
                }
            }
            let fixture = try Fixture(
                folder: folder, database: "a b.sqlite",
                server: "cp \"$3\" '\(folder)/copy.db'; cp \"$5\" '\(folder)/described.json'")
            try fixture.run()
            #expect(fixture.process.terminationStatus == 0)
            #expect(try fixture.remains().isEmpty)
            if !isPacked {
                #expect(try Data(contentsOf: URL(fileURLWithPath: database)) == before)
            }
            #expect(
                try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
                    == [
                        "a b" + (isPacked ? "" : ".sqlite"), "copy.db", "described.json",
                        "environment", "program", "server", "temporary",
                    ])

            let copy = try ResultsReader(path: folder + "/copy.db")
            let count = { (sql: String) throws -> QueryValue? in
                try copy.query("SELECT count(*) AS n " + sql).rows.first?.first
            }
            #expect(try count("FROM answers") == .integer(80))
            #expect(try count("FROM overview WHERE policy = 'citer'") == .integer(4))
            #expect(try count("FROM answers WHERE correct = 'failed'") == .integer(1))
            #expect(try count("FROM routing WHERE policy = 'llm' AND route = 'slm'") == .integer(0))
            let found =
                "FROM answers WHERE sample IN (SELECT rowid FROM answer_search WHERE answer_search MATCH "
            // The word is one of the output's, another of the question's, the last of an error's.
            #expect(try count(found + "'\"日本\"')") != .integer(0))
            #expect(try count(found + "'onerror')") == .integer(80))
            #expect(try count(found + "'exceeds')") == .integer(1))
            #expect(try count(found + "'nowhere')") == .integer(0))
            // What scripts read is what it was.
            let curve = try copy.query("SELECT * FROM curve")
            #expect(try synthetic.reader.query("SELECT * FROM curve") == curve)
            let digits = try copy.query("SELECT accuracy_percent * 10 AS a FROM overview").rows
            for case .real(let tenths)? in digits.map(\.first) {
                #expect(abs(tenths - tenths.rounded()) < 1e-9)
            }

            let described = try #require(
                try JSONSerialization.jsonObject(
                    with: Data(contentsOf: URL(fileURLWithPath: folder + "/described.json")))
                    as? [String: Any])
            let index = try #require(described["description_html"] as? String)
            let results = (described["databases"] as? [String: Any])?["results"] as? [String: Any]
            let queries = try #require(results?["queries"] as? [String: [String: Any]])
            #expect(Set(queries.keys.map { $0 + ".sql" }) == Set(AnalysisTests.queries))
            let named = try copy.query(
                "SELECT name FROM sqlite_schema WHERE type IN ('table', 'view') "
                    + "AND name NOT LIKE 'answer_search%' AND name <> 'grdb_migrations'")
            for case .text(let name)? in named.rows.map(\.first) {
                #expect(index.contains(">\(name)</a>"), "\(name)")
                let tables = results?["tables"] as? [String: [String: Any]]
                #expect(tables?[name]?["description"] != nil, "\(name) is not described")
            }
            // Names are shown, not run: the experiment's has an ampersand and a tag's brackets.
            #expect(index.contains("sums &lt;&amp;&gt; 100%_"))
            let near = queries["near-threshold"]?["description_html"] as? String
            #expect(near?.contains("policy=citer&amp;setting=threshold%3D0.5") == true)
        }
    }

    /// A sweep may be writing: its log stays its own.
    @Test func aLogOfAnotherIsLeftAlone() throws {
        try withTemporaryDirectory { folder in
            let fixture = try Fixture(folder: folder, server: "cp \"$3\" '\(folder)/copy.db'")
            let store = try ResultsStore(path: folder + "/a.sqlite")
            let experiment = try store.register(ExperimentRecord(name: "late", spec: ""))
            try fixture.run()
            #expect(fixture.process.terminationStatus == 0)
            #expect(
                try ResultsReader(path: folder + "/copy.db").experiments().map(\.record.name)
                    == ["late"])
            // It can be written on.
            #expect(try store.register(ExperimentRecord(name: "late", spec: "")) == experiment)
            try store.close()
            let left = try FileManager.default.contentsOfDirectory(atPath: folder)
                .filter { $0.hasSuffix("-wal") || $0.hasSuffix("-shm") }
            #expect(left == [])
        }
    }

    @Test func whatCannotBeBrowsedIsNamed() throws {
        try withTemporaryDirectory { folder in
            try Data("text\n".utf8).write(to: URL(fileURLWithPath: folder + "/text.sqlite"))
            let cases = [
                ("none.sqlite", "no such database"), ("environment", "a folder"),
                ("text.sqlite", "not an SQLite database"),
            ]
            for (name, message) in cases {
                let fixture = try Fixture(folder: folder, database: name, server: "exit 7")
                let said = try fixture.run()
                #expect(fixture.process.terminationStatus == 2, "\(name)")
                #expect(said.contains(name) && said.contains(message), "\(said)")
                #expect(try fixture.remains().isEmpty)
            }
        }
    }

    /// Two at once choose two ports.
    @Test func eachHasAPortOfItsOwn() throws {
        try withTemporaryDirectory { folder in
            let fixtures = try (0..<2).map { number in
                let own = "\(folder)/\(number)"
                try FileManager.default.createDirectory(
                    atPath: own, withIntermediateDirectories: true)
                return try Fixture(
                    folder: own, server: "echo \"$*\" >'\(own)/words'; exec sleep 600")
            }
            for fixture in fixtures { try fixture.start() }
            for fixture in fixtures {
                fixture.wait {
                    FileManager.default.fileExists(atPath: fixture.folder + "/words")
                }
            }
            let ports = try fixtures.map { fixture in
                let words = try String(
                    contentsOfFile: fixture.folder + "/words", encoding: .utf8)
                return try #require(words.firstMatch(of: /--port (\d+)/)).output.1
            }
            #expect(Set(ports).count == 2)
            for fixture in fixtures {
                kill(try #require(fixture.number("program")), SIGTERM)
                fixture.process.waitUntilExit()
                #expect(try fixture.remains().isEmpty)
            }
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
    private let said = Pipe()

    init(
        folder: String, database: String = "a.sqlite", server: String = "exec sleep 600",
        hasShell: Bool = false
    ) throws {
        self.folder = folder
        for name in ["environment/bin", "temporary"] {
            try FileManager.default.createDirectory(
                atPath: "\(folder)/\(name)", withIntermediateDirectories: true)
        }
        if database == "a.sqlite" { try ResultsStore(path: folder + "/a.sqlite").close() }
        let datasette = folder + "/environment/bin/datasette"
        try "#!/bin/sh\necho $$ >'\(folder)/server'\n\(server)\n"
            .write(toFile: datasette, atomically: true, encoding: .utf8)
        chmod(datasette, 0o755)
        let script = InspectTests.root + "/analysis/inspect.py"
        let arguments = [script, database, "--environment", "environment"]
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
        process.standardError = said
    }

    /// Until it ends; what it said.
    @discardableResult func run() throws -> String {
        try process.run()
        let text = try said.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        return String(decoding: text, as: UTF8.self)
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
