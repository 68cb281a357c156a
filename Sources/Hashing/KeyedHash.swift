/// A 64-bit hash for seeded draws: FNV-1a over bytes, finished by the mixer of SplitMix64 (Steele, Lea, Flood 2014).
package struct KeyedHash: Sendable {
    private var state: UInt64

    /// The seed is the first thing that is mixed in.
    package init(seed: UInt64) {
        state = 0xcbf2_9ce4_8422_2325
        mix(seed)
    }

    /// Adds one byte: a step of FNV-1a.
    package mutating func mix(_ byte: UInt8) {
        state = (state ^ UInt64(byte)) &* 0x100_0000_01b3
    }

    /// Adds eight bytes, the lowest first.
    package mutating func mix(_ value: UInt64) {
        for shift in stride(from: UInt64(0), to: 64, by: 8) {
            mix(UInt8(truncatingIfNeeded: value >> shift))
        }
    }

    /// The text's UTF-8 and its length, so that neighbouring fields can't run into each other.
    package mutating func mix(_ text: String) {
        for byte in text.utf8 { mix(byte) }
        mix(UInt64(text.utf8.count))
    }

    /// Of all that was mixed in so far.
    package var value: UInt64 { SplitMix64.mixed(seed: state, counter: 0) }

    /// The top 24 bits as a float in [0, 1).
    package var unit: Float { Float(value >> 40) * 0x1p-24 }
}
