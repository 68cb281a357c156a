import TestSupport

/// Reads the block formats of GGUF files, written from their published layouts (the structures of
/// `ggml-common.h`, ggml) apart from the C code, so that the two check each other.
struct PublishedBlocks {
    /// One weight as scale x integer + offset; both factors are products of at most three small
    /// numbers, exact in a double.
    struct Weight {
        let scale: Float
        let integer: Float
        let offset: Float

        /// In the order of operations that the formats' authors use: one rounding a step.
        var value: Float { scale * integer + offset }
        /// What rounding errors are relative to.
        var magnitude: Double { abs(Double(scale) * Double(integer)) + abs(Double(offset)) }
    }

    private let bytes: ArraySlice<UInt8>

    private init(_ bytes: ArraySlice<UInt8>) { self.bytes = bytes }

    /// All weights of `row`.
    static func weights(_ type: TinyTensorType, row: [UInt8]) -> [Weight] {
        stride(from: 0, to: row.count, by: type.blockBytes).flatMap { start in
            PublishedBlocks(row[start..<start + type.blockBytes]).weights(type)
        }
    }

    private func byte(_ offset: Int) -> UInt8 { bytes[bytes.startIndex + offset] }

    private func word(_ offset: Int) -> UInt16 {
        UInt16(byte(offset)) | UInt16(byte(offset + 1)) << 8
    }

    private func half(_ offset: Int) -> Float { Float(Float16(bitPattern: word(offset))) }

    private func weights(_ type: TinyTensorType) -> [Weight] {
        switch type {
        case .f32:
            let bits = UInt32(word(0)) | UInt32(word(2)) << 16
            return [Weight(scale: Float(bitPattern: bits), integer: 1, offset: -0.0)]
        case .f16: return [Weight(scale: half(0), integer: 1, offset: -0.0)]
        case .bf16:
            let value = Float(bitPattern: UInt32(word(0)) << 16)
            return [Weight(scale: value, integer: 1, offset: -0.0)]
        case .q8_0:
            return (0..<32).map { column in
                let integer = Int8(bitPattern: byte(2 + column))
                return Weight(scale: half(0), integer: Float(integer), offset: 0)
            }
        case .q4_0: return small(quants: 2, fifths: nil, zero: 8, offset: 0)
        case .q4_1: return small(quants: 4, fifths: nil, zero: 0, offset: half(2))
        case .q5_0: return small(quants: 6, fifths: 2, zero: 16, offset: 0)
        case .q5_1: return small(quants: 8, fifths: 4, zero: 0, offset: half(2))
        case .q4_K: return large(quants: 16, fifths: nil)
        case .q5_K: return large(quants: 48, fifths: 16)
        case .q6_K: return sixBits()
        }
    }

    /// 32 columns; byte i holds column i in its low and column i + 16 in its high nibble; fifth
    /// bits in a little-endian word.
    private func small(quants: Int, fifths: Int?, zero: Int, offset: Float) -> [Weight] {
        (0..<32).map { column in
            let packed = byte(quants + column % 16)
            var integer = Int(column < 16 ? packed & 15 : packed >> 4)
            if let fifths {
                integer += 16 * Int(byte(fifths + column / 8) >> UInt8(column % 8) & 1)
            }
            return Weight(scale: half(0), integer: Float(integer - zero), offset: offset)
        }
    }

    /// 256 columns in 8 groups with 6-bit factors of d and dmin; two groups share 32 bytes of
    /// nibbles, and bit g of the fifth bits' byte belongs to group g.
    private func large(quants: Int, fifths: Int?) -> [Weight] {
        (0..<256).map { column in
            let (group, place) = (column / 32, column % 32)
            let packed = byte(quants + group / 2 * 32 + place)
            var integer = Int(group.isMultiple(of: 2) ? packed & 15 : packed >> 4)
            if let fifths { integer += 16 * Int(byte(fifths + place) >> UInt8(group) & 1) }
            let (scale, minimum) = sixBitFactors(group)
            return Weight(
                scale: half(0) * scale, integer: Float(integer), offset: -(half(2) * minimum))
        }
    }

    /// 12 bytes at offset 4: four scales and four minimums in 6 bits each; the upper two bits of
    /// those eight bytes are the upper bits of the other four pairs, whose nibbles follow.
    private func sixBitFactors(_ group: Int) -> (scale: Float, minimum: Float) {
        if group < 4 { return (Float(byte(4 + group) & 63), Float(byte(8 + group) & 63)) }
        let nibbles = byte(8 + group)
        let scale = nibbles & 15 | (byte(group) >> 6) << 4
        let minimum = nibbles >> 4 | (byte(4 + group) >> 6) << 4
        return (Float(scale), Float(minimum))
    }

    /// 256 columns in two halves: 64 bytes of nibbles (columns 0-63 of the half low, 64-127
    /// high), 32 bytes of bit pairs (one pair for each quarter), 16 signed factors in all.
    private func sixBits() -> [Weight] {
        (0..<256).map { column in
            let (part, place) = (column / 128, column % 128)
            let packed = byte(part * 64 + place % 64)
            let low = place < 64 ? packed & 15 : packed >> 4
            let high = byte(128 + part * 32 + place % 32) >> UInt8(place / 32 * 2) & 3
            let factor = Int8(bitPattern: byte(192 + column / 16))
            return Weight(
                scale: half(208) * Float(factor), integer: Float(Int(low | high << 4) - 32),
                offset: 0)
        }
    }
}
