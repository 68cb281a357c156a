package import Foundation
import Hashing

/// Several benchmarks asked as one: a task in many languages, or many tasks of one router.
///
/// A question keeps its own benchmark's prompt and grader. Its id is `BENCHMARK:ID`, so results can be told apart again.
package struct Mixture: Benchmark {
    package let name: String
    /// What is mixed, in order; names differ and the system turn is the same.
    package let parts: [any Benchmark]

    package init(name: String, parts: [any Benchmark]) throws(BenchmarkError) {
        let names = parts.map(\.name)
        guard !parts.isEmpty, Set(names).count == names.count else {
            throw .badDefinition(
                task: name,
                reason: "it mixes \(names.joined(separator: ", ")); name each part once")
        }
        guard Set(parts.map(\.systemPrompt)).count == 1 else {
            throw .badDefinition(
                task: name, reason: "its parts have different system turns; mix tasks of one")
        }
        self.name = name
        self.parts = parts
    }

    package var promptVersion: String {
        Fingerprint.text(of: parts.flatMap { [$0.name, $0.promptVersion] })
    }

    package var graderVersion: String {
        parts.map { "\($0.name): \($0.graderVersion)" }.joined(separator: "; ")
    }

    package var systemPrompt: String { parts[0].systemPrompt }

    /// The splits that all parts have.
    package var splits: [String] {
        parts.dropFirst().reduce(Set(parts[0].splits)) { $0.intersection($1.splits) }.sorted()
    }

    /// A mixture has no rows of its own: its parts' sources are read one by one.
    package func source(of split: String) throws(BenchmarkError) -> QuestionSource {
        throw .unknownSplit(name: split, benchmark: name, known: [])
    }

    /// A mixture has no rows of its own: see `mixed`.
    package func questions(from data: Data) throws(BenchmarkError) -> [Question] {
        throw .noRows
    }

    /// The parts' questions in turns, so that any number of the first ones covers all parts evenly: the first of each, the second of each, and so on.
    /// - Parameter questions: per part, in the parts' order.
    package func mixed(_ questions: [[Question]]) -> [Question] {
        precondition(questions.count == parts.count, "one list of questions a part")
        let longest = questions.map(\.count).max() ?? 0
        return (0..<longest).flatMap { index in
            zip(parts, questions).compactMap { part, questions in
                guard index < questions.count else { return nil }
                let question = questions[index]
                return Question(
                    id: "\(part.name):\(question.id)", user: question.user, gold: question.gold,
                    solution: question.solution, key: question.key)
            }
        }
    }

    /// Grades by the part that the question's id names.
    package func grade(_ output: String, isCut: Bool, for question: Question) -> Grade {
        let part = parts.first { question.id.hasPrefix("\($0.name):") } ?? parts[0]
        return part.grade(output, isCut: isCut, for: question)
    }
}
