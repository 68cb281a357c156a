import Foundation
import ResultsStore
import Testing

@testable import Reporting

/// The scripts and queries in analysis/, as a user finds them.
struct AnalysisTests {
    static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("analysis")
    static let queries: [String] =
        ((try? FileManager.default.contentsOfDirectory(atPath: folder.path + "/queries")) ?? [])
        .filter { $0.hasSuffix(".sql") }.sorted()

    @Test(arguments: queries)
    func queriesRunAndHaveATitle(name: String) throws {
        let folder = try TemporaryFolder()
        let synthetic = try Synthetic(folder: folder, questions: 24)
        let sql = try String(contentsOfFile: Self.folder.path + "/queries/\(name)", encoding: .utf8)
        #expect(sql.hasPrefix("-- "))
        #expect(!(try synthetic.reader.query(sql).rows.isEmpty))
        // Datasette sends an empty text where nothing was typed.
        let names = ["policy", "setting", "question"].filter { sql.contains(":\($0)") }
        let empty = Dictionary(uniqueKeysWithValues: names.map { ($0, QueryValue.text("")) })
        let all = try synthetic.reader.query(sql, parameters: empty)
        #expect(try synthetic.reader.query(sql) == all)
        #expect(names.contains("policy") && names.contains("setting"))
        func query(_ chosen: [String: String]) throws -> QueryResult {
            try synthetic.reader.query(
                sql, parameters: empty.merging(chosen.mapValues { .text($0) }) { $1 })
        }
        // The failure is of one cell, the others are of all.
        let one =
            name == "failures.sql"
            ? ["policy": "random", "setting": "ratio=0.3"]
            : ["policy": "citer", "setting": "threshold=0.5"]
        let chosen = try query(one)
        #expect(!chosen.rows.isEmpty)
        for (key, value) in one {
            if let column = chosen.columns.firstIndex(of: key) {
                #expect(chosen.rows.allSatisfy { $0[column] == .text(value) })
            }
        }
        #expect(try query(["policy": "nobody"]).rows.isEmpty)
        #expect(try query(["setting": "nothing=1"]).rows.isEmpty)
        guard names.contains("question") else { return }
        let asked = try query(["question": "3"])
        let column = try #require(asked.columns.firstIndex(of: "question"))
        #expect(!asked.rows.isEmpty && asked.rows.allSatisfy { $0[column] == .text("3") })
    }

    @Test(.enabled(if: hasGnuplot, "gnuplot is not installed"))
    func drawsEveryFigure() throws {
        let folder = try TemporaryFolder()
        let synthetic = try Synthetic(folder: folder, questions: 12)
        let figures = try Figures(scripts: Self.folder.path + "/figures")
        let files = try figures.draw(
            synthetic.reader, experiment: Synthetic.experimentName, into: folder.file("out"))
        let names = files.map { URL(fileURLWithPath: $0).lastPathComponent }
        let expected = [
            "accuracy-bytes", "accuracy-call-ratio", "accuracy-flops", "accuracy-seconds",
            "calibration", "reliability", "roc", "threshold-calls", "time", "training",
        ].flatMap { ["\($0).svg", "\($0).png"] }
        #expect(names == expected)
        for file in files {
            let data = try Data(contentsOf: URL(fileURLWithPath: file))
            if file.hasSuffix(".png") {
                #expect(data.prefix(4) == Data([0x89, 0x50, 0x4E, 0x47]))
            } else {
                let text = String(decoding: data, as: UTF8.self)
                #expect(text.hasSuffix("</svg>\n\n") || text.contains("</svg>"))
            }
        }
        // The title of every series is in the picture.
        let svg = try String(contentsOfFile: try #require(files.first), encoding: .utf8)
        for name in ["slm", "llm", "random", "citer", "slm–llm line"] {
            #expect(svg.contains("\(name)</tspan>") || svg.contains(">\(name)<"), "\(name)")
        }
    }

    @Test(.enabled(if: hasGnuplot, "gnuplot is not installed"))
    func saysWhatIsWrongWithAScript() throws {
        let folder = try TemporaryFolder()
        let synthetic = try Synthetic(folder: folder, questions: 2)
        #expect(throws: FigureError.noScripts(folder: folder.path)) {
            try Figures(scripts: folder.path)
        }
        try "plot \"\"x".write(toFile: folder.file("a.gp"), atomically: true, encoding: .utf8)
        try "SELECT 1, 2".write(toFile: folder.file("a.sql"), atomically: true, encoding: .utf8)
        let draw = {
            try Figures(scripts: folder.path).draw(
                synthetic.reader, experiment: Synthetic.experimentName, into: folder.path)
        }
        let query = #expect(throws: FigureError.self) { try draw() }
        #expect(query?.description == "a.sql: 2 columns, and a figure needs series, x and y")
        try "SELECT 1, 2, 3".write(toFile: folder.file("a.sql"), atomically: true, encoding: .utf8)
        let script = #expect(throws: FigureError.self) { try draw() }
        #expect(script?.description.hasPrefix("a.gp: gnuplot says: ") == true)
        try "SELEC".write(toFile: folder.file("a.sql"), atomically: true, encoding: .utf8)
        #expect(throws: StoreError.self) { try draw() }
        try "DELETE FROM sample".write(
            toFile: folder.file("a.sql"), atomically: true, encoding: .utf8)
        #expect(throws: StoreError.self) { try draw() }
    }

    @Test func writesBlocksForGnuplot() {
        let result = QueryResult(
            columns: ["series", "x", "y"],
            rows: [
                [.text("a\t\"b\""), .integer(1), .real(0.5)],
                [.text("a\t\"b\""), .integer(2), .null],
                [.text("c"), .integer(3), .text("t\nu")],
            ])
        #expect(
            blocks(result)
                == "a 'b'\tx\ty\na 'b'\t1\t0.5\na 'b'\t2\tNULL\n\n\nc\tx\ty\nc\t3\tt u\n")
    }
}

private let hasGnuplot = FileManager.default.isExecutableFile(atPath: "/usr/bin/gnuplot")
