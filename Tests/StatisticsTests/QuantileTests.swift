import TestSupport
import Testing

@testable import Statistics

struct QuantileTests {
    // NumPy's quantile, default method.
    @Test(arguments: [
        (0.0, -1.0), (0.1, 0.2), (0.25, 1.5), (0.5, 2.0), (0.9, 7.55), (1.0, 8.0),
    ])
    func agreesWithNumPy(probability: Double, expected: Double) {
        let found = Quantile.value(of: [3.5, 1, 2, 2, 8, 7.25, -1], at: probability)
        #expect(agree(found, expected))
    }

    @Test func edges() {
        #expect(Quantile.value(of: [], at: 0.5) == nil)
        #expect(Quantile.value(of: [4], at: 0.3) == 4)
        #expect(Quantile.value(of: [1, .nan], at: 0.5) == nil)
        #expect(Quantile.value(of: [.infinity, .infinity], at: 0.5) == .infinity)
        #expect(Quantile.value(of: [1, .infinity], at: 0) == 1)
    }

    @Test func thresholdsCutIntoEqualShares() {
        let values = (0...100).map { Double($0) }.reversed()
        #expect(Quantile.thresholds(of: Array(values), count: 3) == [25, 50, 75])
        #expect(Quantile.thresholds(of: Array(values), count: 9).count == 9)
        #expect(Quantile.thresholds(of: [1, 1, 1, 5], count: 2) == [1])
        #expect(Quantile.thresholds(of: [], count: 3).isEmpty)
        #expect(Quantile.thresholds(of: [1, 2], count: 0).isEmpty)
        #expect(Quantile.thresholds(of: [1, .nan], count: 3).isEmpty)
    }
}
