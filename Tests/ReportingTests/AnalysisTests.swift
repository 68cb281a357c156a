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
        let all = try synthetic.reader.query(sql, parameters: ["cell": .text("")])
        #expect(try synthetic.reader.query(sql) == all)
        guard sql.contains(":cell") else { return }
        let one = try synthetic.reader.query(sql, parameters: ["cell": .text("6")])
        if let column = one.columns.firstIndex(of: "cell") {
            #expect(one.rows.allSatisfy { $0[column] == .integer(6) })
        }
        #expect(try synthetic.reader.query(sql, parameters: ["cell": .text("99")]).rows.isEmpty)
    }
}
