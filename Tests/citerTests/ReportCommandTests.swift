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
}
