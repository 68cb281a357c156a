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
}
