import CKernels
import Foundation
import Testing

/// Logits squeezed by a hyperbolic tangent.
struct CapTests {
    @Test(arguments: [1, 15, 16, 17, 8191, 8192, 20_000], [2, 30] as [Float])
    func equalsScalarAndTanh(count: Int, cap: Float) throws {
        let logits = activationLike(count, seed: 3).enumerated().map { index, value in
            index % 5 == 0 ? value / 1000 : value * 3
        }
        var reference: [Float]?
        for set in try Kernels.all(threads: 2) {
            let buffer = Buffer(logits)
            ck_cap(set.table, set.pool.pointer, buffer.pointer, count, cap)
            #expect(sameBits(buffer.array, reference ?? buffer.array), "\(set.set)")
            reference = reference ?? buffer.array
        }
        for (found, logit) in zip(reference ?? [], logits) {
            let expected = Double(cap) * tanh(Double(logit) / Double(cap))
            #expect(abs(Double(found) - expected) <= 2.5e-7 * Double(cap))
        }
    }

    @Test func ends() throws {
        let logits: [Float] = [0, -0.0, 1e-30, 3e38, -3e38, .infinity, -.infinity, .nan]
        for set in try Kernels.all() {
            for cap: Float in [0.5, 30] {
                let buffer = Buffer(logits)
                ck_cap(set.table, set.pool.pointer, buffer.pointer, logits.count, cap)
                let found = buffer.array
                #expect(found[0] == 0 && found[1] == 0 && abs(found[2]) <= 1e-7)
                #expect(found[3] == cap && found[4] == -cap)
                #expect(found[5] == .infinity && found[6] == -.infinity && found[7].isNaN)
            }
        }
    }
}
