import CKernels
import Hashing
import Testing

/// Half precision in software (`ck_half_to_float`, `ck_float_to_half`) and as the kernels store
/// keys and values, against the language's own `Float16`.
struct HalfTests {
    @Test func everyHalfAsFloatAndBack() {
        var failures = 0
        for bits in UInt16.min...UInt16.max {
            let found = ck_half_to_float(bits)
            let expected = Float(Float16(bitPattern: bits))
            if expected.isNaN {
                // NaNs keep no payload, but stay NaNs of their sign.
                let back = ck_float_to_half(found)
                let isRight = found.isNaN && back == (bits & 0x8000 | 0x7E00)
                failures += isRight ? 0 : 1
            } else {
                let isRight =
                    found.bitPattern == expected.bitPattern && ck_float_to_half(found) == bits
                failures += isRight ? 0 : 1
            }
        }
        #expect(failures == 0)
    }

    /// Floats that a half must be rounded for: each middle between neighbours, one float above and
    /// below it.
    static let betweenHalves: [Float] = (UInt16(0)..<0x7C00).flatMap { bits -> [Float] in
        let low = Float(Float16(bitPattern: bits))
        // The largest half's upper neighbour would be 65536.
        let high = bits == 0x7BFF ? 65536 : Float(Float16(bitPattern: bits + 1))
        let middle = (low + high) / 2
        return [middle, -middle, middle.nextUp, -middle.nextDown]
    }

    @Test func rounding() {
        let failures = Self.betweenHalves.count {
            ck_float_to_half($0) != Float16($0).bitPattern
        }
        #expect(failures == 0)
    }

    @Test(
        arguments: [
            (65504, 0x7BFF), (65519.996, 0x7BFF), (65520, 0x7C00), (-65520, 0xFC00), (1e30, 0x7C00),
            (.infinity, 0x7C00), (-.infinity, 0xFC00), (0, 0), (-0.0, 0x8000), (0x1p-24, 1),
            (0x1p-25, 0), (0x1.8p-25, 1), (0x1.8p-24, 2), (.leastNonzeroMagnitude, 0),
            (-.leastNonzeroMagnitude, 0x8000),
            (1, 0x3C00), (0x1.004p0, 0x3C01), (0x1.002p0, 0x3C00), (0x1.006p0, 0x3C02),
        ] as [(Float, UInt16)])
    func knownHalves(float: Float, half: UInt16) {
        #expect(ck_float_to_half(float) == half)
    }

    @Test func anyFloat() {
        var generator = SplitMix64(seed: 4)
        let failures = (0..<100_000).count { _ in
            let float = Float(bitPattern: UInt32(truncatingIfNeeded: generator.next()))
            guard !float.isNaN else { return ck_float_to_half(float) & 0x7FFF <= 0x7C00 }
            return ck_float_to_half(float) != Float16(float).bitPattern
        }
        #expect(failures == 0)
    }

    /// The kernels' own conversion, through what they store as values.
    @Test func storedValues() throws {
        let size = 512
        let floats =
            Self.betweenHalves + (0...UInt16.max).map { Float(Float16(bitPattern: $0)) }
        let tokens = floats.count / size
        let v = Array(floats.prefix(tokens * size))
        var shape = ck_attention_shape(
            heads: 1, kv_heads: 1, head_size: Int32(size), scale: 1, interleaved: false, window: 0)
        let zeros = [Float](repeating: 0, count: tokens * size)
        let rope = [Float](repeating: 0, count: tokens * size)
        for set in try Kernels.all(threads: 2) {
            let pages = Pages(count: (tokens + 15) / 16, bytes: ck_page_layer_bytes(&shape))
            let q = Buffer(zeros)
            ck_rotate_store(
                set.table, set.pool.pointer, &shape, pages.places(0..<tokens), 0, rope,
                Int32(tokens), q.pointer, zeros, v)
            var failures = 0
            for token in 0..<tokens {
                let halves = pages.values(at: token, head: 0, shape: shape)
                for (bits, float) in zip(halves, v[(token * size)...]) {
                    let isRight =
                        float.isNaN
                        ? bits & 0x7FFF > 0x7C00 : bits == ck_float_to_half(float)
                    failures += isRight ? 0 : 1
                }
            }
            #expect(failures == 0, "\(set.set)")
        }
    }
}
