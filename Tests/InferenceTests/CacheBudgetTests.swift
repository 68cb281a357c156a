import CKernels
import Testing

@testable import Inference

/// A full cache, a full context and impossible tokens: a refusal changes nothing.
struct CacheBudgetTests {
    /// A model whose cache has room for `pages` pages.
    private func withPages<R>(_ pages: Int, _ body: (Model) throws -> R) throws -> R {
        // 2 layers x 2 key-value heads of 64, keys and values in 2 bytes.
        let pageBytes = 2 * 2 * 64 * 2 * 2 * 16
        return try withTinyModel(.qwen2, context: 256, cacheBytes: pages * pageBytes) { model in
            #expect(model.cache.pageBytes == pageBytes)
            #expect(model.cache.pageLimit == pages)
            return try body(model)
        }
    }

    @Test func aFullCacheLeavesEverythingAsItWas() throws {
        try withPages(4) { model in
            let texts = randomTexts([20, 20, 13], seed: 1)
            let (first, second) = (model.cache.makeSequence(), model.cache.makeSequence())
            _ = try model.say([(first, texts[0]), (second, texts[1])])
            #expect(model.cache.pagesAvailable == 0)

            // The last pages have room for 12 tokens each; the thirteenth needs a page more.
            let full = ForwardError.cache(.full(pages: 4))
            #expect(throws: full) { try model.say(second, texts[2]) }
            #expect(throws: full) {
                try model.say([(first, [1]), (second, texts[2])])
            }
            #expect(first.length == 20 && second.length == 20)
            #expect(model.cache.pagesInUse == 4)

            let fitting = try model.say(second, texts[2].prefix(12))
            #expect(
                fitting
                    == Array(try expected(texts[1] + texts[2].prefix(12)).dropFirst(20)))

            first.rewind(to: 0)
            let released = try model.say(second, texts[2].suffix(1))
            #expect(released == Array(try expected(texts[1] + texts[2]).suffix(1)))
        }
    }

    @Test func aRefusedPassMakesNoCopies() throws {
        try withPages(4) { model in
            let prompt = randomTexts([20], seed: 2)[0]
            let first = model.cache.makeSequence()
            _ = try model.say(first, prompt)
            let (second, third) = (first.fork(), first.fork())
            #expect(model.cache.pagesInUse == 2)
            // Copies for two fit; the third's new pages do not.
            let long = [Int32](repeating: 3, count: 40)
            #expect(throws: ForwardError.cache(.full(pages: 4))) {
                try model.say([(first, [1]), (second, [2]), (third, long)])
            }
            #expect(model.cache.pagesInUse == 2)
            #expect([first, second, third].map(\.length) == [20, 20, 20])
            let said = try model.say([(first, [1]), (second, [2])])
            #expect(said[0] == Array(try expected(prompt + [1]).suffix(1)))
            #expect(said[1] == Array(try expected(prompt + [2]).suffix(1)))
        }
    }

    /// The same text in a model with room.
    private func expected(_ tokens: some Collection<Int32>) throws -> [Said] {
        try withTinyModel(.qwen2, context: 256) { try $0.sayOneByOne(tokens) }
    }

    @Test func aBudgetBelowOnePageStillHasOne() throws {
        try withTinyModel(.qwen2, cacheBytes: 1) { model in
            #expect(model.cache.pageLimit == 1)
            try #expect(model.say(model.cache.makeSequence(), randomTexts([16])[0]).count == 16)
        }
    }

    @Test func contextExceeded() throws {
        try withTinyModel(.llama, context: 40) { model in
            let text = randomTexts([41])[0]
            let sequence = model.cache.makeSequence()
            let error = ForwardError.cache(.contextExceeded(length: 41, context: 40))
            #expect(throws: error) { try model.say(sequence, text) }
            #expect(sequence.length == 0 && model.cache.pagesInUse == 0)
            try #expect(model.say(sequence, text.prefix(40)).count == 40)
            #expect(throws: error) { try model.say(sequence, [1]) }
            #expect(
                error.description == "41 tokens exceed the model's context of 40")
        }
    }

    @Test(arguments: [-1, 288, Int32.max, Int32.min])
    func tokensOutsideTheVocabulary(token: Int32) throws {
        try withTinyModel(.qwen2) { model in
            let sequence = model.cache.makeSequence()
            let other = model.cache.makeSequence()
            let error = ForwardError.token(token, vocabulary: 288)
            #expect(throws: error) { try model.say([(other, [1]), (sequence, [0, token])]) }
            // A target outside is found before anything is computed, too.
            #expect(throws: error) {
                try model.forward([
                    Segment(other, [1]),
                    Segment(sequence, [0, 1], read: Read(.last, targets: [token, 0])),
                ])
            }
            #expect(sequence.length == 0 && other.length == 0 && model.cache.pagesInUse == 0)
            #expect(error.description.contains("\(token)"))
        }
    }

    @Test func nothingToDo() throws {
        try withTinyModel(.qwen2) { model in
            try #expect(model.forward([]).isEmpty)
            let sequence = model.cache.makeSequence()
            try #expect(model.forward([Segment(sequence, [])]) == [[]])
            #expect(sequence.length == 0 && model.cache.pagesInUse == 0)
        }
    }

    @Test func oneSequenceTwiceIsAMistake() async {
        await #expect(processExitsWith: .failure) {
            try withTinyModel(.qwen2) { model in
                let sequence = model.cache.makeSequence()
                _ = try model.say([(sequence, [1]), (sequence, [2])])
            }
        }
    }
}
