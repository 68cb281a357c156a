import ResultsStore
import Testing

@testable import Reporting

struct FirstScreenTests {
    private func screen(questions: Int) throws -> [String] {
        let synthetic = try Synthetic(folder: TemporaryFolder(), questions: questions)
        let text = try FirstScreen(
            synthetic.reader, experiment: Synthetic.experimentName, resamples: 500
        ).text
        return try #require(text).split(separator: "\n").map(String.init)
    }

    @Test func fitsAScreen() throws {
        for questions in [1, 12, 60] {
            let lines = try screen(questions: questions)
            #expect(lines.count <= 14, "\(questions)")
            #expect(lines.allSatisfy { $0.count <= 100 }, "\(questions)")
            #expect(lines.allSatisfy { $0.last != " " })
        }
    }

    @Test func saysWhatThereIsToGainAndWhatEachCosts() throws {
        let lines = try screen(questions: 60)
        #expect(
            lines[0].contains("60 questions") && lines[0].contains("slm small-0.5b, llm large-1.5b")
        )
        #expect(lines[1].hasPrefix("llm ahead by ") && lines[1].contains("equal: within 2 points"))
        for start in ["llm ", "routed: ", "slm "] {
            #expect(lines.contains { $0.hasPrefix(start) }, "\(start)")
        }
        #expect(lines.contains { $0.hasPrefix("llm ") && $0.contains("100 %") })
        #expect(lines.contains { $0.hasPrefix("bytes: ") || $0.contains(" of the bytes ") })
        // The chart: both models, and settings between them.
        #expect(lines.contains { $0.contains("|") && $0.hasSuffix("L") })
        #expect(lines.contains { $0.contains("|S") })
    }

    /// A cost that was not measured decides nothing, rather than no; those that were are still told.
    @Test func whatWasNotMeasuredDecidesNothing() throws {
        let synthetic = try Synthetic(
            folder: TemporaryFolder(), name: "bare", questions: Array(0..<60), isTimed: false)
        let text = try FirstScreen(
            synthetic.reader, experiment: Synthetic.experimentName, resamples: 500
        ).text
        let lines = try #require(text).split(separator: "\n")
        #expect(lines.contains("seconds: not measured"))
        #expect(lines.contains { $0.contains("of the bytes") || $0.hasPrefix("bytes: ") })
    }

    /// No interval of fewer than ten answers, and no verdict of fewer than thirty.
    @Test func fewQuestionsHaveNoVerdict() throws {
        let lines = try screen(questions: 9)
        #expect(!lines[3].contains("["))
        #expect(!lines.contains { $0.hasPrefix("saves") || $0.contains(": no,") })
    }
}
