import CKernels
import Foundation
import Testing

/// Attention over cached pages, for every head size and number of heads that share keys.
struct AttendTests {
    static let positions = [0, 15, 16, 17, 100]

    @Test(arguments: [16, 64, 80, 128, 256], Array(1...16))
    func equalsScalarAndDoubleArithmetic(size: Int, group: Int) throws {
        try check(size: size, group: group, window: 0)
    }

    /// A window that ends at the token: its own position alone, part of a page, pages and a part, more than there is.
    @Test(arguments: [1, 5, 16, 37, 200], [1, 4, 7])
    func window(_ window: Int, group: Int) throws {
        try check(size: 64, group: group, window: window)
    }

    private func check(size: Int, group: Int, window: Int) throws {
        let kvHeads = group == 3 ? 3 : 1
        var shape = ck_attention_shape(
            heads: Int32(group * kvHeads), kv_heads: Int32(kvHeads), head_size: Int32(size),
            scale: 1 / Float(size).squareRoot(), interleaved: false, window: Int32(window))
        let cache = Cache(positions: 101, shape: shape, seed: UInt64(size))
        let width = group * kvHeads * size
        // The last two repeat positions, as two sequences that share their pages would.
        let positions = Self.positions + [100, 15]
        let q = activationLike(positions.count * width, seed: 5)
        let places = cache.pages.places(positions)
        var reference: [Float]?
        for set in try Kernels.all(threads: 2) {
            let scratch = Buffer<Float>(
                count: ck_attention_scratch(set.pool.pointer, &shape, 101))
            let out = Buffer<Float>(count: q.count)
            ck_attend(
                set.table, set.pool.pointer, &shape, places, cache.offset, Int32(positions.count),
                q, out.pointer, scratch.pointer)
            let expected = reference ?? out.array
            #expect(sameBits(out.array, expected), "\(set.set)")
            reference = expected
            // Alone, with scratch memory for itself only, a token gives the same.
            for (t, position) in positions.enumerated() {
                let room = ck_attention_scratch(set.pool.pointer, &shape, Int32(position + 1))
                let alone = Buffer<Float>(count: width)
                let scratch = Buffer<Float>(count: room)
                let row = Array(q[t * width..<(t + 1) * width])
                ck_attend(
                    set.table, set.pool.pointer, &shape, [places[t]], cache.offset, 1, row,
                    alone.pointer, scratch.pointer)
                #expect(sameBits(alone.array, Array(expected[t * width..<(t + 1) * width])))
            }
        }
        guard let found = reference, [1, 3, 7, 16].contains(group) else { return }
        for (t, position) in positions.enumerated() {
            for head in 0..<group * kvHeads {
                let start = t * width + head * size
                let query = q[start..<start + size].map { Double($0) }
                let (expected, bound) = cache.attend(
                    query, head: head / group,
                    positions: max(window == 0 ? 0 : position + 1 - window, 0)...position,
                    scale: Double(shape.scale))
                let worst = zip(found[start..<start + size], expected)
                    .map { abs(Double($0) - $1) }.max()
                #expect((worst ?? 1) <= bound, "head \(head), position \(position)")
            }
        }
    }

    /// Equal scores weigh alike; a score far above the rest weighs alone.
    @Test func sharpAndFlatScores() throws {
        for set in try Kernels.all() {
            var shape = ck_attention_shape(
                heads: 1, kv_heads: 1, head_size: 16, scale: 1, interleaved: false, window: 0)
            let cache = Cache(positions: 33, shape: shape, seed: 3)
            let scratch = Buffer<Float>(count: ck_attention_scratch(set.pool.pointer, &shape, 33))
            let out = Buffer<Float>(count: 16)
            func attend(_ q: [Float]) -> [Double] {
                ck_attend(
                    set.table, set.pool.pointer, &shape, cache.pages.places([32]), cache.offset, 1,
                    q, out.pointer, scratch.pointer)
                return out.array.map { Double($0) }
            }
            let flat = attend([Float](repeating: 0, count: 16))
            for (i, value) in flat.enumerated() {
                let mean = cache.values[0].map { $0[i] }.reduce(0, +) / 33
                #expect(abs(value - mean) < 1e-6)
            }
            // Along one key's own direction, times a thousand.
            let best = (0..<33).max { cache.keys[0][$0][0] < cache.keys[0][$1][0] } ?? 0
            let sharp = attend([1000] + [Float](repeating: 0, count: 15))
            #expect(sharp == cache.values[0][best])
        }
    }
}

/// Keys and values in pages, the second layer of two, and the same in double precision.
private struct Cache {
    let pages: Pages
    let offset: Int
    var keys: [[[Double]]] = []  // (head, position, size)
    var values: [[[Double]]] = []

    init(positions: Int, shape: ck_attention_shape, seed: UInt64) {
        var shape = shape
        let size = Int(shape.head_size)
        offset = ck_page_layer_bytes(&shape)
        pages = Pages(count: (positions + 15) / 16, bytes: 2 * offset)
        for head in 0..<Int(shape.kv_heads) {
            let k = activationLike(positions * size, seed: seed + UInt64(head))
            let v = activationLike(positions * size, seed: seed + 100 + UInt64(head))
            keys.append([])
            values.append([])
            for position in 0..<positions {
                let page = pages.pages[position / 16]
                let start = offset / 2 + head * 32 * size
                let range = position * size..<(position + 1) * size
                let (key, value) = (k[range].map { Float16($0) }, v[range].map { Float16($0) })
                page.pointer.withMemoryRebound(to: UInt16.self, capacity: page.count / 2) {
                    for i in 0..<size {
                        $0[start + i * 16 + position % 16] = key[i].bitPattern
                        $0[start + (16 + position % 16) * size + i] = value[i].bitPattern
                    }
                }
                keys[head].append(key.map { Double($0) })
                values[head].append(value.map { Double($0) })
            }
        }
    }

    /// softmax(q k^T scale) v over some positions, and how far sums in single
    /// precision may be from it: a score is a chain of `size` roundings, and its error that of the
    /// weights' exponents.
    func attend(
        _ q: [Double], head: Int, positions: ClosedRange<Int>, scale: Double
    ) -> (out: [Double], bound: Double) {
        let scores = positions.map { p in
            zip(q, keys[head][p]).reduce(0) { $0 + $1.0 * $1.1 } * scale
        }
        let largest = scores.max() ?? 0
        let weights = scores.map { exp($0 - largest) }
        let sum = weights.reduce(0, +)
        var out = [Double](repeating: 0, count: q.count)
        for (p, weight) in zip(positions, weights) {
            for i in out.indices { out[i] += weight / sum * values[head][p][i] }
        }
        let magnitude = positions.map { p in
            zip(q, keys[head][p]).reduce(0) { $0 + abs($1.0 * $1.1) } * scale
        }
        let scoreError = Double(q.count + 4) * 0x1p-24 * (magnitude.max() ?? 0)
        let largestValue = values[head][positions].joined().map { abs($0) }.max() ?? 0
        return (out, (2 * scoreError + Double(positions.count + 20) * 0x1p-24) * largestValue)
    }
}
