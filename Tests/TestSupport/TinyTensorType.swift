package import Hashing

// The cases keep ggml's own spelling, as `GGUF.TensorType` does.

// swift-format-ignore: AlwaysUseLowerCamelCase
/// The stored formats that `TinyModel` can fill with random weights.
///
/// Block layouts: `ggml-common.h` of ggml.
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

    /// ggml's type number.
    package var number: UInt32 {
        switch self {
        case .f32: 0
        case .f16: 1
        case .q4_0: 2
        case .q4_1: 3
        case .q5_0: 6
        case .q5_1: 7
        case .q8_0: 8
        case .q4_K: 12
        case .q5_K: 13
        case .q6_K: 14
        case .bf16: 30
        }
    }

    /// Elements per block; rows must be a multiple of it.
    package var blockSize: Int {
        switch self {
        case .f32, .f16, .bf16: 1
        case .q8_0, .q4_0, .q4_1, .q5_0, .q5_1: 32
        case .q4_K, .q5_K, .q6_K: 256
        }
    }

    /// Bytes per block.
    package var blockBytes: Int {
        switch self {
        case .f32: 4
        case .f16, .bf16: 2
        case .q4_0: 18
        case .q4_1: 20
        case .q5_0: 22
        case .q5_1: 24
        case .q8_0: 34
        case .q4_K: 144
        case .q5_K: 176
        case .q6_K: 210
        }
    }

    /// Random weights of this format with mean about 0 and a standard deviation of about `spread`.
    ///
    /// All bits are drawn at once, then each block's scales are set. O(elements).
    package func randomBytes(
        elements: Int, spread: Float, using generator: inout SplitMix64
    ) -> [UInt8] {
        precondition(elements.isMultiple(of: blockSize), "\(elements) is not whole blocks")
        let count = elements / blockSize * blockBytes
        var bytes = [UInt8](repeating: 0, count: (count + 7) / 8 * 8)
        bytes.withUnsafeMutableBytes { raw in
            let words = raw.assumingMemoryBound(to: UInt64.self)
            // A float's sign and mantissa are drawn, its exponent is fixed.
            let (kept, fixed) = floatMask(spread: spread)
            for index in words.indices {
                words[index] = (generator.next() & kept | fixed).littleEndian
            }
            for start in stride(from: 0, to: count, by: blockBytes) where blockSize > 1 {
                setScales(in: raw, at: start, spread: spread)
            }
        }
        bytes.removeLast(bytes.count - count)
        return bytes
    }

    private func floatMask(spread: Float) -> (kept: UInt64, fixed: UInt64) {
        // Numbers of one binade, 2^n to 2^(n+1), and their negatives deviate by 1.53 x 2^n.
        let power = Int((spread / 1.5).exponent)
        switch self {
        case .f32:
            let fixed = UInt64(power + 127) << 23
            return (0x807F_FFFF_807F_FFFF, fixed | fixed << 32)
        case .f16:
            return (0x83FF_83FF_83FF_83FF, UInt64(power + 15) << 10 &* 0x0001_0001_0001_0001)
        case .bf16:
            return (0x807F_807F_807F_807F, UInt64(power + 127) << 7 &* 0x0001_0001_0001_0001)
        default:
            return (.max, 0)
        }
    }

    private func setScales(
        in bytes: UnsafeMutableRawBufferPointer, at start: Int, spread: Float
    ) {
        func set(_ value: Float, at offset: Int) {
            let bits = Float16(value).bitPattern.littleEndian
            bytes.storeBytes(of: bits, toByteOffset: start + offset, as: UInt16.self)
        }
        // Uniform n-bit numbers have a standard deviation of 2^n / sqrt(12).
        let unit4 = spread / 4.6
        let unit5 = spread / 9.2
        // The six-bit factors of scales and minimums average 31.5; that they vary, too, widens the
        // result 1.8 times.
        let factor: Float = 31.5 * 1.8
        switch self {
        case .f32, .f16, .bf16: break
        case .q4_0: set(unit4, at: 0)
        case .q4_1:
            set(unit4, at: 0)
            set(unit4 * -7.5, at: 2)
        case .q5_0: set(unit5, at: 0)
        case .q5_1:
            set(unit5, at: 0)
            set(unit5 * -15.5, at: 2)
        case .q8_0: set(spread / 73.9, at: 0)
        case .q4_K:
            set(unit4 / factor, at: 0)
            set(unit4 / factor * 7.5, at: 2)
        case .q5_K:
            set(unit5 / factor, at: 0)
            set(unit5 / factor * 15.5, at: 2)
        case .q6_K:
            // Signed factors of 5 bits keep the half-precision scale out of the subnormals.
            for offset in 192..<208 {
                let factor = Int8(bitPattern: bytes[start + offset]) >> 3
                bytes[start + offset] = UInt8(bitPattern: factor)
            }
            set(spread / (9.2 * 18.5), at: 208)
        }
    }
}
