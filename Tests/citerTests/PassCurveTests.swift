import Testing

@testable import citer

/// `citer bench --pass`: sizes as they are written, and what the curve's numbers mean.
struct PassCurveTests {
    @Test func listsAndRanges() {
        #expect(parseSizes("4,8,32") == [4, 8, 32])
        #expect(parseSizes("1...4") == [1, 2, 3, 4])
        #expect(parseSizes("1,3...5,512") == [1, 3, 4, 5, 512])
        #expect(parseSizes("7...7") == [7])
        for wrong in ["0", "513", "5...4", "0...3", "1...513", "1..4", "...4", "4...", "a", "1,x"] {
            #expect(parseSizes(wrong) == nil, "\(wrong)")
        }
    }

    /// 100 bytes at 50 a second are 2 s; 3 multiply-adds a token and 1 at the end, at 2 a second.
    @Test func multiplesAndBounds() {
        let bound = PassCurve.Bound(
            bytes: 100, bodyProducts: 3, outputProducts: 1, bytesPerSecond: 50,
            productsPerSecond: 2)
        let curve = PassCurve(stepSeconds: 2, seconds: [(1, 2, 3), (4, 8, 10)], bound: bound)
        #expect(curve.points.map(\.steps) == [1, 4])
        #expect(curve.points.map(\.verifySteps) == [1.5, 5])
        #expect(curve.points.map(\.tokensPerSecond) == [0.5, 0.5])
        #expect(curve.points.map(\.boundSeconds) == [2, 6.5])
        let cells = curve.lines.last?.split(separator: "|").map {
            $0.split(separator: " ").joined()
        }
        #expect(
            cells == ["4", "8000.00", "4.00", "0.5", "6500.00", "1.23", "10000.00", "5.00"])
    }

    @Test func limitsThatAreNotKnown() {
        func bound(_ bytes: Double, _ products: Double) -> Double? {
            PassCurve.Bound(
                bytes: 100, bodyProducts: 3, outputProducts: 1, bytesPerSecond: bytes,
                productsPerSecond: products
            ).seconds(tokens: 1)
        }
        #expect(bound(50, 0) == 2)
        #expect(bound(0, 2) == 2)
        #expect(bound(0, 0) == nil)
    }
}
