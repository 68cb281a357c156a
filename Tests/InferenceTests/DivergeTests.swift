import CKernels
import Foundation
import Hashing
import Testing

@testable import Inference

/// Divergences of two distributions: every instruction set gives the scalar code's bits, and these are near double arithmetic.
struct DivergeTests {
    private func logSum(_ x: [Float]) -> Float {
        let top = x.max() ?? 0
        return Float(Double(top) + log(x.reduce(0) { $0 + exp(Double($1) - Double(top)) }))
    }

    private func diverge(_ q: [Float], _ p: [Float], _ set: Kernels) -> ck_divergence {
        ck_diverge(
            set.table, set.pool.pointer, q, logSum(q), p, logSum(p), Int32(q.count))
    }

    private func expect(_ q: [Float], _ p: [Float], within tolerance: Double = 2e-5) throws {
        var reference: ck_divergence?
        for set in try Kernels.all(threads: 2) {
            let found = diverge(q, p, set)
            let first = reference ?? found
            #expect(
                found.kl.bitPattern == first.kl.bitPattern
                    && found.js.bitPattern == first.js.bitPattern, "\(set.set)")
            reference = first
        }
        let (sumQ, sumP) = (Double(logSum(q)), Double(logSum(p)))
        let (logQ, logP) = (q.map { Double($0) - sumQ }, p.map { Double($0) - sumP })
        var (kl, js) = (0.0, 0.0)
        for (a, b) in zip(logQ, logP) {
            let (x, y) = (exp(a), exp(b))
            let m = (x + y) / 2
            kl += x > 0 ? x * (a - max(b, -1e4)) : 0
            js += ((x > 0 ? x * (a - log(m)) : 0) + (y > 0 ? y * (b - log(m)) : 0)) / 2
        }
        let found = try #require(reference)
        #expect(abs(Double(found.kl) - kl) <= tolerance * max(1, kl), "\(found.kl), \(kl)")
        #expect(abs(Double(found.js) - js) <= tolerance, "\(found.js), \(js)")
        #expect(found.kl >= 0 && found.js >= 0 && found.js <= 0.6931473)
    }

    @Test(arguments: [1, 2, 15, 16, 17, 100, 8191, 8192, 8193, 151_936])
    func likeLogits(count: Int) throws {
        var random = SplitMix64(seed: UInt64(count))
        let q = (0..<count).map { _ in Float.random(in: -12...12, using: &random) }
        let p = q.map { $0 + Float.random(in: -3...3, using: &random) }
        try expect(q, p)
        try expect(q, q)
        try expect(q, q.reversed())
    }

    @Test func sureAndUnsure() throws {
        let flat = [Float](repeating: 0, count: 64)
        var sure = flat
        sure[3] = 80
        var other = flat
        other[9] = 80
        try expect(sure, flat)
        try expect(flat, sure)
        // Two that agree on nothing: as far apart as it goes.
        try expect(sure, other)
        var none = flat
        none[5] = -.infinity
        try expect(none, flat)
    }

    @Test func equalRowsDoNotDiverge() throws {
        var random = SplitMix64(seed: 1)
        let row = (0..<5000).map { _ in Float.random(in: -9...9, using: &random) }
        for set in try Kernels.all() {
            let found = diverge(row, row, set)
            #expect(found.kl == 0 && found.js < 1e-6)
        }
    }

    /// What the decoder reports is what the two rows give, wherever a position is read.
    @Test func theDecoderCompares() throws {
        try withTinyModel(.qwen2) { small in
            try withTinyModel(.qwen2, layers: 3) { large in
                let text: [Int32] = [5, 17, 200, 31, 8, 90]
                func rows(_ model: Model) throws -> [LogitRow?] {
                    let sequence = model.cache.makeSequence()
                    return try text.map { token in
                        let segment = Segment(sequence, [token], read: Read(.last, logits: true))
                        return try model.forward([segment])[0][0].logits
                    }
                }
                let others = try rows(small)
                let whole = try large.forward([
                    Segment(large.cache.makeSequence(), text, read: Read(.all, others: others))
                ])[0]
                let sequence = large.cache.makeSequence()
                _ = try large.forward([Segment(sequence, Array(text[..<3]), read: .none)])
                let rest = try large.forward([
                    Segment(
                        sequence, Array(text[3...]),
                        read: Read(.from(1), others: [nil] + others[4...]))
                ])[0]
                #expect(rest.map(\.divergence) == whole[4...].map(\.divergence))
                for ((q, p), reading) in zip(zip(others, try rows(large)), whole) {
                    let found = try #require(reading.divergence)
                    let again = diverge(
                        try #require(q).logits, try #require(p).logits, try Kernels.all()[0])
                    // The sums are the rows' own here, in single precision.
                    #expect(abs(found.kl - again.kl) < 1e-4 && abs(found.js - again.js) < 1e-4)
                    #expect(found.kl > 0)
                }
            }
        }
    }
}
