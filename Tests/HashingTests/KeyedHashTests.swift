import Hashing
import Testing

struct KeyedHashTests {
    @Test func fieldsDoNotRunTogether() {
        func value(_ texts: [String]) -> UInt64 {
            var hash = KeyedHash(seed: 1)
            for text in texts { hash.mix(text) }
            return hash.value
        }
        #expect(value(["ab", "c"]) != value(["a", "bc"]))
        #expect(value(["", "a"]) != value(["a", ""]))
        #expect(value([]) != value([""]))
    }

    @Test func unitIsBelowOne() {
        for seed in 0..<2000 as Range<UInt64> {
            let unit = KeyedHash(seed: seed).unit
            #expect(unit >= 0 && unit < 1)
        }
    }
}
