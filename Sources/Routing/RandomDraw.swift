/// Calls L with a fixed probability, whatever the text: the content-blind baseline of docs/method.md, 2.2.
///
/// The score is a draw from [0, 1) keyed on seed, question and position, so it does not depend on batch, shard or the other policies; the threshold is the
/// call ratio.
public struct RandomDraw: ScoreFunction {
    /// `random`.
    public let name = "random"
    /// Below: the threshold is the call ratio.
    public let calls = CallSide.below
    private let seed: UInt64

    /// Draws of one seed.
    public init(seed: UInt64) { self.seed = seed }

    /// A draw from [0, 1), a multiple of 2^-24.
    public func score(_ signals: Signals) -> Float {
        var hash = KeyedHash(seed: seed)
        hash.mix(signals.question)
        hash.mix(UInt64(signals.position))
        return hash.unit
    }
}

/// Calls L for a fixed share of the questions, whatever they say: the baseline of query-level routing (docs/method.md, 2.4).
///
/// The score is a draw from [0, 1) keyed on seed and question; the threshold is the share.
public struct QueryDraw: ScoreFunction {
    /// `query-random`.
    public let name = "query-random"
    /// Below: the threshold is the share of questions.
    public let calls = CallSide.below
    private let seed: UInt64

    /// Draws of one seed.
    public init(seed: UInt64) { self.seed = seed }

    /// A draw from [0, 1), a multiple of 2^-24.
    public func score(_ signals: Signals) -> Float {
        var hash = KeyedHash(seed: seed ^ 0x7175_6572_79)  // apart from the token's draws
        hash.mix(signals.question)
        return hash.unit
    }
}

/// A 64-bit hash for seeded draws: FNV-1a over bytes, finished by the mixer of SplitMix64 (Steele, Lea, Flood 2014).
public struct KeyedHash: Sendable {
    private var state: UInt64

    /// A hash that begins with the seed.
    public init(seed: UInt64) {
        state = 0xcbf2_9ce4_8422_2325
        mix(seed)
    }

    /// Adds one byte.
    public mutating func mix(_ byte: UInt8) {
        state = (state ^ UInt64(byte)) &* 0x100_0000_01b3
    }

    /// Adds eight bytes, the lowest first.
    public mutating func mix(_ value: UInt64) {
        for shift in stride(from: UInt64(0), to: 64, by: 8) {
            mix(UInt8(truncatingIfNeeded: value >> shift))
        }
    }

    /// The text's UTF-8 and its length, so that neighbouring fields can't run into each other.
    public mutating func mix(_ text: String) {
        for byte in text.utf8 { mix(byte) }
        mix(UInt64(text.utf8.count))
    }

    /// All 64 bits.
    public var value: UInt64 {
        var z = state &+ 0x9e37_79b9_7f4a_7c15
        z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
        z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
        return z ^ (z >> 31)
    }

    /// The top 24 bits as a float in [0, 1).
    public var unit: Float { Float(value >> 40) * 0x1p-24 }
}
