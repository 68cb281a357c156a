/// The SplitMix64 generator: one 64-bit counter through a fixed mixing function.
///
/// Written out so that every seeded draw is the same on every machine and in every release.
/// Source: Steele, Lea and Flood, "Fast splittable pseudorandom number generators", 2014, with the
/// constants of Vigna's public-domain version.
public struct SplitMix64: RandomNumberGenerator, Sendable {
    private var state: UInt64

    /// A generator whose whole sequence follows from `seed`.
    public init(seed: UInt64) {
        state = seed
    }

    /// The next 64 random bits.
    public mutating func next() -> UInt64 {
        state &+= Self.increment
        return Self.mix(state)
    }

    /// A whole number in 0..<bound by Lemire's multiply-and-reject; `bound` must not be 0.
    ///
    /// Kept apart from the standard library's `next(upperBound:)`, whose method may change.
    public mutating func next(below bound: UInt64) -> UInt64 {
        precondition(bound > 0, "an empty range has no number to draw")
        var product = next().multipliedFullWidth(by: bound)
        if product.low < bound {
            let rejected = (0 &- bound) % bound
            while product.low < rejected { product = next().multipliedFullWidth(by: bound) }
        }
        return product.high
    }

    /// The `counter`-th output (from 0) of the generator seeded with `seed`, in O(1).
    public static func mixed(seed: UInt64, counter: UInt64) -> UInt64 {
        mix(seed &+ (counter &+ 1) &* increment)
    }

    private static let increment: UInt64 = 0x9E37_79B9_7F4A_7C15

    private static func mix(_ value: UInt64) -> UInt64 {
        var z = value
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}
