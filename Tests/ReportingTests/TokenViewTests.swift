import Foundation
import ResultsStore
import Testing

@testable import Reporting

struct TokenViewTests {
    @Test func marksAuthorsWithoutColour() throws {
        let text = try view("citer:threshold=0.3").text(colour: false)
        #expect(!text.contains("\u{1B}"))
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        #expect(lines.first == "sums <&> 100%_\\| · citer threshold=0.3 · question 7")
        #expect(lines.dropFirst().first == "slm small-0.5b, llm large-1.5b")
        #expect(text.contains("‹written by the llm›, the rest by the slm"))
        #expect(text.contains("🙂"))
        let reader = try open()
        let row = try sample(reader, "citer:threshold=0.3")
        let calls = try reader.tokens(of: row).count { $0.author == .llm }
        #expect(text.contains("\(calls) llm passes, ended by the model"))
        // One more pair is in the legend.
        #expect(text.count { $0 == "‹" } == calls + 1)
    }

    @Test func coloursEveryVisiblePieceAndResets() throws {
        let text = try view("citer:threshold=0.3").text(colour: true)
        let starts = text.components(separatedBy: "\u{1B}[1;4;38;5;16;48;5;").count - 1
        #expect(starts > 5)
        let sequences = text.matches(of: /\u{1B}\[([0-9;]+)m/).map { String($0.output.1) }
        #expect(sequences.count.isMultiple(of: 2))
        for (index, sequence) in sequences.enumerated() {
            #expect((sequence == "0") == (index % 2 == 1))
        }
        #expect(
            text.contains("the llm is called where citer is below 0.3; shade: how near to a call"))
        // Nothing but our own sequences: the hostile token's escape is shown, not sent.
        #expect(text.count { $0 == "\u{1B}" } == sequences.count)
        #expect(text.contains("␛[31m"))
    }

    @Test func showsFailuresAndSaysWhatThereIs() throws {
        let failed = try TokenView(
            open(), experiment: Synthetic.experimentName, cell: "random:ratio=0.3", question: "5")
        #expect(failed.text(colour: true).contains("failed after 1 tries: prompt of 9000 tokens"))
        let missing = #expect(throws: StoreError.self) { try view("citer:threshold=0.9") }
        #expect(missing?.description.contains("citer threshold=0.8") == true)
        let several = #expect(throws: StoreError.self) { try view("citer") }
        #expect(several?.description.contains("no single cell named citer") == true)
    }

    @Test(
        arguments: [
            ([[0x41], [0xF0, 0x9F], [0x99], [0x82], [0x42]], ["A", "", "", "🙂", "B"], ""),
            ([[0xE6, 0x97], [0x41]], ["", "\u{FFFD}A"], ""),
            ([[0xE6, 0x97]], [""], "\u{FFFD}"),
            ([[0xFF], [0x80], [0xC3]], ["\u{FFFD}", "\u{FFFD}", ""], "\u{FFFD}"),
            ([[], [0]], ["", "\0"], ""),
        ] as [([[UInt8]], [String], String)])
    func cutsBytesIntoText(tokens: [[UInt8]], texts: [String], rest: String) {
        var text = TokenText()
        #expect(tokens.map { text.next($0) } == texts)
        #expect(text.finish() == rest)
    }

    private let folder: TemporaryFolder
    private let path: String

    init() throws {
        folder = try TemporaryFolder()
        path = try Synthetic(folder: folder, questions: 9).path
    }

    private func open() throws -> ResultsReader { try ResultsReader(path: path) }

    private func view(_ cell: String) throws -> TokenView {
        try TokenView(open(), experiment: Synthetic.experimentName, cell: cell, question: "7")
    }

    private func sample(_ reader: ResultsReader, _ cell: String) throws -> SampleRow {
        let experiment = try reader.experiment(named: Synthetic.experimentName).id
        return try reader.sample(
            of: try reader.cell(named: cell, in: experiment).id, question: "7")
    }
}
