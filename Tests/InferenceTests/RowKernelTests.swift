import CKernels
import Foundation
import Hashing
import Testing

/// The kernels that work on one row at a time: norm and gated unit.
struct RowKernelTests {
    static let shapes = [(1, 32), (1, 96), (3, 576), (20, 896), (33, 1536)]

    @Test(arguments: shapes, [false, true])
    func norm(shape: (tokens: Int, columns: Int), hasDelta: Bool) throws {
        let (tokens, columns) = shape
        let x = activationLike(tokens * columns, seed: 1)
        let delta = activationLike(tokens * columns, seed: 2)
        let weight = activationLike(columns, seed: 3)
        let epsilon: Float = 1e-6
        var results: [(x: [Float], out: [Float], blocks: [ck_block])] = []
        for set in try Kernels.all(threads: 2) {
            let stream = Buffer(x)
            let out = Activations(tokens: tokens, columns: columns)
            ck_norm(
                set.table, set.pool.pointer, stream.pointer, hasDelta ? delta : nil, weight,
                epsilon, out.value)
            let blocks = (0..<tokens).flatMap { out.blocks(of: $0) }
            results.append((stream.array, out.floats.array, blocks))
        }
        let reference = try #require(results.first)
        for result in results.dropFirst() {
            #expect(sameBits(result.x, reference.x))
            #expect(sameBits(result.out, reference.out))
            #expect(sameBits(result.blocks, reference.blocks))
        }
        #expect(sameBits(reference.x, hasDelta ? zip(x, delta).map { $0 + $1 } : x))
        for token in 0..<tokens {
            let row = reference.x[token * columns..<(token + 1) * columns].map { Double($0) }
            let square = row.reduce(0) { $0 + $1 * $1 } / Double(columns)
            let scale = 1 / (square + Double(epsilon)).squareRoot()
            for (i, value) in row.enumerated() {
                let expected = value * scale * Double(weight[i])
                let found = Double(reference.out[token * columns + i])
                // Sums of columns / 16 roundings, then five more.
                let bound = Double(columns / 16 + 8) * 0x1p-24
                #expect(abs(found - expected) <= bound * abs(expected))
            }
        }
    }

    /// A row of zeros has no direction; it stays zero.
    @Test func normOfZeros() throws {
        for set in try Kernels.all() {
            let x = Buffer([Float](repeating: 0, count: 64))
            let out = Activations(tokens: 1, columns: 64)
            let weight = [Float](repeating: 2, count: 64)
            ck_norm(set.table, set.pool.pointer, x.pointer, nil, weight, 1e-6, out.value)
            #expect(out.floats.array == [Float](repeating: 0, count: 64))
        }
    }

    @Test(arguments: shapes, [CK_SILU, CK_GELU])
    func gated(_ shape: (tokens: Int, columns: Int), act: ck_gate) throws {
        let (tokens, columns) = shape
        let count = tokens * columns
        var generator = SplitMix64(seed: 7)
        // All magnitudes from 1e-4 to 1e4, both signs.
        let gate = (0..<count).map { _ -> Float in
            let power = Float.random(in: -4...4, using: &generator)
            return Bool.random(using: &generator) ? pow(10, power) : -pow(10, power)
        }
        let up = activationLike(count, seed: 8)
        var results: [([Float], [ck_block])] = []
        for set in try Kernels.all(threads: 2) {
            let out = Activations(tokens: tokens, columns: columns)
            ck_gated(set.table, set.pool.pointer, act, gate, up, out.value)
            results.append((out.floats.array, (0..<tokens).flatMap { out.blocks(of: $0) }))
        }
        let reference = try #require(results.first)
        for result in results.dropFirst() {
            #expect(sameBits(result.0, reference.0))
            #expect(sameBits(result.1, reference.1))
        }
        for (i, found) in reference.0.enumerated() {
            let g = Double(gate[i])
            let slope = 2 * (2 / Double.pi).squareRoot()
            let z = act == CK_GELU ? slope * (g + 0.044715 * g * g * g) : g
            let expected = g / (1 + exp(-z)) * Double(up[i])
            // Where exp(-z) would overflow the result is cut off at about gate x 1e-38; z's own rounding is magnified by exp.
            let bound =
                (5e-7 + 2.5e-7 * min(abs(z), 88)) * abs(expected) + 1e-33 * abs(Double(up[i]))
            #expect(abs(Double(found) - expected) <= bound, "gate \(g) x \(up[i])")
        }
    }

    /// Gates at and beyond the ends of exp's range.
    @Test(arguments: [CK_SILU, CK_GELU])
    func gatedAtTheEnds(act: ck_gate) throws {
        var gates: [Float] = [0, -0.0, 1e-38, -1e-38, 87, -87, 87.1, -87.1, 88, -88, 89, -89]
        gates += [1e4, -1e4, 3e38, -3e38, 100, -100]
        gates += [Float](repeating: 1, count: 32 - gates.count)
        let ones = [Float](repeating: 1, count: 32)
        var reference: [Float]?
        for set in try Kernels.all() {
            let out = Activations(tokens: 1, columns: 32)
            ck_gated(set.table, set.pool.pointer, act, gates, ones, out.value)
            let found = out.floats.array
            for (gate, value) in zip(gates, found) {
                #expect(gate > 0 ? value > 0 : abs(value) < 2e-36 + abs(gate) * 1e-37)
                if gate >= 89 { #expect(value == gate) }
            }
            #expect(sameBits(found, reference ?? found), "\(set.set)")
            reference = found
        }
    }
}
