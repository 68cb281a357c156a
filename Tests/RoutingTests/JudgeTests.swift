import Foundation
import Routing
import Testing

/// Judges: thresholds, what they see, and their files.
struct JudgeTests {
    private func judge(
        inputs: [RouterInput] = [.likelihood, .ratio], quantiles: [Float] = [],
        kind: String = Router.judgeKind, weights: [Float]? = nil
    ) throws -> Router {
        let features = RouterFeatures(inputs: inputs, widths: Pair(slm: 2, llm: 3), llmLayer: 4)
        return try Router(
            kind: kind, architecture: .linear, features: features, slmSha256: "s", llmSha256: "l",
            mean: [Float](repeating: 0, count: features.count),
            scale: [Float](repeating: 1, count: features.count),
            layers: [
                RouterLayer(
                    inputs: features.count, outputs: 1,
                    weights: weights ?? [Float](repeating: 0.5, count: features.count),
                    biases: [0])
            ], quantiles: quantiles)
    }

    private let place = JudgedPlace(
        position: 31, draft: 1, favourite: 0, previous: 2, logProbability: -2,
        favouriteLogProbability: -0.5, llmEntropy: 1.5, slmEntropy: 0.75, slmLogProbability: -0.25,
        slmSecondLogProbability: -2, kl: 0.6, js: 0.1, slmHidden: [1, 2], llmHidden: [3, 4, 5],
        llmLayers: [4: [6, 7, 8]], agreements: [true, true, false, true])

    /// Twenty harmful tokens with scores 0.05, 0.1, ... 1: what recall asks, counted by hand.
    @Test func thresholdsByRecall() throws {
        let scores = (1...20).map { Float($0) / 20 }
        let judge = try judge(quantiles: scores)
        // 18 of 20 lie at or above the third.
        #expect(try judge.threshold(recall: 0.9) == scores[2])
        #expect(try judge.threshold(recall: 0.95) == scores[1])
        // 10.2 are 11.
        #expect(try judge.threshold(recall: 0.51) == scores[9])
        for recall in [0.5, 0.7, 0.8, 0.9, 0.95] {
            let threshold = try judge.threshold(recall: recall)
            let caught = Double(scores.count { $0 >= threshold }) / 20
            #expect(caught >= recall && caught < recall + 0.05)
        }
        #expect(throws: JudgeError.tooFewHarmful(recall: 0.99, found: 20, needed: 100)) {
            try judge.threshold(recall: 0.99)
        }
        #expect(throws: JudgeError.tooFewHarmful(recall: 0.999, found: 20, needed: 1000)) {
            try judge.threshold(recall: 0.999)
        }
        for recall in [0, 1, -1, .nan] {
            #expect(throws: JudgeError.self) { try judge.threshold(recall: recall) }
        }
        #expect(
            "\(JudgeError.tooFewHarmful(recall: 0.99, found: 20, needed: 100))"
                .contains(
                    "at least 100 harmful tokens of held-out questions, and this judge has 20"))
    }

    /// Ties are all refused together.
    @Test func equalScores() throws {
        let judge = try judge(quantiles: [Float](repeating: 0.25, count: 10))
        #expect(try judge.threshold(recall: 0.9) == 0.25)
    }

    @Test func anotherRouterIsNoJudge() throws {
        let router = try Router(
            kind: "r2r", architecture: .linear,
            features: RouterFeatures(inputs: [.position], hiddenWidth: 0), slmSha256: "s",
            llmSha256: "l", mean: [0, 0], scale: [1, 1],
            layers: [RouterLayer(inputs: 2, outputs: 1, weights: [1, 1], biases: [0])],
            quantiles: (0..<99).map { Float($0) })
        #expect(throws: JudgeError.notAJudge(kind: "r2r")) { try router.threshold(recall: 0.9) }
    }

    @Test func whatAJudgeSees() {
        func seen(_ inputs: RouterInput...) -> [Float] {
            RouterFeatures(inputs: inputs, widths: Pair(slm: 2, llm: 3), llmLayer: 4)
                .vector(of: place, classes: [.word, .digits])
        }
        func near(_ a: [Float], _ b: [Double]) -> Bool {
            a.count == b.count && zip(a, b).allSatisfy { abs(Double($0) - $1) < 1e-6 }
        }
        #expect(near(seen(.likelihood), [-2, exp(-2)]))
        #expect(near(seen(.ratio), [-1.5, exp(-1.5)]))
        #expect(seen(.divergence) == [0.6, 0.1] && seen(.entropies) == [0.75, 1.5])
        #expect(near(seen(.margin), [exp(-0.25) - exp(-2), exp(-0.25)]))
        // Three agree, two before the first that does not, four are there.
        #expect(seen(.agreement) == [3, 2, 4])
        #expect(seen(.slmHidden) == [1, 2] && seen(.llmHidden) == [3, 4, 5])
        #expect(seen(.llmMiddle) == [6, 7, 8])
        #expect(seen(.position) == [31.0 / 256, 1.0 / 32])
        let classes = TokenClass.allCases
        #expect(
            seen(.token)
                == [TokenClass.digits, .word, .control].flatMap { own in
                    classes.map { $0 == own ? 1 : 0 }
                })
        #expect(seen(.agreement, .entropies) == [3, 2, 4, 0.75, 1.5])
    }

    /// A draft stays if the head finds it harmless, by what is behind it.
    @Test func aJudgeDecides() {
        let score = JudgeScore(sha256: "x", needs: Pair(both: .none)) { place in
            0.5 - 0.1 * Float(place.agreements.count { $0 })
        }
        func draft(_ token: Int32, place: JudgedPlace? = nil) -> JudgedDraft {
            JudgedDraft(
                token: token, favourite: 0, second: 2, logProbability: -2,
                favouriteLogProbability: -0.5, place: place)
        }
        let (yes, no) = (draft(0), draft(3))
        let open = draft(1, place: place)
        func keeps(_ limit: Float, _ behind: [JudgedDraft]) -> Bool {
            KeepRule(.judge(score, below: limit)).keeps(0, of: [open] + behind)
        }
        #expect(keeps(0.35, [yes, yes, no, yes]) == true)
        #expect(keeps(0.35, [yes]) == false && keeps(0.5, [no, no]) == false)
        // Five at most are looked at.
        #expect(keeps(0.25, [no, no, no, no, yes, yes, yes]) == false)
        // Of a draft that S did not write nothing is known; L's favourite always stays.
        #expect(!KeepRule(.judge(score, below: 9)).keeps(0, of: [draft(1)]))
        #expect(KeepRule(.judge(score, below: -1)).keeps(0, of: [yes]))
        #expect(!KeepRule(.judge(score, below: 9), floor: -1).keeps(0, of: [open]))
        let other = JudgeScore(sha256: "y", needs: Pair(both: .none)) { _ in 0 }
        #expect(KeepRule(.judge(score, below: 0.1)) != KeepRule(.judge(other, below: 0.1)))
        #expect(KeepRule(.judge(score, below: 0.1)) == KeepRule(.judge(score, below: 0.1)))
    }

    @Test func fileRoundTrip() throws {
        for input in RouterInput.allCases where input.isOfDraft {
            let router = try judge(inputs: [input], quantiles: [0.25, 0.5])
            let data = RouterFile.data(of: router)
            #expect(try RouterFile.router(from: data) == router)
            // A damaged width is told, not believed.
            for cut in stride(from: 0, to: data.count, by: 11) {
                #expect(throws: RouterFileError.self) {
                    try RouterFile.router(from: data.prefix(cut))
                }
            }
        }
        let score = JudgeScore(try judge(inputs: [.llmHidden]), sha256: "h", classes: [])
        #expect(score.needs.llm == SignalNeeds(hidden: true) && score.needs.slm == .none)
        #expect(score.score(place) > 0.99)
    }

    /// Routers of one kind see no inputs of the other.
    @Test func inputsOfTheOtherKindAreRefused() {
        #expect(throws: RouterFileError.self) { try judge(inputs: [.uncertainty]) }
        #expect(throws: RouterFileError.self) { try judge(inputs: [.likelihood], kind: "citer") }
    }
}
