import Foundation
import Hashing
import Testing

@testable import ResultsStore

struct LeftLogTests {
    /// What is written again is all that differs, and of the rest only gaps in which no frame of a log has room.
    @Test(arguments: UInt64(0)..<60) func allThatDiffersIsFound(seed: UInt64) {
        var random = SplitMix64(seed: seed)
        let stored = Data((0..<Int(random.next() % 6_000)).map { _ in UInt8(random.next() % 3) })
        var shown = stored + Data((0..<Int(random.next() % 2_000)).map { _ in 7 })
        for _ in 0..<Int(random.next() % 5) where !shown.isEmpty {
            let start = Int(random.next() % UInt64(shown.count))
            let end = min(shown.count, start + Int(random.next() % 1_000))
            for index in start..<end where random.next() % 2 == 0 { shown[index] ^= 0x80 }
        }
        let ranges = LeftLog.differences(shown, stored)
        var mended = Array(stored)
        for range in ranges {
            mended += Array(repeating: 0, count: max(0, range.upperBound - mended.count))
            mended.replaceSubrange(range, with: shown[range])
            // Neither end is written in vain.
            for index in [range.lowerBound, range.upperBound - 1] {
                #expect(index >= stored.count || stored[index] != shown[index])
            }
        }
        #expect(Data(mended) == shown)
        for (one, next) in zip(ranges, ranges.dropFirst()) {
            #expect(next.lowerBound - one.upperBound >= 512)
        }
    }

    @Test func whatIsTheSameIsLeftAlone() {
        #expect(LeftLog.differences(Data(), Data()) == [])
        #expect(LeftLog.differences(Data([1, 2]), Data([1, 2])) == [])
        // The disk may hold more than is shown of a log that was cut.
        #expect(LeftLog.differences(Data([1]), Data([1, 2])) == [])
    }
}
