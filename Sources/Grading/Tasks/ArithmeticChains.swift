package import Foundation
import Hashing

/// Chains of small calculations, each on the result of the one before: one wrong token ruins the answer.
///
/// Made for the question how routing copes with high token dependency (docs/method.md, R12): accuracy and
/// call ratio by depth. A chain of depth d starts from a number and takes d steps (add, subtract,
/// multiply, divide without remainder); every result stays in 0...999, so that depth and not size makes
/// it hard. Rows follow from the seed alone; more rows leave the first ones as they are. No chain occurs
/// in both splits.
package struct ArithmeticChains: Benchmark {
    /// The numbers of steps, each with `count` rows.
    package let depths: [Int]
    /// The rows of each depth in each split.
    package let count: Int
    /// Decides all rows.
    package let seed: UInt64

    private let task = TaskDefinition(
        name: "arithmetic-chains", format: .number, files: [:],
        fields: FieldNames(solution: "answer"))

    /// Chains of the given depths (1...100), `count` of each in each split.
    package init(
        depths: [Int] = [2, 4, 8, 16], count: Int = 50, seed: UInt64 = 0
    ) throws(BenchmarkError) {
        guard !depths.isEmpty, depths.allSatisfy((1...100).contains),
            Set(depths).count == depths.count
        else {
            throw .badParameter(
                name: "depths", value: depths.map(String.init).joined(separator: ","),
                expected: "different numbers from 1 to 100, such as 2,4,8")
        }
        guard (1...100_000).contains(count) else {
            throw .badParameter(
                name: "count", value: "\(count)", expected: "a number from 1 to 100000")
        }
        self.depths = depths
        self.count = count
        self.seed = seed
    }

    /// Chains from the texts of a spec: `depths` (`2,4,8`), `count` and `seed`.
    init(parameters: [String: String]) throws(BenchmarkError) {
        let standard = try ArithmeticChains()
        func number<Number: FixedWidthInteger>(
            _ text: String, of name: String
        ) throws(BenchmarkError) -> Number {
            guard let number = Number(text.trimmed) else {
                throw .badParameter(name: name, value: text, expected: "a whole number")
            }
            return number
        }
        var depths = standard.depths
        if let list = parameters["depths"] {
            depths = []
            for text in list.split(separator: ",", omittingEmptySubsequences: false) {
                depths.append(try number(String(text), of: "depths"))
            }
        }
        var count = standard.count
        if let text = parameters["count"] { count = try number(text, of: "count") }
        var seed = standard.seed
        if let text = parameters["seed"] { seed = try number(text, of: "seed") }
        try self.init(depths: depths, count: count, seed: seed)
    }

    package var name: String { task.name }
    package var promptVersion: String { task.promptVersion }
    package var graderVersion: String { task.graderVersion }
    package var systemPrompt: String { task.systemPrompt }
    package var splits: [String] { ["test", "train"] }

    /// The rows of a split as JSON Lines. A row's id is `depth-D-N`; the depths alternate, so that any
    /// first n rows hold all of them. O(rows x depth).
    package func source(of split: String) throws(BenchmarkError) -> QuestionSource {
        guard let number = splits.firstIndex(of: split) else {
            throw .unknownSplit(name: split, benchmark: name, known: splits)
        }
        let rows = (0..<count).flatMap { index in
            depths.map { row(depth: $0, index: index, split: number) }
        }
        return .generated(Data((rows.joined(separator: "\n") + "\n").utf8))
    }

    /// As the task that it is built on reads them.
    package func questions(from data: Data) throws(BenchmarkError) -> [Question] {
        try task.questions(from: data)
    }

    /// As the task that it is built on grades.
    package func grade(_ output: String, isCut: Bool, for question: Question) -> Grade {
        task.grade(output, isCut: isCut, for: question)
    }

    // MARK: Rows

    private func row(depth: Int, index: Int, split: Int) -> String {
        // Independent of the other rows, so that their number does not matter.
        var generator = SplitMix64(
            seed: SplitMix64.mixed(
                seed: SplitMix64.mixed(seed: seed, counter: UInt64(depth)), counter: UInt64(index)))
        while true {
            let chain = Chain(depth: depth, using: &generator)
            // Each possible chain belongs to one split: that which its first bit names.
            guard Fingerprint.hash(of: [chain.question]) >> 63 == UInt64(split) else { continue }
            let answer = (chain.steps + ["#### \(chain.result)"]).joined(separator: "\\n")
            return #"{"id": "depth-\#(depth)-\#(index)", "depth": \#(depth), "#
                + #""question": "\#(chain.question)", "answer": "\#(answer)"}"#
        }
    }
}

/// One chain: its wording, its calculation and its result.
private struct Chain {
    private(set) var question: String
    private(set) var steps: [String] = []
    private(set) var result: Int

    private static let values = 0...999

    init(depth: Int, using generator: inout SplitMix64) {
        result = Int(generator.next(below: 90)) + 10
        question = "Start with \(result)."
        for _ in 0..<depth { takeStep(using: &generator) }
        question += " What is the final number?"
    }

    private mutating func takeStep(using generator: inout SplitMix64) {
        while true {
            let operand = Int(generator.next(below: 98)) + 2
            let factor = operand % 8 + 2
            let candidate: (words: String, sign: String, operand: Int, value: Int)
            switch generator.next(below: 4) {
            case 0: candidate = ("Add \(operand).", "+", operand, result + operand)
            case 1: candidate = ("Subtract \(operand).", "-", operand, result - operand)
            case 2: candidate = ("Multiply by \(factor).", "*", factor, result * factor)
            default:
                guard result > 0, result.isMultiple(of: factor) else { continue }
                candidate = ("Divide by \(factor).", "/", factor, result / factor)
            }
            // A product with 0 would make all that was before it irrelevant.
            guard Self.values.contains(candidate.value), candidate.sign != "*" || result > 0 else {
                continue
            }
            question += " \(candidate.words)"
            steps.append("\(result) \(candidate.sign) \(candidate.operand) = \(candidate.value)")
            result = candidate.value
            return
        }
    }
}
