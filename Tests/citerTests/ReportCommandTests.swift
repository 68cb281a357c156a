import Foundation
import SweepSupport
import TestSupport
import Testing

/// What `citer report` prints and leaves in an experiment's folder.
struct ReportCommandTests {
    @Test func printsTheTablesThatAreAskedFor() throws {
        try SweepFixture.with { fixture in
            try fixture.run("tiny")
            func tables(_ arguments: String...) throws -> [Substring] {
                let report = try fixture.citer(["report", "tiny"] + arguments)
                #expect(report.status == 0, "\(report.messages)")
                return report.output.split(separator: "\n").filter { $0.hasPrefix("## ") }
            }
            #expect(try tables().count == 1)
            #expect(try tables("--tables", "all").count > 3)
            #expect(try tables("--tables", "cells, time").count == 2)
            // Tables that have none of the columns are left out, rather than shown empty.
            #expect(try tables("--tables", "all", "--columns", "batch,phase").count == 1)
            let paper = try fixture.citer("report", "tiny", "--format", "latex", "--style", "paper")
            #expect(paper.output.components(separatedBy: "\\begin{table").count == 2)
            let two = try fixture.citer(
                "report", "tiny", "--columns", "policy,n,accuracy", "--tables", "cells",
                "--policies", "slm,llm", "--format", "csv")
            #expect(two.output.split(whereSeparator: \.isNewline).count == 3, "\(two.output)")
            for wrong in [
                ["--tables", "cell"], ["--columns", "colour"], ["--policies", "nobody"],
                ["--style", "big"], ["--tables", ","], ["--format", "html", "--tables", "main"],
                ["--format", "html", "--figures"], ["--format", "csv", "--tables", "main,cells"],
                ["--format", "csv", "--tables", "all"],
            ] {
                let refused = try fixture.citer(["report", "tiny"] + wrong)
                #expect(refused.status == 2 && refused.output.isEmpty, "\(wrong)")
            }
        }
    }

    /// What an earlier report had to say would pass for this one's; what is not ours stays.
    @Test func leavesNoTableOfAnEarlierReport() throws {
        try SweepFixture.with { fixture in
            try fixture.run("tiny")
            let folder = fixture.root + "/results/tiny/tables"
            try FileManager.default.createDirectory(
                atPath: folder, withIntermediateDirectories: true)
            for name in ["fidelity", "mine"] {
                try "a\n".write(
                    toFile: "\(folder)/\(name).csv", atomically: true, encoding: .utf8)
            }
            #expect(try fixture.citer("report", "tiny").status == 0)
            let names = try FileManager.default.contentsOfDirectory(atPath: folder)
            #expect(names.contains("mine.csv") && !names.contains("fidelity.csv"))
            #expect(names.contains("main.csv"))
        }
    }

    /// A name that there is not, and a reading that is no text, are found before a file of an earlier report is touched.
    @Test func whatIsRefusedLeavesAllFilesAlone() throws {
        try SweepFixture.with { fixture in
            try fixture.run("tiny")
            #expect(try fixture.citer("report", "tiny").status == 0)
            let folder = fixture.root + "/results/tiny"
            let kept = ["README.md", "details.md", "tables/main.csv", "tables/cells.csv"]
            for name in kept {
                try "mine\n".write(
                    toFile: "\(folder)/\(name)", atomically: true, encoding: .utf8)
            }
            func expectRefusal(_ arguments: [String], saying words: String) throws {
                let refused = try fixture.citer(["report", "tiny"] + arguments)
                #expect(refused.status == 2 && refused.output.isEmpty, "\(arguments)")
                #expect(refused.messages.contains(words), "\(refused.messages)")
                for name in kept {
                    let text = try String(contentsOfFile: "\(folder)/\(name)", encoding: .utf8)
                    #expect(text == "mine\n", "\(arguments) wrote \(name)")
                }
            }
            try expectRefusal(["--tables", "cell"], saying: "no table named cell")
            try expectRefusal(["--columns", "colour"], saying: "no column named colour")
            try expectRefusal(["--policies", "nobody"], saying: "no policy named nobody")
            try expectRefusal(
                ["--format", "latex", "--tables", "cell"], saying: "no table named cell")
            // Latin 1.
            let reading = URL(fileURLWithPath: folder + "/reading.md")
            try Data([0x53, 0x63, 0x68, 0xF6, 0x6E, 0x0A]).write(to: reading)
            try expectRefusal([], saying: "results/tiny/reading.md cannot be read as UTF-8 text")
            try Data("Schön\n".utf8).write(to: reading)
            #expect(try fixture.citer("report", "tiny").status == 0)
            let page = try String(contentsOfFile: folder + "/README.md", encoding: .utf8)
            #expect(page.contains("## Reading\n\nSchön\n"))
        }
    }

    /// Rows end as CSV's do, and nothing comes after the last: a line more would be read as a row without fields.
    @Test func csvEndsWithItsLastRow() throws {
        try SweepFixture.with { fixture in
            try fixture.run("tiny")
            for arguments in [
                ["report", "tiny", "--format", "csv"],
                ["report", "tiny", "--format", "csv", "--tables", "time"],
                ["compare", "tiny", "slm", "llm", "--format", "csv"],
            ] {
                let printed = try fixture.citer(arguments)
                #expect(printed.status == 0, "\(arguments): \(printed.messages)")
                let bytes = Array(printed.output.utf8)
                #expect(bytes.suffix(2) == [13, 10], "\(arguments)")
                #expect(bytes.dropLast(2).last != 10, "\(arguments)")
            }
        }
    }
}
