import Testing

@testable import Hashing

struct SplitMix64Tests {
    // The reference sequence for seed 1234567, as given with Vigna's C code.
    private let reference: [UInt64] = [
        6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423,
        4_593_380_528_125_082_431, 16_408_922_859_458_223_821,
    ]

    @Test func equalsTheReference() {
        var generator = SplitMix64(seed: 1_234_567)
        #expect(reference.map { _ in generator.next() } == reference)
    }

    @Test func anyOutputCanBeReadDirectly() {
        for (counter, expected) in reference.enumerated() {
            #expect(
                SplitMix64.mixed(seed: 1_234_567, counter: UInt64(counter)) == expected)
        }
    }

    @Test(arguments: [UInt64(1), 2, 3, 1319, 1 << 63])
    func boundedDrawsStayBelowTheBound(bound: UInt64) {
        var generator = SplitMix64(seed: 5)
        let drawn = (0..<1000).map { _ in generator.next(below: bound) }
        #expect(drawn.allSatisfy { $0 < bound })
        if bound == 3 { #expect(Set(drawn) == [0, 1, 2]) }
    }
}
