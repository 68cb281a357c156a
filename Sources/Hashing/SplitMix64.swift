/// The SplitMix64 generator: one 64-bit counter through a fixed mixing function.
///
/// Written out so that every seeded draw is the same on every machine and in every release.
/// Source: Steele, Lea and Flood, "Fast splittable pseudorandom number generators", 2014, with the
/// constants of Vigna's public-domain version.
package struct SplitMix64: RandomNumberGenerator, Sendable {
    private var state: UInt64

    package init(seed: UInt64) {
        state = seed
    }

    /// The next of 2^64 outputs, each of which comes once.
    package mutating func next() -> UInt64 {
        state &+= Self.increment
        return Self.mix(state)
    }

    /// A whole number in 0..<bound by Lemire's multiply-and-reject; `bound` must not be 0.
    ///
    /// Kept apart from the standard library's `next(upperBound:)`, whose method may change.
    package mutating func next(below bound: UInt64) -> UInt64 {
        precondition(bound > 0, "an empty range has no number to draw")
        var product = next().multipliedFullWidth(by: bound)
        if product.low < bound {
            let rejected = (0 &- bound) % bound
            while product.low < rejected { product = next().multipliedFullWidth(by: bound) }
        }
        return product.high
    }

    /// From [0, 1), a multiple of 2^-24.
    package mutating func unit() -> Float { Float(next() >> 40) * 0x1p-24 }

    /// Fisher and Yates: every order is equally likely, up to the last bits of a product of 64 bits. O(n).
    package mutating func shuffle<T>(_ items: inout [T]) {
        for index in items.indices.dropFirst().reversed() {
            let other = Int(next().multipliedFullWidth(by: UInt64(index + 1)).high)
            items.swapAt(index, other)
        }
    }

    /// The `counter`-th output (from 0) of the generator seeded with `seed`, in O(1).
    package static func mixed(seed: UInt64, counter: UInt64) -> UInt64 {
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
