import Testing

@testable import Routing

/// Decisions turned round by a seeded draw.
struct FlipsTests {
    /// The positions, of the first `count` of a question, whose decision is turned round.
    private func flipped(
        _ flips: Flips, question: String = "q", count: Int = 4000, from route: Route = .slm
    ) -> [Int] {
        (0..<count).filter { position in
            let signals = Signals(
                question: question, position: position, logProbability: -1,
                secondLogProbability: -2, entropy: 1)
            return flips.route(insteadOf: route, signals) != route
        }
    }

    @Test func noneAllAndAShare() {
        #expect(flipped(Flips(rate: 0, seed: 1)).isEmpty)
        #expect(flipped(Flips(rate: 1, seed: 1)).count == 4000)
        // Four standard deviations around a fifth.
        let count = flipped(Flips(rate: 0.2, seed: 1)).count
        #expect((700...900).contains(count), "\(count)")
    }

    /// The draw looks at neither the route nor, where the rates differ, another draw: more flips contain fewer.
    @Test func theSameDecisionsEachTime() {
        let few = flipped(Flips(rate: 0.05, seed: 1))
        #expect(few == flipped(Flips(rate: 0.05, seed: 1), from: .llm))
        #expect(Set(few).isSubset(of: flipped(Flips(rate: 0.2, seed: 1))))
        #expect(few != flipped(Flips(rate: 0.05, seed: 2)))
        #expect(few != flipped(Flips(rate: 0.05, seed: 1), question: "r"))
    }

    /// The draws are not those of `random`, which would make flips and its calls one.
    @Test func apartFromRandomCalls() {
        let calls = (0..<4000).filter { position in
            let signals = Signals(
                question: "q", position: position, logProbability: -1, secondLogProbability: -2,
                entropy: 1)
            return RandomDraw(seed: 1).score(signals) < 0.2
        }
        let both = Set(calls).intersection(flipped(Flips(rate: 0.2, seed: 1))).count
        #expect((100...220).contains(both), "\(both) of 4000, for 160 expected")
    }
}
