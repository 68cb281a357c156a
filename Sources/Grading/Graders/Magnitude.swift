/// A whole number from 0 of any size, for comparing answers without rounding.
///
/// Little-endian limbs in base 10^9 without leading zeros, so zero has no limbs. Only what exact
/// comparison needs: reading, writing, adding, multiplying, ordering.
struct Magnitude: Equatable, Sendable {
    private static let base: UInt64 = 1_000_000_000
    private static let digitsPerLimb = 9

    private var limbs: [UInt64]

    /// The number that decimal digits (each 0...9, most significant first) spell; none spell 0.
    init(digits: some Collection<UInt8>) {
        limbs = []
        var pending = Array(digits)[...]
        while !pending.isEmpty {
            limbs.append(pending.suffix(Self.digitsPerLimb).reduce(0) { $0 * 10 + UInt64($1) })
            pending = pending.dropLast(Self.digitsPerLimb)
        }
        trim()
    }

    private init(limbs: [UInt64]) {
        self.limbs = limbs
        trim()
    }

    static let zero = Magnitude(limbs: [])
    static let one = Magnitude(limbs: [1])

    var isZero: Bool { limbs.isEmpty }

    /// 10 to the power `exponent`, which must not be negative.
    static func powerOfTen(_ exponent: Int) -> Magnitude {
        Magnitude(digits: [1] + Array(repeating: 0, count: exponent))
    }

    static func + (a: Magnitude, b: Magnitude) -> Magnitude {
        var sum: [UInt64] = []
        var carry: UInt64 = 0
        for i in 0..<max(a.limbs.count, b.limbs.count) {
            let total = a.limb(i) + b.limb(i) + carry
            sum.append(total % base)
            carry = total / base
        }
        return Magnitude(limbs: sum + [carry])
    }

    /// The absolute difference.
    static func distance(_ a: Magnitude, _ b: Magnitude) -> Magnitude {
        let (large, small) = a < b ? (b, a) : (a, b)
        var difference: [UInt64] = []
        var borrow: UInt64 = 0
        for i in large.limbs.indices {
            let subtrahend = small.limb(i) + borrow
            borrow = large.limbs[i] < subtrahend ? 1 : 0
            difference.append(large.limbs[i] + borrow * base - subtrahend)
        }
        return Magnitude(limbs: difference)
    }

    /// The schoolbook product, O(n m) for n and m limbs.
    static func * (a: Magnitude, b: Magnitude) -> Magnitude {
        var product = [UInt64](repeating: 0, count: a.limbs.count + b.limbs.count)
        for (i, x) in a.limbs.enumerated() {
            var carry: UInt64 = 0
            for (j, y) in b.limbs.enumerated() {
                // Below 2^60 + 2^31, so it cannot overflow.
                let total = product[i + j] + x * y + carry
                product[i + j] = total % base
                carry = total / base
            }
            product[i + b.limbs.count] += carry
        }
        return Magnitude(limbs: product)
    }

    private func limb(_ index: Int) -> UInt64 {
        index < limbs.count ? limbs[index] : 0
    }

    private mutating func trim() {
        while limbs.last == 0 { limbs.removeLast() }
    }
}

extension Magnitude: Comparable {
    static func < (a: Magnitude, b: Magnitude) -> Bool {
        if a.limbs.count != b.limbs.count { return a.limbs.count < b.limbs.count }
        return a.limbs.reversed().lexicographicallyPrecedes(b.limbs.reversed())
    }
}

extension Magnitude: CustomStringConvertible {
    var description: String {
        guard let top = limbs.last else { return "0" }
        return limbs.dropLast().reversed().reduce(into: String(top)) { text, limb in
            let digits = String(limb)
            text += String(repeating: "0", count: Self.digitsPerLimb - digits.count) + digits
        }
    }
}
