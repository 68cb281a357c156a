import CKernels
import Foundation
import Testing

/// Rotary embedding: its tables, and its application on the way into the cache.
struct RotaryTests {
    /// Errors are in units of the float's last place; near a zero of cos or sin the angle's own
    /// rounding, in double about 131072 x 2^-52, is what remains.
    @Test(arguments: [16, 64, 80, 128, 256], [10_000, 500_000, 1_000_000])
    func tablesAgreeWithTheSystemsMathematics(size: Int, base: Double) {
        let positions = Array(0...20) + [100, 511, 512, 4095, 32_767, 65_536, 131_071, 131_072]
        for position in positions {
            var table = [Float](repeating: .nan, count: size)
            ck_rope_row(Int32(position), Int32(size), base, nil, &table)
            for i in 0..<size / 2 {
                let angle = Double(position) * pow(base, -2 * Double(i) / Double(size))
                for (found, expected) in [
                    (table[i], cos(angle)), (table[size / 2 + i], sin(angle)),
                ] {
                    let bound = max(Double(Float(expected).ulp), 1e-10)
                    #expect(
                        abs(Double(found) - expected) <= bound,
                        "position \(position), pair \(i): \(found), expected \(expected)")
                }
            }
        }
    }

    @Test func factorsDivideTheFrequencies() {
        let factors: [Float] = [1, 2, 8, 32, 1, 3, 5, 7]
        for position in [0, 1, 77, 8191] {
            var table = [Float](repeating: .nan, count: 16)
            ck_rope_row(Int32(position), 16, 500_000, factors, &table)
            for (i, factor) in factors.enumerated() {
                let frequency = pow(500_000, -2 * Double(i) / 16) / Double(factor)
                #expect(abs(Double(table[i]) - cos(Double(position) * frequency)) <= 6e-8)
                #expect(abs(Double(table[8 + i]) - sin(Double(position) * frequency)) <= 6e-8)
            }
        }
    }

    struct Shape: CustomTestStringConvertible {
        let heads: Int
        let kvHeads: Int
        let size: Int
        var testDescription: String { "\(heads)/\(kvHeads) x \(size)" }
    }

    static let shapes = [
        Shape(heads: 1, kvHeads: 1, size: 16), Shape(heads: 4, kvHeads: 2, size: 64),
        Shape(heads: 3, kvHeads: 3, size: 80), Shape(heads: 8, kvHeads: 1, size: 128),
        Shape(heads: 2, kvHeads: 2, size: 512),
    ]

    @Test(arguments: shapes, [false, true])
    func rotateAndStore(_ s: Shape, interleaved: Bool) throws {
        var shape = ck_attention_shape(
            heads: Int32(s.heads), kv_heads: Int32(s.kvHeads), head_size: Int32(s.size), scale: 1,
            interleaved: interleaved, window: 0)
        let (count, size) = (40, s.size)
        var rope = [Float](repeating: 0, count: count * size)
        for position in 0..<count {
            rope.withUnsafeMutableBufferPointer {
                guard let start = $0.baseAddress else { return }
                ck_rope_row(Int32(position), Int32(size), 10_000, nil, start + position * size)
            }
        }
        // A batch out of order that leaves gaps.
        let positions = [33, 0, 16, 15, 17, 39, 7]
        let q = activationLike(positions.count * s.heads * size, seed: 1)
        let k = activationLike(positions.count * s.kvHeads * size, seed: 2)
        let v = activationLike(positions.count * s.kvHeads * size, seed: 3)
        let offset = ck_page_layer_bytes(&shape)  // the second of two layers
        var rotated: [[Float]] = []
        var stored: [[[UInt8]]] = []
        for set in try Kernels.all(threads: 2) {
            let pages = Pages(count: 3, bytes: 2 * offset)
            let out = Buffer(q)
            ck_rotate_store(
                set.table, set.pool.pointer, &shape, pages.places(positions), offset, rope,
                Int32(positions.count), out.pointer, k, v)
            rotated.append(out.array)
            stored.append(pages.pages.map(\.array))

            func turned(_ x: [Float], _ start: Int, _ position: Int) -> [Float] {
                let table = Array(rope[position * size..<(position + 1) * size])
                return rotate(Array(x[start..<start + size]), table, interleaved)
            }
            for (t, position) in positions.enumerated() {
                for head in 0..<s.heads {
                    let start = (t * s.heads + head) * size
                    let expected = turned(q, start, position)
                    #expect(sameBits(Array(out.array[start..<start + size]), expected))
                }
                for head in 0..<s.kvHeads {
                    let start = (t * s.kvHeads + head) * size
                    let keys = pages.keys(
                        at: position, head: head, shape: shape, layerOffset: offset)
                    #expect(keys == turned(k, start, position).map { ck_float_to_half($0) })
                    let values = pages.values(
                        at: position, head: head, shape: shape, layerOffset: offset)
                    #expect(values == v[start..<start + size].map { ck_float_to_half($0) })
                }
            }
            // Nothing else was touched: neither the other layer nor other positions.
            let firstLayer = pages.pages.flatMap { $0.array.prefix(offset) }
            #expect(!firstLayer.contains { $0 != 0xFF })
            #expect(pages.values(at: 1, head: 0, shape: shape, layerOffset: offset)[0] == 0xFFFF)
            #expect(pages.keys(at: 38, head: 0, shape: shape, layerOffset: offset)[0] == 0xFFFF)
        }
        #expect(rotated.count { !sameBits($0, rotated[0]) } == 0)
        #expect(stored.count { $0 != stored[0] } == 0)
    }

    /// Turns each pair (a, b) by its angle, with the roundings that the kernels promise.
    private func rotate(_ x: [Float], _ table: [Float], _ interleaved: Bool) -> [Float] {
        var out = x
        let half = x.count / 2
        for i in 0..<half {
            let (first, second) = interleaved ? (2 * i, 2 * i + 1) : (i, i + half)
            let (a, b, c, s) = (x[first], x[second], table[i], table[half + i])
            out[first] = (-(b * s)).addingProduct(a, c)
            out[second] = (a * s).addingProduct(b, c)
        }
        return out
    }
}
