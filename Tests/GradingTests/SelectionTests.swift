import Testing

@testable import Grading

struct SelectionTests {
    @Test func withoutSeedTakesTheFirstRows() {
        #expect(Selection().rows(of: [5, 6, 7]) == [5, 6, 7])
        #expect(Selection(limit: 2).rows(of: [5, 6, 7]) == [5, 6])
        #expect(Selection(limit: 9).rows(of: [5, 6, 7]) == [5, 6, 7])
        #expect(Selection(limit: 0).rows(of: [5, 6, 7]).isEmpty)
        #expect(Selection(limit: -1, seed: 1).rows(of: [5, 6, 7]).isEmpty)
    }

    @Test(arguments: [UInt64(0), 1, 42, .max])
    func largerSampleBeginsWithTheSmaller(seed: UInt64) {
        let all = Selection(seed: seed).indices(of: 1319)
        #expect(all.sorted() == Array(0..<1319))
        for limit in [0, 1, 20, 100, 1318] {
            #expect(
                Selection(limit: limit, seed: seed).indices(of: 1319) == Array(all.prefix(limit)))
        }
    }

    @Test func seedsDiffer() {
        let samples = (0..<20).map { Selection(limit: 10, seed: $0).indices(of: 1000) }
        #expect(Set(samples).count == 20)
    }

    // Computed apart from this code, in Python from the published SplitMix64.
    @Test func orderIsFixed() {
        #expect(Selection(limit: 8, seed: 7).indices(of: 100) == [84, 1, 71, 44, 31, 43, 52, 91])
    }
}
