import Hashing
import Testing

@testable import Generation

struct NGramIndexTests {
    /// By hand: of a text's last tokens, the most that stood before decide, at their latest place.
    @Test func theLatestPlaceOfTheLongestEnding() {
        #expect(NGramIndex(of: [], longest: 3).next == nil)
        #expect(NGramIndex(of: [1], longest: 3).next == nil)
        #expect(NGramIndex(of: [1, 2, 3], longest: 3).next == nil)
        #expect(NGramIndex(of: [1, 2, 1], longest: 3).next == 2)
        #expect(NGramIndex(of: [1, 2, 1, 3, 1], longest: 3).next == 3)
        // (5, 1) stood once, followed by 2; 1 alone stood later, followed by 3.
        #expect(NGramIndex(of: [5, 1, 2, 1, 3, 5, 1], longest: 2).next == 2)
        #expect(NGramIndex(of: [5, 1, 2, 1, 3, 5, 1], longest: 1).next == 3)
        // An ending may overlap where it stood before.
        #expect(NGramIndex(of: [4, 4, 4], longest: 2).next == 4)
    }

    /// Text that comes and goes, against a search of the whole text.
    @Test(arguments: 0..<20)
    func asBySearch(seed: UInt64) {
        var random = SplitMix64(seed: seed)
        let longest = Int.random(in: 1...5, using: &random)
        var text: [Int32] = []
        var index = NGramIndex(of: text, longest: longest)
        for _ in 0..<300 {
            if Int.random(in: 0..<5, using: &random) == 0 {
                let length = Int.random(in: max(0, text.count - 6)...text.count, using: &random)
                text.removeSubrange(length...)
                index.rewind(to: length)
            } else {
                let token = Int32.random(in: 0..<4, using: &random)
                text.append(token)
                index.append(token)
            }
            #expect(index.length == text.count)
            #expect(index.next == search(text, longest))
        }
    }

    private func search(_ text: [Int32], _ longest: Int) -> Int32? {
        for length in (1...longest).reversed() where length < text.count {
            for end in (length..<text.count).reversed()
            where text[(end - length)..<end] == text.suffix(length) {
                return text[end]
            }
        }
        return nil
    }
}
