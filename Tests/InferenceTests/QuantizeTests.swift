import CKernels
import Testing

/// Activations in 8 bits: one answer on every instruction set, and the one that the header states.
struct QuantizeTests {
    /// Blocks whose largest magnitude, or whose rounding, is out of the ordinary.
    static let blocks: [(name: String, values: [Float])] = [
        ("zeros", ramp { _ in 0 }),
        ("negative zeros", ramp { _ in -0.0 }),
        // The largest magnitude is 127, so that the scale is 1 and each half a tie.
        ("ties", ramp { $0 == 0 ? 127 : Float($0) - 16.5 }),
        ("one spike", ramp { $0 == 17 ? -3 : 0 }),
        ("all equal", ramp { _ in 0.1 }),
        ("huge", ramp { Float.greatestFiniteMagnitude / Float($0 - 40) }),
        ("small", ramp { Float($0 - 12) * 1e-29 }),
        ("tiny", ramp { Float($0 - 12) * 1e-37 }),
        ("subnormal", ramp { Float($0 - 12) * Float.leastNonzeroMagnitude }),
        ("mixed", ramp { $0.isMultiple(of: 2) ? 1e-38 : 1e30 }),
    ]

    private static func ramp(_ value: (Int) -> Float) -> [Float] { (0..<32).map(value) }

    @Test(arguments: blocks.indices)
    func unusualBlocks(index: Int) throws {
        try expect(Self.blocks[index].values, columns: 32, tokens: 1)
    }

    /// Every group size, and enough tokens for threads.
    @Test(arguments: [1, 2, 3, 4, 5, 8, 9, 12, 13, 16, 17, 33])
    func batches(tokens: Int) throws {
        let columns = 576
        let floats = activationLike(tokens * columns, seed: UInt64(tokens))
        try expect(floats, columns: columns, tokens: tokens)
    }

    /// A broken file's NaN must reach the logits, where it is noticed.
    @Test(arguments: [Float.nan, .infinity, -.infinity])
    func whatIsNotANumberStaysSo(value: Float) throws {
        for place in [0, 5, 16, 31] {
            var floats = activationLike(32, seed: 1)
            floats[place] = value
            var seen: [Float] = []
            for set in try Kernels.all() {
                let input = quantized(floats, 1, 32, set)
                #expect(!input.blocks(of: 0)[0].d.isFinite, "\(set.set)")
                seen.append(input.blocks(of: 0)[0].d_sum)
            }
            #expect(seen.count { $0.isFinite } == 0)
        }
    }

    private func quantized(
        _ floats: [Float], _ tokens: Int, _ columns: Int, _ kernels: Kernels
    ) -> Activations {
        let input = Activations(tokens: tokens, columns: columns, floats)
        ck_quantize(kernels.table, kernels.pool.pointer, input.value)
        return input
    }

    private func expect(_ floats: [Float], columns: Int, tokens: Int) throws {
        for set in try Kernels.all(threads: 2) {
            let input = quantized(floats, tokens, columns, set)
            for token in 0..<tokens {
                for (b, block) in input.blocks(of: token).enumerated() {
                    let start = token * columns + b * 32
                    let expected = ck_block(Array(floats[start..<start + 32]))
                    #expect(
                        sameBits([block], [expected]), "\(set.set), token \(token), block \(b)")
                }
            }
        }
    }
}

extension ck_block {
    /// The block as its definition has it: q = round(x / d), ties to even, d = the largest
    /// magnitude / 127. Blocks below 2^-100 count as zero: 127 / largest could overflow.
    fileprivate init(_ x: [Float]) {
        self.init()
        let largest = x.map(\.magnitude).max() ?? 0
        let scale: Float = largest >= 0x1p-100 ? 127 / largest : 0
        let q = x.map { Int32(($0 * scale).rounded(.toNearestOrEven)) }
        withUnsafeMutableBytes(of: &self.q) { bytes in
            for (index, value) in q.enumerated() {
                bytes[index] = UInt8(bitPattern: Int8(value))
            }
        }
        let (low, high) = (q[..<16].reduce(0, +), q[16...].reduce(0, +))
        d = largest >= 0x1p-100 ? largest / 127 : 0
        d_sum = d * Float(low + high)
        zero8 = -8 * (low + high)
        zero16 = -16 * (low + high)
        zero128 = -128 * (low + high)
        zero32_low = -32 * low
        zero32_high = -32 * high
        sum = low + high
    }
}
