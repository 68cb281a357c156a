import Foundation
import ResultsStore
import SweepSupport
import TestSupport
import Testing

/// Several configurations in one database, as sweeps leave them.
struct ConfigurationCommandTests {
    private func lines(_ text: String, _ start: String) -> [Substring] {
        text.split(separator: "\n").filter { $0.hasPrefix(start) }
    }

    @Test func aReportIsAboutTheLastSweepsConfiguration() throws {
        try SweepFixture.with { fixture in
            let first = try fixture.citer("sweep", "experiments/tiny.yaml")
            #expect(first.status == 0 && !first.output.contains("Configurations in this database"))
            let second = try fixture.citer(
                "sweep", "experiments/tiny.yaml", "--set", "generation.max_tokens=8")
            #expect(second.output.contains("configuration 1 of 2"))
            let report = try fixture.citer("report", "tiny")
            #expect(
                report.output.contains("max\\_tokens=8") || report.output.contains("max_tokens=8"))
            let table = try #require(
                report.output.components(separatedBy: "\n## ").first {
                    $0.hasPrefix("tiny: accuracy")
                })
            #expect(lines(table, "| llm ").count == 1 && lines(table, "| slm ").count == 1)
            // Nothing is to be run, but it is what was asked for last.
            #expect(try fixture.citer("sweep", "experiments/tiny.yaml").status == 0)
            let again = try fixture.citer("report", "tiny")
            #expect(
                again.output.contains("configuration 1 of 2")
                    && again.output.contains("max_tokens=16"))
            #expect(again.output.contains("max_tokens 16"))
            let other = try fixture.citer("report", "tiny", "--configuration", "2")
            #expect(
                other.output.contains("configuration 2 of 2")
                    && other.output.contains("max_tokens 8"))
            let wrong = try fixture.citer("report", "tiny", "--configuration", "3")
            #expect(
                wrong.status == 2
                    && wrong.messages.contains("no configuration named 3; there are: 1 ("))
        }
    }

    @Test func cellsAreNamedWithinAConfigurationOrByKey() throws {
        try SweepFixture.with { fixture in
            for tokens in ["16", "8"] {
                #expect(
                    try fixture.citer(
                        "sweep", "experiments/tiny.yaml", "--set",
                        "generation.max_tokens=\(tokens)"
                    ).status == 0)
            }
            let shown = try fixture.citer("show", "tiny", "llm", "0")
            #expect(
                shown.status == 0 && shown.output.contains("8 tokens, 8 by the llm"), "\(shown)")
            let older = try fixture.citer("show", "tiny", "llm", "0", "--configuration", "2")
            #expect(older.output.contains("16 tokens, 16 by the llm"), "\(older)")
            let several = try fixture.citer("show", "tiny", "random", "0")
            #expect(several.status == 2 && several.messages.contains("random ratio=0.3 (key "))
            // By its key, a cell of any configuration; and across them only when asked.
            let keys = try ResultsReader(path: fixture.path("tiny")).query(
                "SELECT key FROM cell WHERE policy = 'llm' ORDER BY id"
            ).rows.compactMap { row in if case .text(let key) = row[0] { key } else { nil } }
            #expect(keys.count == 2)
            let compared = try fixture.citer(
                "compare", "tiny", String(keys[0].prefix(12)), String(keys[1].prefix(12)))
            #expect(compared.status == 0, "\(compared.messages)")
            #expect(
                compared.output.contains("differ in max_tokens (16 and 8)"), "\(compared.output)")
            let named = try fixture.citer(
                "compare", "tiny", "llm", "llm", "--configuration", "2", "--right-configuration",
                "1")
            #expect(named.output == compared.output)
            // An export and its figures are of one, too.
            let rows = try fixture.citer("db", "export", "tiny")
            #expect(rows.messages.contains("configuration 1 of 2"))
            let all = try fixture.citer("db", "export", "tiny", "--configuration", "all")
            #expect(lines(all.output, "{").count == 2 * lines(rows.output, "{").count)
            let page = try fixture.citer("report", "tiny", "--format", "html")
            #expect(page.status == 0)
            let html = try String(
                contentsOfFile: fixture.root + "/results/tiny/tokens.html", encoding: .utf8)
            #expect(html.components(separatedBy: "\"name\":\"llm\"").count == 2)
        }
    }

    /// Another large model is another configuration, of which the small model's answers are also.
    @Test func anotherModelSharesWhatItCan() throws {
        try SweepFixture.with { fixture in
            try fixture.run("tiny")
            try fixture.tiny.model("other", layers: 3, seed: 5)
            let models = "models.llm=\(fixture.root)/models/other.gguf"
            try fixture.run("tiny", set: [models])
            let reader = try ResultsReader(path: fixture.path("tiny"))
            let id = try reader.experiment(named: "tiny").id
            let all = try reader.configurations(of: id)
            #expect(all.count == 2)
            let cells = try reader.cells(of: id)
            for one in all {
                let names = cells.filter { one.cells.contains($0.id) }.map(\.record.policy)
                #expect(names.count { $0 == "slm" } == 1 && names.count { $0 == "llm" } == 1)
            }
            let slm = try #require(cells.first { $0.record.policy == "slm" })
            #expect(all.allSatisfy { $0.cells.contains(slm.id) })
            let report = try fixture.citer("report", "tiny", "--configuration", "2")
            #expect(report.output.contains("large.gguf") && !report.output.contains("; llm other"))
        }
    }

    @Test func aSeedIsPartOfAConfiguration() throws {
        try SweepFixture.with { fixture in
            try fixture.run("tiny")
            try fixture.run("tiny", set: ["generation.seed=4"])
            let report = try fixture.citer("report", "tiny")
            #expect(report.output.contains("seed=4") && report.output.contains("; seed 4;"))
            let table = try #require(
                report.output.components(separatedBy: "\n## ").first {
                    $0.hasPrefix("tiny: accuracy")
                })
            #expect(lines(table, "| random ").count == 2)
        }
    }

    @Test func questionsThatAreNotThere() throws {
        try SweepFixture.with { fixture in
            try fixture.run("tiny")
            let missing = try fixture.citer("show", "tiny", "llm", "17")
            #expect(missing.status == 2)
            #expect(missing.messages.contains("no question named 17; there are: 0, 1, 2, 3, 4, 5"))
            // Nothing in common is nothing to compare.
            try fixture.run("one", set: ["task.limit=1", "policies=[slm, llm]"])
            let store = try ResultsStore(path: fixture.path("one"))
            let experiment = try store.reader.experiment(named: "tiny").id
            _ = try store.register(
                CellRecord(
                    experiment: experiment, key: String(repeating: "e", count: 64),
                    canonical: "{}", policy: "empty", position: 9))
            try store.close()
            let compared = try fixture.citer(
                "compare", "tiny", "llm", "eeeeeeee", "--db", "results/one.sqlite")
            #expect(compared.status == 2 && compared.messages.contains("nothing to compare"))
        }
    }
}
