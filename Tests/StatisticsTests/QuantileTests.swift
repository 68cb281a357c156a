import TestSupport
import Testing

@testable import Statistics

struct QuantileTests {
    // NumPy's quantile, default method.
    @Test(arguments: [
        (0.0, -1.0), (0.1, 0.2), (0.25, 1.5), (0.5, 2.0), (0.9, 7.55), (1.0, 8.0),
    ])
    func agreesWithNumPy(probability: Double, expected: Double) {
        let found = Quantile.value(ofSorted: [-1, 1, 2, 2, 3.5, 7.25, 8], at: probability)
        #expect(agree(found, expected))
    }

    @Test func edges() {
        #expect(Quantile.value(ofSorted: [], at: 0.5) == nil)
        #expect(Quantile.value(ofSorted: [4], at: 0.3) == 4)
        #expect(Quantile.value(ofSorted: [.infinity, .infinity], at: 0.5) == .infinity)
        #expect(Quantile.value(ofSorted: [1, .infinity], at: 0) == 1)
    }
}
