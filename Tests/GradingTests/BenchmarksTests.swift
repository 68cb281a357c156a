import Foundation
import TestSupport
import Testing

@testable import Grading

struct BenchmarksTests {
    @Test func everyNameIsABenchmark() throws {
        #expect(Set(Benchmarks.names).count == Benchmarks.names.count)
        for entry in Benchmarks.all {
            let benchmark = try Benchmarks.named(entry.name)
            #expect(benchmark.name.hasPrefix(entry.name))
            #expect(!benchmark.splits.isEmpty)
            #expect(!entry.summary.isEmpty)
            for split in benchmark.splits { _ = try benchmark.source(of: split) }
        }
    }

    @Test func mistakesAreNamed() {
        #expect(throws: BenchmarkError.unknownBenchmark(name: "gsm", known: Benchmarks.names)) {
            try Benchmarks.named("gsm")
        }
        #expect(
            throws: BenchmarkError.unknownParameter(name: "language", benchmark: "gsm8k", known: [])
        ) { try Benchmarks.named("gsm8k", parameters: ["language": "de"]) }
        #expect(throws: BenchmarkError.self) {
            try Benchmarks.named("mgsm", parameters: ["language": "xx"])
        }
    }

    /// A split of a published data set and the number of its rows.
    struct Split: CustomTestStringConvertible {
        let benchmark: String
        let split: String
        let count: Int
        var parameters: [String: String] = [:]

        /// Its file in the data directory; empty if there is none.
        var path: String {
            let source = try? Benchmarks.named(benchmark, parameters: parameters).source(of: split)
            if case .file(let path) = source { return path }
            return ""
        }

        var testDescription: String {
            "\(benchmark) \(split) \(parameters.values.joined())"
        }
    }

    static let splits: [Split] =
        [
            Split(benchmark: "gsm8k", split: "train", count: 7473),
            Split(benchmark: "gsm8k", split: "test", count: 1319),
            Split(benchmark: "math", split: "train", count: 4500),
            Split(benchmark: "math", split: "test", count: 500),
            Split(benchmark: "commonsense-qa", split: "train", count: 9741),
            Split(benchmark: "commonsense-qa", split: "dev", count: 1221),
            Split(benchmark: "arc-challenge", split: "train", count: 1119),
            Split(benchmark: "arc-challenge", split: "dev", count: 294),
            Split(benchmark: "arc-challenge", split: "test", count: 1172),
            Split(benchmark: "mmlu-professional-psychology", split: "dev", count: 5),
            Split(benchmark: "mmlu-professional-psychology", split: "val", count: 69),
            Split(benchmark: "mmlu-professional-psychology", split: "test", count: 612),
            Split(benchmark: "scitldr", split: "dev", count: 619),
            Split(benchmark: "scitldr", split: "test", count: 618),
        ]
        + TaskDefinition.mgsmLanguages.map {
            Split(benchmark: "mgsm", split: "test", count: 250, parameters: ["language": $0])
        }

    @Test(
        .needs(splits.map(\.path)), arguments: splits)
    func everyRowIsReadAndItsGoldAnswerIsRight(split: Split) throws {
        let benchmark = try Benchmarks.named(split.benchmark, parameters: split.parameters)
        let questions = try benchmark.questions(from: DataFile.bytes(split.path))
        #expect(questions.count == split.count)
        for question in questions {
            let boxed = benchmark.grade("So it is \\boxed{\(question.gold)}.", for: question)
            if case .references = question.key {
                let grade = benchmark.grade(question.gold, for: question)
                #expect(agree(grade.score, 1), "\(question.id)")
            } else {
                #expect(boxed.correct == true, "\(question.id): \(question.gold)")
                #expect(boxed.rule == "boxed")
            }
            guard case .choices(let choices) = question.key else { continue }
            for choice in choices {
                let isGold = choice.label == question.gold
                let outputs = [
                    "The answer is (\(choice.label)).", "Answer: \(choice.label). \(choice.text)",
                    "\\boxed{\(choice.label). \(choice.text)}",
                ]
                for output in outputs {
                    #expect(
                        benchmark.grade(output, for: question).correct == isGold,
                        "\(question.id): \(output)")
                }
            }
        }
    }
}
