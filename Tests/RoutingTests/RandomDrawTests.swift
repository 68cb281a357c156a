import Testing

@testable import Routing

/// Draws keyed on seed, question and position.
struct RandomDrawTests {
    private func draw(_ seed: UInt64, _ question: String, _ position: Int) -> Float {
        RandomDraw(seed: seed).score(
            Signals(
                question: question, position: position, logProbability: -1,
                secondLogProbability: -2, entropy: 1))
    }

    /// Results in databases rest on these numbers: whoever changes them changes every random run.
    /// They come from an implementation in another language.
    @Test func frozenDraws() {
        #expect(draw(0, "", 0) == 12_595_749 * 0x1p-24)
        #expect(draw(1, "gsm8k-17", 0) == 5_302_631 * 0x1p-24)
        #expect(draw(1, "gsm8k-17", 1) == 2_734_013 * 0x1p-24)
        #expect(draw(1, "gsm8k-18", 0) == 14_928_460 * 0x1p-24)
        #expect(draw(2, "gsm8k-17", 0) == 11_565_126 * 0x1p-24)
        #expect(draw(1, "Größe 東京", 319) == 8_203_414 * 0x1p-24)
    }

    @Test func everyPartOfTheKeyMatters() {
        var seen: Set<Float> = []
        for seed in 0..<5 as Range<UInt64> {
            for question in ["0", "1", "10", "01", "", "a", "b"] {
                for position in 0..<5 { seen.insert(draw(seed, question, position)) }
            }
        }
        #expect(seen.count == 5 * 7 * 5)
    }

    /// Nothing else matters: neither the model's view nor what was drawn before.
    @Test func independentOfOrderAndSignals() {
        let function = RandomDraw(seed: 7)
        let positions = Array(0..<50)
        let forwards = positions.map { draw(7, "q", $0) }
        let backwards = positions.reversed().map { position in
            function.score(
                Signals(
                    question: "q", position: position, logProbability: -9,
                    secondLogProbability: -10, entropy: 5, hidden: [1, 2]))
        }
        #expect(forwards == backwards.reversed())
    }

    /// The share of calls is the ratio, within five standard deviations, over positions as over
    /// questions.
    @Test(arguments: [0, 0.05, 0.1, 0.5, 0.8, 1] as [Float])
    func meanIsTheRatio(ratio: Float) {
        let count = 20_000
        let function = RandomDraw(seed: 3)
        let overPositions = (0..<count).count {
            function.route(score: draw(3, "q", $0), threshold: ratio) == .llm
        }
        let overQuestions = (0..<count).count {
            function.route(score: draw(3, "\($0)", 5), threshold: ratio) == .llm
        }
        let expected = Double(ratio) * Double(count)
        let deviation = (expected * (1 - Double(ratio))).squareRoot()
        #expect(abs(Double(overPositions) - expected) <= 5 * deviation)
        #expect(abs(Double(overQuestions) - expected) <= 5 * deviation)
    }

    /// Sixteen equal bins of draws, tested for uniformity (chi-squared, 15 degrees of freedom; 50
    /// is beyond one in 80,000), and neighbours for correlation.
    @Test func uniformAndUncorrelated() {
        let draws = (0..<16_000).map { draw(11, "question", $0) }
        #expect(draws.count { !(0..<1).contains($0) } == 0)
        var bins = [Int](repeating: 0, count: 16)
        for value in draws { bins[Int(value * 16)] += 1 }
        let chi = bins.reduce(0.0) { $0 + Double(($1 - 1000) * ($1 - 1000)) / 1000 }
        #expect(chi < 50)
        let centred = draws.map { Double($0) - 0.5 }
        let product = zip(centred, centred.dropFirst()).reduce(0) { $0 + $1.0 * $1.1 }
        #expect(abs(product / 16_000 * 12) < 0.04)
    }

    /// A threshold's calls contain those of every lower one, so that curves are nested.
    @Test func thresholdsAreNested() {
        let function = RandomDraw(seed: 5)
        for position in 0..<200 {
            let score = draw(5, "q", position)
            let routes = [0.1, 0.2, 0.5, 0.9].map { function.route(score: score, threshold: $0) }
            #expect(routes == routes.sorted { $0 == .slm && $1 == .llm })
        }
    }
}
