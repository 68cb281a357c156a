import Testing

@testable import Reporting
@testable import ResultsStore

/// What the names of questions say of them.
struct QuestionGroupTests {
    private func outcomes(_ names: [String]) -> [QuestionOutcome] {
        names.enumerated().map { index, name in
            QuestionOutcome(
                question: name, correct: true, score: nil, isCut: false, promptTokens: 10 + index,
                tokens: 5, llmCalls: 5, llmPasses: 5, slmProcessed: 5, llmProcessed: 5,
                flops: nil, bytes: nil, seconds: nil, joules: nil)
        }
    }

    private func kinds(_ names: [String]) throws -> [QuestionGroup.Kind] {
        try QuestionGroup.all(of: outcomes(names)).map(\.kind)
    }

    @Test func tasksAndDepthsAreInNames() throws {
        #expect(try kinds(["b:1", "a:depth-2-1", "b:x:y"]) == [.task("a"), .task("b")])
        #expect(try kinds(["depth-16-0", "depth-2-0", "depth-16-1"]) == [.depth(2), .depth(16)])
        let groups = try QuestionGroup.all(of: outcomes(["b:1", "a:1", "b:2"]))
        #expect(groups.map(\.questions) == [["a:1"], ["b:1", "b:2"]])
        #expect(groups.allSatisfy { $0.isMadeFor })
    }

    /// One task is no mixture, and one name of another form makes all of them ids like any other.
    @Test(arguments: [["a:1", "a:2"], ["a:1", "2"], ["depth-2-1", "3"], ["depths-2-1"], []])
    func otherNamesMakeNoGroups(names: [String]) throws {
        let found = try kinds(names)
        #expect(found.isEmpty)
    }

    @Test(arguments: [
        (["depth-2-1", "depth-x-1"], "depth-x-1"), (["depth-2"], "depth-2"),
        (["depth-2-1-3"], "depth-2-1-3"), (["depth-2-b"], "depth-2-b"), (["a:1", ":1"], ":1"),
        (["a:1", "b:"], "b:"),
    ])
    func malformedNamesAreRefused(names: [String], malformed: String) {
        let error = #expect(throws: QuestionNameError.self) { try kinds(names) }
        #expect(error?.description.contains("\"\(malformed)\"") == true)
    }

    @Test func lengthsAreThirds() throws {
        let groups = try QuestionGroup.all(of: outcomes((0..<15).map { "\($0)" }))
        #expect(
            groups.map(\.kind) == [
                .promptLength(10...14), .promptLength(15...19), .promptLength(20...24),
                // All of one length stay together.
                .answerLength(5...5),
            ])
        #expect(!groups.contains { $0.isMadeFor })
        let few = try kinds((0..<14).map { "\($0)" })
        #expect(few.isEmpty)
    }
}
