import Statistics
import Testing

struct HolmCorrectionTests {
    /// By hand: 0.01 x 4, 0.02 x 3, then 0.03 x 2 and 0.04 x 1, which may not fall below it.
    @Test func stepsDown() {
        let found = HolmCorrection.adjusted([0.03, 0.01, 0.04, 0.02])
        let expected = [0.06, 0.04, 0.06, 0.06]
        #expect(zip(found, expected).allSatisfy { abs($0 - $1) < 1e-12 }, "\(found)")
    }

    @Test func keepsOneComparisonAndNone() {
        #expect(HolmCorrection.adjusted([0.04]) == [0.04])
        #expect(HolmCorrection.adjusted([]) == [])
        #expect(HolmCorrection.adjusted([0.9, 0.8]) == [1, 1])
    }

    /// Never below what it was, and in the same order.
    @Test func isNeverLess() {
        let given = (0..<50).map { Double(($0 * 37) % 50) / 50 }
        let found = HolmCorrection.adjusted(given)
        #expect(zip(given, found).allSatisfy { $0 <= $1 && $1 <= 1 })
        let order = given.indices.sorted { given[$0] < given[$1] }
        #expect(zip(order, order.dropFirst()).allSatisfy { found[$0] <= found[$1] })
    }
}
