package import Hashing

// The cases keep ggml's own spelling.

// swift-format-ignore: AlwaysUseLowerCamelCase
/// The stored formats that `TinyModel` can fill with random weights.
package enum TinyTensorType: String, CaseIterable, Sendable {
    case f32
    case f16
    case bf16
    case q8_0
    case q4_0
    case q4_1
    case q5_0
    case q5_1
    case q4_K
    case q5_K
    case q6_K

    /// Block layouts: `ggml-common.h` of ggml. Uniform n-bit numbers have a standard deviation of 2^n / sqrt(12): 4.6 for 4 bits,
    /// 9.2 for 5, 73.9 for 8.
    private var format: Format {
        // The six-bit factors of scales and minimums average 31.5; that they vary, too, widens the
        // result 1.8 times.
        let factor: Float = 31.5 * 1.8
        return switch self {
        case .f32: Format(0, floats: (exponent: 8, mantissa: 23))
        case .f16: Format(1, floats: (exponent: 5, mantissa: 10))
        case .bf16: Format(30, floats: (exponent: 8, mantissa: 7))
        case .q8_0: Format(8, 32, 34, [(0, { $0 / 73.9 })])
        case .q4_0: Format(2, 32, 18, [(0, { $0 / 4.6 })])
        case .q4_1: Format(3, 32, 20, [(0, { $0 / 4.6 }), (2, { $0 / 4.6 * -7.5 })])
        case .q5_0: Format(6, 32, 22, [(0, { $0 / 9.2 })])
        case .q5_1: Format(7, 32, 24, [(0, { $0 / 9.2 }), (2, { $0 / 9.2 * -15.5 })])
        case .q4_K:
            Format(12, 256, 144, [(0, { $0 / 4.6 / factor }), (2, { $0 / 4.6 / factor * 7.5 })])
        case .q5_K:
            Format(13, 256, 176, [(0, { $0 / 9.2 / factor }), (2, { $0 / 9.2 / factor * 15.5 })])
        case .q6_K:
            Format(14, 256, 210, [(208, { $0 / (9.2 * 18.5) })], signedFactors: 192..<208)
        }
    }

    fileprivate struct Format {
        /// ggml's.
        let number: UInt32
        let blockSize: Int
        let blockBytes: Int
        /// Of floats, their bits.
        var floats: (exponent: Int, mantissa: Int)?
        /// The halves among a block's bytes: where, and by the spread of the weights how large.
        var halves: [(offset: Int, value: (Float) -> Float)] = []
        /// Bytes that multiply the scale; kept to 5 bits, so that it is no subnormal half.
        var signedFactors = 0..<0

        init(_ number: UInt32, floats: (exponent: Int, mantissa: Int)) {
            self.number = number
            blockSize = 1
            blockBytes = (1 + floats.exponent + floats.mantissa) / 8
            self.floats = floats
        }

        init(
            _ number: UInt32, _ blockSize: Int, _ blockBytes: Int,
            _ halves: [(offset: Int, value: (Float) -> Float)], signedFactors: Range<Int> = 0..<0
        ) {
            self.number = number
            self.blockSize = blockSize
            self.blockBytes = blockBytes
            self.halves = halves
            self.signedFactors = signedFactors
        }
    }
}

extension TinyTensorType {
    /// ggml's type number.
    package var number: UInt32 { format.number }

    /// Elements per block; rows must be a multiple of it.
    package var blockSize: Int { format.blockSize }

    /// Bytes per block.
    package var blockBytes: Int { format.blockBytes }

    /// Where a block keeps its halves.
    package var scaleOffsets: [Int] { format.halves.map(\.offset) }

    /// Random weights of this format with mean about 0 and a standard deviation of about `spread`.
    ///
    /// All bits are drawn at once, then each block's scales are set. O(elements).
    package func randomBytes(
        elements: Int, spread: Float, using generator: inout SplitMix64
    ) -> [UInt8] {
        let format = format
        precondition(
            elements.isMultiple(of: format.blockSize), "\(elements) is not whole blocks")
        let count = elements / format.blockSize * format.blockBytes
        var bytes = [UInt8](repeating: 0, count: (count + 7) / 8 * 8)
        bytes.withUnsafeMutableBytes { raw in
            let words = raw.assumingMemoryBound(to: UInt64.self)
            let (kept, fixed) = format.floatMask(spread: spread)
            for index in words.indices {
                words[index] = (generator.next() & kept | fixed).littleEndian
            }
            let halves = format.halves.map { half in
                (half.offset, Float16(half.value(spread)).bitPattern.littleEndian)
            }
            for start in stride(from: 0, to: count, by: format.blockBytes)
            where !halves.isEmpty {
                for offset in format.signedFactors {
                    let factor = Int8(bitPattern: raw[start + offset]) >> 3
                    raw[start + offset] = UInt8(bitPattern: factor)
                }
                for (offset, bits) in halves {
                    raw.storeBytes(of: bits, toByteOffset: start + offset, as: UInt16.self)
                }
            }
        }
        bytes.removeLast(bytes.count - count)
        return bytes
    }
}

extension TinyTensorType.Format {
    /// Of a float, sign and mantissa are drawn and the exponent is fixed.
    func floatMask(spread: Float) -> (kept: UInt64, fixed: UInt64) {
        guard let floats else { return (.max, 0) }
        // Numbers of one binade, 2^n to 2^(n+1), and their negatives deviate by 1.53 x 2^n.
        let power = Int((spread / 1.5).exponent)
        let bias = 1 << (floats.exponent - 1) - 1
        let exponents = UInt64(1 << floats.exponent - 1) << floats.mantissa
        let fixed = UInt64(power + bias) << floats.mantissa
        // As many of them as a word holds.
        let copies: UInt64 = blockBytes == 4 ? 0x0000_0001_0000_0001 : 0x0001_0001_0001_0001
        return (~(exponents &* copies), fixed &* copies)
    }
}
