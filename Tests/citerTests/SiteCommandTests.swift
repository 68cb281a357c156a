import Foundation
import ResultsStore
import SweepSupport
import TestSupport
import Testing

@testable import citer

/// `citer report --site`: which experiments are on the page, and what is refused.
struct SiteCommandTests {
    /// A file that passes for Chart.js, with its licence, in the fixture's folder.
    private func library(_ fixture: SweepFixture) throws -> String {
        try fixture.tiny.write("/*! Chart.js v3.9.1 */\n", to: "chart.js")
        try fixture.tiny.write("Expat\n", to: "LICENSE")
        return "chart.js"
    }

    private func page(_ fixture: SweepFixture, in folder: String = "site") throws -> String {
        try String(contentsOfFile: "\(fixture.root)/\(folder)/index.html", encoding: .utf8)
    }

    private func exists(_ name: String, _ fixture: SweepFixture) -> Bool {
        FileManager.default.fileExists(atPath: "\(fixture.root)/\(name)")
    }

    @Test func allExperimentsAreOnThePage() throws {
        try SweepFixture.with { fixture in
            let library = try library(fixture)
            #expect(try fixture.citer("sweep", "experiments/tiny.yaml").status == 0)
            #expect(try fixture.citer("db", "pack", "results/tiny.sqlite").status == 0)
            for name in ["", "-wal", "-shm", ".lock"] {
                try? FileManager.default.removeItem(
                    atPath: fixture.root + "/results/tiny.sqlite" + name)
            }
            try FileManager.default.createDirectory(
                atPath: fixture.root + "/results/before", withIntermediateDirectories: true)
            try fixture.tiny.write("# before\n", to: "results/before/README.md")
            try fixture.tiny.write(
                "experiment: new\nquestion: What is new?\n", to: "experiments/new.yaml")
            let made = try fixture.citer(
                "report", "--site", "results/site", "--chart-library", library)
            #expect(made.status == 0, "\(made.messages)")
            let html = try page(fixture, in: "results/site")
            #expect(html.contains("Does the runner keep its promises?"))
            #expect(html.contains("What is new?") && html.contains("\"../before/README.md\""))
            #expect(html.contains("make sweep EXP=new") && html.contains("make sweep EXP=before"))
            #expect(exists("results/site/tiny/tokens.html", fixture))
            #expect(html.contains("\"tiny/tokens.html\""))
            // What was packed stays packed.
            #expect(!exists("results/tiny.sqlite", fixture))
        }
    }

    @Test func oneExperimentWithoutItsAnswers() throws {
        try SweepFixture.with { fixture in
            let library = try library(fixture)
            try fixture.run("own")
            let made = try fixture.citer(
                "report", "tiny", "--db", "results/own.sqlite", "--site", "site", "--no-tokens",
                "--chart-library", library)
            #expect(made.status == 0, "\(made.messages)")
            #expect(try page(fixture).contains("\"tokens\":null"))
            #expect(!exists("site/tiny/tokens.html", fixture))
        }
    }

    /// One that cannot be read is on the page with all others, and the command says that it failed.
    @Test func aDamagedDatabaseIsNamed() throws {
        try SweepFixture.with { fixture in
            let library = try library(fixture)
            try fixture.run("tiny")
            try fixture.tiny.write("no database", to: "results/broken.sqlite")
            let made = try fixture.citer("report", "--site", "site", "--chart-library", library)
            #expect(made.status == 1 && made.messages.contains("broken: "), "\(made.messages)")
            let html = try page(fixture)
            #expect(html.contains("unreadable") && html.contains("Does the runner keep"))
        }
    }

    @Test func whatDoesNotFitTogetherIsRefused() throws {
        try SweepFixture.with { fixture in
            let library = try library(fixture)
            try fixture.run("tiny")
            let cases: [(words: [String], message: String)] = [
                ([], "name an experiment"), (["--no-tokens", "tiny"], "of --site DIR"),
                (["tiny", "--chart-library", library], "of --site DIR"),
                (["--site", "site", "--format", "csv"], "leave out --format"),
                (["--site", "site", "--figures"], "leave out"),
                (["--site", "site", "--db", "results/tiny.sqlite"], "name it"),
                (["--site", "site", "--chart-library", "none.js"], "none.js"),
                (["--site", "site", "--chart-library", "experiments/tiny.yaml"], "not Chart.js"),
                (
                    ["none", "--site", "site", "--chart-library", library],
                    "results/none.sqlite"
                ),
            ]
            for (words, message) in cases {
                let result = try CiterCommand(
                    ["report"] + words, in: fixture.root, environment: fixture.tiny.environment
                ).finish()
                #expect(
                    result.status == 2 && result.messages.contains(message),
                    "\(words): \(result.messages)")
            }
            #expect(!exists("site", fixture))
        }
    }

    @Test func theVariableNamesTheLibrary() throws {
        try SweepFixture.with { fixture in
            let library = try library(fixture)
            try fixture.run("tiny")
            func made(_ path: String) throws -> CiterCommand.Result {
                try CiterCommand(
                    ["report", "tiny", "--site", "site"], in: fixture.root,
                    environment: fixture.tiny.environment.merging(["CITER_CHART_JS": path]) { $1 }
                ).finish()
            }
            #expect(try made("none.js").status == 2)
            #expect(try made(library).status == 0)
        }
    }

    @Test(
        arguments: [
            ("results/a/README.md", "results/site", "../a/README.md"),
            ("results/a/README.md", "out", "../results/a/README.md"),
            ("results/a/README.md", ".", "results/a/README.md"),
            ("/x/a b/p.md", "/x/y/z", "../../a%20b/p.md"),
        ] as [(String, String, String)])
    func linksAreRelative(file: String, folder: String, link: String) {
        #expect(relativeLink(to: file, from: folder) == link)
    }
}
