import Hashing
import Testing

@testable import Inference

/// Forks and rewinds: sequences share pages, and none can tell.
struct SequenceTests {
    /// Lengths at which a fork meets a page's beginning, middle and end.
    @Test(arguments: [1, 15, 16, 17, 32, 40])
    func forksAreIndependent(length: Int) throws {
        try withTinyModel(.qwen2, threads: 2) { model in
            let texts = randomTexts([length, 20, 20, 20], seed: UInt64(length))
            let (common, tails) = (texts[0], Array(texts.dropFirst()))
            let expected = try tails.map { try model.sayOneByOne(common + $0).dropFirst(length) }

            let first = model.cache.makeSequence()
            _ = try model.say(first, common)
            let second = first.fork()
            let pages = model.cache.pagesInUse
            #expect(pages == (length + 15) / 16)
            // In turns, so that each would see the other's writes; the third forks late.
            var said = [ArraySlice<Said>](repeating: [], count: 3)
            for i in 0..<10 {
                said[0] += try model.say(first, [tails[0][i]])
                said[1] += try model.say(second, [tails[1][i]])
            }
            let third = first.fork()
            third.rewind(to: length)
            said[2] += try model.say(third, tails[2][..<10])
            let rest = try model.say([
                (first, Array(tails[0][10...])), (third, Array(tails[2][10...])),
                (second, Array(tails[1][10...])),
            ])
            said[0] += rest[0]
            said[2] += rest[1]
            said[1] += rest[2]
            for (a, b) in zip(said, expected) { #expect(Array(a) == Array(b)) }
            #expect(first.length == length + 20)
        }
    }

    @Test(arguments: [0, 1, 15, 16, 17, 31, 32, 33, 48])
    func rewindForgets(length: Int) throws {
        try withTinyModel(.llama) { model in
            let texts = randomTexts([48, 30], seed: 9)
            let sequence = model.cache.makeSequence()
            _ = try model.say(sequence, texts[0])
            sequence.rewind(to: length)
            #expect(sequence.length == length)
            #expect(model.cache.pagesInUse == (length + 15) / 16)
            let said = try model.say(sequence, texts[1])
            let fresh = try model.sayOneByOne(texts[0].prefix(length) + texts[1])
            #expect(said == Array(fresh.dropFirst(length)))
        }
    }

    /// A fork that is rewound into a page it shares must copy it before writing, and a sequence
    /// whose sibling is gone must not.
    @Test func copiesOnWriteOnly() throws {
        try withTinyModel(.qwen2) { model in
            let texts = randomTexts([24, 8, 8], seed: 2)
            let cache = model.cache
            let first = cache.makeSequence()
            _ = try model.say(first, texts[0])
            var second: KVSequence? = first.fork()
            #expect(cache.pagesInUse == 2)
            second?.rewind(to: 20)
            #expect(cache.pagesInUse == 2)
            if let second { _ = try model.say(second, texts[1]) }
            #expect(cache.pagesInUse == 3)
            // The first is the only owner of its last page now: no copy.
            let said = try model.say(first, texts[2])
            #expect(cache.pagesInUse == 3)
            #expect(said == Array(try model.sayOneByOne(texts[0] + texts[2]).dropFirst(24)))
            second = nil
            #expect(cache.pagesInUse == 2)
            #expect(cache.pagesAtPeak >= 3)
        }
    }

    @Test func manyForksOfOnePrompt() throws {
        try withTinyModel(.llama, threads: 2) { model in
            let prompt = randomTexts([37])[0]
            let root = model.cache.makeSequence()
            _ = try model.say(root, prompt)
            let forks = (0..<20).map { _ in root.fork() }
            let said = try model.say(forks.enumerated().map { ($1, [Int32($0)]) })
            #expect(model.cache.pagesInUse == 3 + 20)
            for (token, said) in said.enumerated() {
                let alone = try model.sayOneByOne(prompt + [Int32(token)]).suffix(1)
                #expect(said == Array(alone))
            }
            withExtendedLifetime(forks) {}
        }
    }

    @Test func pagesReturnToTheCache() throws {
        try withTinyModel(.qwen2) { model in
            var generator = SplitMix64(seed: 8)
            var sequences: [KVSequence] = []
            for _ in 0..<300 {
                let index = sequences.indices.randomElement(using: &generator)
                switch (Int.random(in: 0..<5, using: &generator), index) {
                case (0, _): sequences.append(model.cache.makeSequence())
                case (1, let i?): sequences.append(sequences[i].fork())
                case (2, let i?):
                    let length = sequences[i].length
                    sequences[i].rewind(to: Int.random(in: 0...length, using: &generator))
                case (3, let i?) where sequences.count > 6: sequences.remove(at: i)
                case (_, let i?):
                    let count = Int.random(in: 1...20, using: &generator)
                    let room = model.config.context - sequences[i].length
                    let tokens = [Int32](repeating: 5, count: min(count, room))
                    _ = try model.forward([Segment(sequences[i], tokens)])
                default: break
                }
            }
            #expect(model.cache.pagesInUse > 0)
            sequences = []
            #expect(model.cache.pagesInUse == 0)
            #expect(model.cache.pagesAvailable == model.cache.pageLimit)
        }
    }
}
