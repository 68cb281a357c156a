import Foundation
import Reporting
import ResultsStore
import Testing

struct ComparisonTests {
    @Test func namesWhatChanged() throws {
        let folder = try TemporaryFolder()
        let synthetic = try Synthetic(folder: folder, questions: 40)
        let cells = ["random:ratio=0.3", "citer:threshold=0.3"]
        let text = try compare(synthetic.reader, synthetic.reader, cells).text(as: .markdown)
        let outcomes = try cells.map { try self.outcomes(synthetic.reader, $0) }
        let common = outcomes[1].filter { $0.question != "5" }
        let onlyRight = zip(outcomes[0], common).count { $0.correct == false && $1.correct == true }
        let onlyLeft = zip(outcomes[0], common).count { $0.correct == true && $1.correct == false }
        #expect(text.contains("39 questions that both finished (0 only on the left, 1 only on"))
        #expect(
            text.contains(
                "Right only on the left: \(onlyLeft); right only on the right: \(onlyRight);"))
        let changed = text.split(separator: "\n").filter { $0.contains("| wrong") }
        #expect(changed.count == onlyRight)
    }

    /// The same cell in two files: nothing differs, and the names say which file is which.
    @Test func comparesTwoDatabases() throws {
        let folder = try TemporaryFolder()
        let one = try Synthetic(folder: folder, name: "one", questions: Array(0..<12))
        let two = try Synthetic(folder: folder, name: "two", questions: Array(4..<20))
        let comparison = try compare(one.reader, two.reader, ["slm", "slm"])
        let json = try #require(
            try JSONSerialization.jsonObject(with: Data(comparison.text(as: .json).utf8))
                as? [String: Any])
        #expect(json["left"] as? String == "slm in \(one.path)")
        #expect((json["changed"] as? [Any])?.isEmpty == true)
        let notes = try #require(json["notes"] as? [String])
        #expect(notes[0].hasPrefix("8 questions that both finished (4 only on the left, 8 only"))
        #expect(notes[1].hasSuffix("exact McNemar p = 1.000."))
        let summary = try #require(json["summary"] as? [[String: Any]])
        #expect(summary.allSatisfy { $0["difference"] as? Double == 0 })
    }

    /// Nothing is not compared with nothing.
    @Test func cellsWithoutACommonQuestionAreRefused() throws {
        let folder = try TemporaryFolder()
        let one = try Synthetic(folder: folder, name: "one", questions: [0, 1])
        let two = try Synthetic(folder: folder, name: "two", questions: [2, 3, 4])
        let error = #expect(throws: StoreError.self) {
            try compare(one.reader, two.reader, ["slm", "llm"])
        }
        #expect(
            error?.description.hasPrefix("no question is finished in both slm (key aaaa") == true)
        #expect(error?.description.contains("which has 2 answers, and llm (key ") == true)
    }

    private func compare(
        _ left: ResultsReader, _ right: ResultsReader, _ cells: [String]
    ) throws -> Comparison {
        let name = Synthetic.experimentName
        return try Comparison(
            ComparisonSide(left, experiment: name, cell: cells[0]),
            ComparisonSide(right, experiment: name, cell: cells[1]), resamples: 200)
    }

    private func outcomes(_ reader: ResultsReader, _ cell: String) throws -> [QuestionOutcome] {
        let experiment = try reader.experiment(named: Synthetic.experimentName).id
        return try reader.outcomes(of: try reader.cell(named: cell, in: experiment).id)
    }
}
