import CKernels
import Foundation
import Testing

/// exp as kernels and routing scores compute it.
struct ExponentialTests {
    @Test func agreesWithTheSystemsMathematics() {
        var worst = 0.0
        for step in 0...200_000 {
            let x = -87 + Float(step) * (175 / 200_000)
            let expected = exp(Double(x))
            worst = max(worst, abs(Double(ck_exp(x)) - expected) / expected)
        }
        // A float's rounding alone is 6e-8.
        #expect(worst < 1.5e-7)
    }

    @Test(
        arguments: [
            (0, 1), (-0.0, 1), (-87.1, 0), (-1e4, 0), (-.infinity, 0), (1e-30, 1), (.nan, 0),
        ] as [(Float, Float)])
    func knownValues(x: Float, expected: Float) {
        #expect(ck_exp(x) == expected)
    }

    /// Probabilities are exp of what is 0 or less: never above 1, and rising.
    @Test func risesUpToOne() {
        var last: Float = 0
        var x: Float = -20
        while x < 0 {
            let value = ck_exp(x)
            #expect(value >= last && value <= 1, "at \(x)")
            (last, x) = (value, x + 0.001)
        }
    }
}
