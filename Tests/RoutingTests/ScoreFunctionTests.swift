import Foundation
import Testing

@testable import Routing

/// Scores of known distributions, and on which side of a threshold each calls the large model.
struct ScoreFunctionTests {
    /// A step whose two largest probabilities are `p` and `q`.
    private func step(_ p: Double, _ q: Double, entropy: Float = 1) -> Signals {
        Signals(
            question: "q", position: 0, logProbability: Float(log(p)),
            secondLogProbability: Float(log(q)), entropy: entropy)
    }

    @Test(arguments: [(1.0, 1e-9), (0.9, 0.05), (0.5, 0.5), (0.25, 0.2), (1e-4, 1e-5)])
    func valuesAreTheProbabilities(p: Double, q: Double) {
        let signals = step(p, q, entropy: 0.75)
        #expect(abs(Double(MaxProbability().score(signals)) - p) < 2e-7)
        #expect(abs(Double(Margin().score(signals)) - (p - q)) < 4e-7)
        #expect(Entropy().score(signals) == 0.75)
        #expect(signals.maxProbability <= 1 && signals.margin >= 0)
    }

    /// A certain token and an impossible one, whose logarithm is minus infinity.
    @Test func certainty() {
        let signals = Signals(
            question: "q", position: 0, logProbability: 0, secondLogProbability: -.infinity,
            entropy: 0)
        #expect(MaxProbability().score(signals) == 1)
        #expect(Margin().score(signals) == 1)
        #expect(Entropy().score(signals) == 0)
    }

    @Test func equalsInTheTopPlacesHaveNoMargin() {
        #expect(Margin().score(step(0.3, 0.3)) == 0)
    }

    @Test func namesAndSides() {
        #expect(MaxProbability().name == "max-prob" && MaxProbability().calls == .below)
        #expect(Entropy().name == "entropy" && Entropy().calls == .above)
        #expect(Margin().name == "margin" && Margin().calls == .below)
        #expect(RandomDraw(seed: 1).name == "random" && RandomDraw(seed: 1).calls == .below)
        let functions: [any ScoreFunction] = [
            MaxProbability(), Entropy(), Margin(), RandomDraw(seed: 1),
        ]
        #expect(functions.count { $0.needs != .none } == 0)
    }

    /// Low confidence calls L, low entropy does not; at equality S writes, on both sides.
    @Test(arguments: [
        (Float(0.2), Route.llm, Route.slm), (0.5, .slm, .slm), (0.8, .slm, .llm),
        (Float(0.5).nextDown, .llm, .slm), (Float(0.5).nextUp, .slm, .llm),
    ])
    func sidesOfTheThreshold(score: Float, below: Route, above: Route) {
        #expect(MaxProbability().route(score: score, threshold: 0.5) == below)
        #expect(Margin().route(score: score, threshold: 0.5) == below)
        #expect(RandomDraw(seed: 1).route(score: score, threshold: 0.5) == below)
        #expect(Entropy().route(score: score, threshold: 0.5) == above)
    }

    /// Thresholds at the ends make a policy the small or the large model alone.
    @Test func endsOfTheScale() {
        for p in [1.0, 0.7, 0.01] {
            let score = MaxProbability().score(step(p, p / 10))
            #expect(MaxProbability().route(score: score, threshold: 0) == .slm)
            #expect(MaxProbability().route(score: score, threshold: 1.1) == .llm)
        }
        #expect(Entropy().route(score: 0, threshold: -1) == .llm)
        #expect(Entropy().route(score: 9, threshold: .infinity) == .slm)
    }

    /// A score that is no number is on no side: the small model writes.
    @Test func notANumber() {
        #expect(Entropy().route(score: .nan, threshold: 1) == .slm)
        #expect(Margin().route(score: .nan, threshold: 1) == .slm)
    }
}

struct RoutingPolicyTests {
    private struct Looking: ScoreFunction {
        let name = "looking"
        let calls = CallSide.above
        let needs = SignalNeeds(hidden: true)
        func score(_ signals: Signals) -> Float { signals.hidden.first ?? 0 }
    }

    @Test func whatAPolicyNeeds() {
        #expect(RoutingPolicy.slm.needs == .none && RoutingPolicy.llm.needs == .none)
        #expect(RoutingPolicy.scored(Entropy(), threshold: 1).needs == .none)
        #expect(RoutingPolicy.scored(Looking(), threshold: 1).needs.hidden)
        #expect(RoutingPolicy.whole(Looking(), threshold: 1).needs.hidden)
        #expect(RoutingPolicy.disagree.needs == .none)
    }
}
