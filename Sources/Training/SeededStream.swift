/// A stream of seeded draws: SplitMix64 (Steele, Lea and Flood 2014).
struct SeededStream {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var z = state
        z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
        z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
        return z ^ (z >> 31)
    }

    /// From [0, 1), a multiple of 2^-24.
    mutating func unit() -> Float { Float(next() >> 40) * 0x1p-24 }

    /// Every order is equally likely, up to the last bits of a product of 64 bits.
    mutating func shuffle<T>(_ items: inout [T]) {
        for index in items.indices.dropFirst().reversed() {
            let other = Int(next().multipliedFullWidth(by: UInt64(index + 1)).high)
            items.swapAt(index, other)
        }
    }
}
