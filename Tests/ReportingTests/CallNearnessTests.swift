import ResultsStore
import Routing
import Testing

@testable import Reporting

struct CallNearnessTests {
    @Test(
        arguments: [
            ("margin", "threshold=0.4", 0.4, "margin 0.4 below"),
            ("entropy", "threshold=1.5", 1.5, "entropy 1.5 above"),
            ("citer", "threshold=0.9", 0.9, "citer 0.9 below"),
            ("r2r", "threshold=0.9,keep=strict", 0.9, "r2r 0.9 above"),
            // Those whose threshold goes by another name.
            ("random", "ratio=0.3", nil, "draw 0.3 below"),
            ("bild", "fallback=0.6,rollback=2.5", nil, "max-prob 0.6 below"),
            ("slm", nil, nil, nil), ("llm", nil, nil, nil), ("disagree", nil, nil, nil),
            ("speculative", "draft=4", nil, nil), ("margin", "never", nil, nil),
            ("random", nil, nil, nil), ("of a later version", "threshold=1", 1, nil),
        ] as [(String, String?, Double?, String?)])
    func everyPolicysScoreIsKnown(
        policy: String, setting: String?, threshold: Double?, expected: String?
    ) throws {
        let score = CallScore(of: try cell(policy, setting, threshold))
        #expect(score.map { "\($0.name) \(numberText($0.threshold)) \($0.calls)" } == expected)
    }

    /// The same hundred scores on both sides of the same threshold, and on another scale: equal ranks have equal shades.
    @Test(arguments: [(CallSide.below, 1.0), (.above, 1), (.below, 1000), (.above, 1000)])
    func aStepIsAShareOfTheScores(calls: CallSide, scale: Double) throws {
        let policy = calls == .below ? "max-prob" : "entropy"
        let score = try #require(CallScore(of: try cell(policy, "threshold=\(scale)", scale)))
        let sign = calls == .below ? 1.0 : -1
        let kept = (1...100).map { scale + sign * scale * Double($0) * Double($0) / 1e4 }
        let called = (1...30).map { scale - sign * scale * Double($0) / 100 }
        let nearness = CallNearness(score, scores: kept.shuffled() + called)
        let steps = kept.map(nearness.step)
        #expect(
            steps
                == [Int](repeating: 4, count: 2) + [Int](repeating: 3, count: 8)
                + [Int](repeating: 2, count: 15) + [Int](repeating: 1, count: 25)
                + [Int](repeating: 0, count: 50))
        #expect(called.allSatisfy { nearness.step(of: $0) == CallNearness.called })
    }

    /// At the threshold the small model writes, and a stored score may be off by its grain.
    @Test func theThresholdItselfIsNoCall() throws {
        let score = try #require(CallScore(of: try cell("max-prob", "threshold=0.4", 0.410_523_4)))
        #expect(score.distance(of: 0.410_523) == 0)
        #expect(score.distance(of: 0.410_521) < 0 && score.distance(of: 0.410_525) > 0)
        let nearness = CallNearness(score, scores: [0.1, 0.2])
        #expect(nearness.cutoffs.isEmpty && nearness.step(of: 0.9) == 0)
        #expect(nearness.step(of: 0.2) == CallNearness.called)
    }

    private func cell(_ policy: String, _ setting: String?, _ threshold: Double?) throws -> CellRow
    {
        let folder = try TemporaryFolder()
        let store = try ResultsStore(path: folder.file("cell.sqlite"))
        let experiment = try store.register(ExperimentRecord(name: "e", question: nil, spec: ""))
        let id = try store.register(
            CellRecord(
                experiment: experiment, key: String(repeating: "a", count: 64), canonical: "{}",
                policy: policy, setting: setting, threshold: threshold, position: 0))
        let rows = try store.reader.cells(of: experiment)
        try store.close()
        return try #require(rows.first { $0.id == id })
    }
}
