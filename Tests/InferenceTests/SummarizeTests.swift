import CKernels
import Foundation
import Hashing
import Testing

/// What is read off a row of logits.
struct SummarizeTests {
    /// Around one vector of 16 lanes, around one segment of 8192, and a real vocabulary.
    static let sizes = [2, 3, 15, 16, 17, 288, 8191, 8192, 8193, 8195, 16_384, 16_385, 49_152]

    @Test(arguments: sizes)
    func randomLogits(count: Int) throws {
        let rows = count > 10_000 ? 2 : 9
        let logits = activationLike(rows * count, seed: UInt64(count)).map { $0 * 2 }
        try expect(logits, rows: rows)
    }

    /// Coarse logits tie often: the lowest index must win, first and second alike.
    @Test(arguments: sizes)
    func ties(count: Int) throws {
        var generator = SplitMix64(seed: UInt64(count))
        for levels in [1, 2, 3] {
            let logits = (0..<4 * count).map { _ in
                Float(Int.random(in: 0..<levels, using: &generator))
            }
            try expect(logits, rows: 4)
        }
    }

    /// The largest and the second at all combinations of the places where code paths meet.
    @Test(arguments: [17, 8193, 8209])
    func placesOfTheTwoLargest(count: Int) throws {
        let places = [0, 1, 15, 16, 8191, 8192, 8193, 8208, count - 1].filter { $0 < count }
        var rows: [Float] = []
        for first in places {
            for second in places where second != first {
                var row = [Float](repeating: -1, count: count)
                row[first] = 3
                row[second] = 2
                rows += row
            }
        }
        try expect(rows, rows: rows.count / count)
    }

    @Test func masksAndSignedZeros() throws {
        let none = -Float.infinity
        // Half of the tokens, or all but one, are impossible.
        try expect((0..<40).map { $0.isMultiple(of: 2) ? none : Float($0) }, rows: 1)
        for only in [0, 7, 16, 39] {
            try expect((0..<40).map { $0 == only ? 2.5 : none }, rows: 1)
        }
        // Zeros of both signs are equal: the first wins.
        try expect((0..<40).map { $0 == 16 ? 0 : -0.0 }, rows: 1)
        try expect((0..<40).map { $0 % 3 == 1 ? 0.0 : -0.0 }, rows: 1)
    }

    /// Far from zero exp would overflow; far apart it vanishes.
    @Test func largeLogits() throws {
        try expect((0..<100).map { 30_000 + Float($0) }, rows: 1)
        try expect((0..<100).map { -30_000 - Float($0) }, rows: 1)
        try expect((0..<100).map { Float($0) * 1000 }, rows: 1)
    }

    /// A logit that is no number makes the row's sums no numbers, which the decoder reports.
    @Test(arguments: [Float.nan, .infinity])
    func brokenLogitsAreSeen(value: Float) throws {
        for count in [40, 8200] {
            for place in [0, 5, 39, count - 1] {
                var logits = activationLike(count, seed: 1)
                logits[place] = value
                for set in try Kernels.all() {
                    let summary = summarize(logits, rows: 1, set)[0]
                    let isSeen = !(summary.log_sum.isFinite && summary.entropy.isFinite)
                    #expect(isSeen, "\(set.set), at \(place) of \(count)")
                }
            }
        }
    }

    private func summarize(_ logits: [Float], rows: Int, _ set: Kernels) -> [ck_summary] {
        let out = Buffer<ck_summary>(count: rows)
        ck_summarize(
            set.table, set.pool.pointer, logits, Int32(rows), Int32(logits.count / rows),
            out.pointer)
        return out.array
    }

    private func expect(
        _ logits: [Float], rows: Int, tolerance: Double = 1e-5,
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        let count = logits.count / rows
        var reference: [ck_summary]?
        for set in try Kernels.all(threads: 2) {
            let found = summarize(logits, rows: rows, set)
            #expect(
                sameBits(found, reference ?? found), "\(set.set)", sourceLocation: sourceLocation)
            reference = reference ?? found
        }
        for (row, found) in (reference ?? []).enumerated() {
            let x = Array(logits[row * count..<(row + 1) * count])
            let (first, second) = twoLargest(x)
            #expect(Int(found.argmax) == first, "row \(row)", sourceLocation: sourceLocation)
            #expect(Int(found.second) == second, "row \(row)", sourceLocation: sourceLocation)
            #expect(found.largest == x[first], sourceLocation: sourceLocation)
            #expect(found.runner_up == x[second], sourceLocation: sourceLocation)

            // A partial sum is a chain of at most 512 roundings, 3e-5 if all went one way.
            let weights = x.map { exp(Double($0) - Double(x[first])) }
            let sum = weights.reduce(0, +)
            let logSum = Double(x[first]) + log(sum)
            let ulp = Double(Float(logSum).ulp)
            #expect(
                abs(Double(found.log_sum) - logSum) <= tolerance + ulp,
                sourceLocation: sourceLocation)
            let entropy = weights.reduce(0) { total, weight in
                let p = weight / sum
                return p > 0 ? total - p * log(p) : total
            }
            #expect(
                abs(Double(found.entropy) - entropy) <= tolerance * max(1, entropy),
                "\(found.entropy), expected \(entropy)", sourceLocation: sourceLocation)
        }
    }

    private func twoLargest(_ x: [Float]) -> (Int, Int) {
        let first = x.indices.reduce(0) { x[$1] > x[$0] ? $1 : $0 }
        let second = x.indices.filter { $0 != first }.reduce(first == 0 ? 1 : 0) {
            x[$1] > x[$0] ? $1 : $0
        }
        return (first, second)
    }
}
