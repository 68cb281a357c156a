import Foundation
import Testing

@testable import Grading

struct ArithmeticChainsTests {
    private func questions(_ chains: ArithmeticChains, _ split: String = "test") throws
        -> [Question]
    {
        guard case .generated(let data) = try chains.source(of: split) else { return [] }
        return try chains.questions(from: data)
    }

    /// Follows a question's words, apart from the generator's own arithmetic.
    private func value(of question: String) -> Int? {
        var value: Int?
        for sentence in question.split(separator: ".") {
            let words = sentence.split(separator: " ")
            guard let number = words.last.flatMap({ Int($0) }), let verb = words.first else {
                continue
            }
            switch (verb, value) {
            case ("Start", _): value = number
            case ("Add", let known?): value = known + number
            case ("Subtract", let known?): value = known - number
            case ("Multiply", let known?): value = known * number
            case ("Divide", let known?): value = known.isMultiple(of: number) ? known / number : nil
            default: return nil
            }
            guard let known = value, (0...999).contains(known) else { return nil }
        }
        return value
    }

    @Test func answersFollowFromTheWords() throws {
        let chains = try ArithmeticChains(depths: [1, 3, 10, 40], count: 50, seed: 7)
        for question in try questions(chains) {
            let text = try #require(question.user.split(separator: "\n").first)
            #expect(value(of: String(text)) == Int(question.gold), "\(question.user)")
            #expect(chains.grade(question.solution ?? "", for: question).correct == true)
            let depth = try #require(Int(question.id.split(separator: "-")[1]))
            #expect(text.split(separator: ".").count == depth + 2)
            #expect(question.solution?.split(separator: "\n").count == depth + 1)
        }
    }

    @Test func rowsFollowFromTheSeedAlone() throws {
        let few = try questions(ArithmeticChains(depths: [2, 5], count: 3, seed: 1))
        let many = try questions(ArithmeticChains(depths: [2, 5], count: 9, seed: 1))
        #expect(few == Array(many.prefix(6)))
        #expect(few.map(\.id).prefix(4) == ["depth-2-0", "depth-5-0", "depth-2-1", "depth-5-1"])
        #expect(try questions(ArithmeticChains(depths: [2, 5], count: 3, seed: 2)) != few)
    }

    // Fixed once: a change of the rows would change every key made from them.
    @Test func rowsAreFixed() throws {
        let question = try questions(ArithmeticChains(depths: [3], count: 1, seed: 0))[0]
        #expect(
            question.user.hasPrefix(
                "Start with 15. Add 99. Subtract 5. Add 63. What is the final number?\n"))
        #expect(question.gold == "172")
    }

    @Test func noChainIsInBothSplits() throws {
        let chains = try ArithmeticChains(depths: [1, 2], count: 500)
        let test = Set(try questions(chains, "test").map(\.user))
        let train = Set(try questions(chains, "train").map(\.user))
        #expect(test.isDisjoint(with: train))
        #expect(throws: BenchmarkError.self) { try chains.source(of: "dev") }
    }

    @Test(arguments: [
        ["depths": ""], ["depths": "2,"], ["depths": "0"], ["depths": "101"], ["depths": "2,2"],
        ["depths": "two"], ["count": "0"], ["count": "-1"], ["seed": "-1"], ["seed": "x"],
    ])
    func badParameters(parameters: [String: String]) {
        #expect(throws: BenchmarkError.self) {
            try Benchmarks.named("arithmetic-chains", parameters: parameters)
        }
    }

    @Test func parametersAreRead() throws {
        let chains = try ArithmeticChains(
            parameters: ["depths": "3, 9", "count": "4", "seed": "18446744073709551615"])
        #expect(chains.depths == [3, 9])
        #expect(chains.count == 4)
        #expect(chains.seed == .max)
    }
}
