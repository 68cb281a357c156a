/// What two neighbouring tokens become when they are joined, and how soon.
struct Joined: Equatable, Sendable {
    /// Pairs of lower priority numbers are joined first.
    let priority: UInt32
    /// The token that the pair becomes.
    let id: Int32
}

/// The merges of a byte-pair encoding by their two tokens: an open-addressed hash table.
///
/// Encoding asks about three times per byte of text, mostly for pairs that are not there, so keys
/// lie densely together.
struct PairTable: Sendable {
    private static let empty = UInt64.max

    private var keys: [UInt64]
    private var values: [Joined]

    /// A table for up to `count` pairs, at most half full.
    init(count: Int) {
        var capacity = 16
        while capacity < count * 2 { capacity *= 2 }
        keys = [UInt64](repeating: Self.empty, count: capacity)
        values = [Joined](repeating: Joined(priority: 0, id: 0), count: capacity)
    }

    /// Adds a pair; one that is there already keeps its value.
    mutating func add(_ left: Int32, _ right: Int32, _ joined: Joined) {
        let slot = slot(of: left, right)
        guard keys[slot] == Self.empty else { return }
        keys[slot] = Self.key(left, right)
        values[slot] = joined
    }

    /// What the pair becomes, if it is ever joined.
    func joined(_ left: Int32, _ right: Int32) -> Joined? {
        let slot = slot(of: left, right)
        return keys[slot] == Self.empty ? nil : values[slot]
    }

    private static func key(_ left: Int32, _ right: Int32) -> UInt64 {
        UInt64(UInt32(bitPattern: left)) << 32 | UInt64(UInt32(bitPattern: right))
    }

    private func slot(of left: Int32, _ right: Int32) -> Int {
        let key = Self.key(left, right)
        let mask = keys.count - 1
        // Multiplying by 2^64 / golden ratio spreads keys that differ in few bits (Knuth, 6.4).
        var slot = Int(truncatingIfNeeded: (key &* 0x9E37_79B9_7F4A_7C15) >> 20) & mask
        while keys[slot] != key, keys[slot] != Self.empty { slot = (slot + 1) & mask }
        return slot
    }
}
