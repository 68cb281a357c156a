/// A short, stable fingerprint of texts, for version strings. Not for security.
package enum Fingerprint {
    /// Sixteen hexadecimal digits of `hash`.
    package static func text(of parts: [String]) -> String {
        let digits = String(hash(of: parts), radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }

    /// 64-bit FNV-1a over the parts, each ended by a byte that UTF-8 lacks.
    package static func hash(of parts: [String]) -> UInt64 {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for part in parts {
            for byte in Array(part.utf8) + [0xFF] {
                hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01B3
            }
        }
        return hash
    }
}
