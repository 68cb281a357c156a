import CKernels

/// Cosines and sines of every position seen so far.
struct RopeTable {
    private let headSize: Int
    private let base: Double
    private let divisors: [Float]?  // (headSize / 2), of the frequencies
    private let magnitude: Float  // multiplies cosines and sines
    private(set) var rows: [Float] = []  // (positions, 2, headSize / 2)

    init(headSize: Int, base: Double, divisors: [Float]? = nil, magnitude: Float = 1) {
        self.headSize = headSize
        self.base = base
        self.divisors = divisors
        self.magnitude = magnitude
    }

    /// Makes rows for positions below `count`.
    mutating func extend(to count: Int) {
        let have = rows.count / headSize
        guard count > have else { return }
        let target = (count + 511) / 512 * 512
        rows.append(contentsOf: repeatElement(0, count: (target - have) * headSize))
        rows.withUnsafeMutableBufferPointer { buffer in
            for position in have..<target {
                guard let start = buffer.baseAddress else { return }
                ck_rope_row(
                    Int32(position), Int32(headSize), base, divisors, start + position * headSize)
            }
            if magnitude != 1 {
                for index in (have * headSize)..<buffer.count { buffer[index] *= magnitude }
            }
        }
    }
}
