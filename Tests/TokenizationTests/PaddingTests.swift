import TestSupport
import Testing

@testable import Tokenization

/// Unused tokens at a vocabulary's end are no part of it, and no id can crash anything.
struct PaddingTests {
    private static let used = TinyVocabulary.leastCount

    @Test func paddingIsNoPartOfTheVocabulary() throws {
        let tokenizer = try padded(to: 304)
        #expect(tokenizer.vocabularyCount == Self.used)
        #expect(tokenizer.hasSameVocabulary(as: try padded(to: 272 + 16)))
        #expect(tokenizer.hasSameVocabulary(as: try padded(to: Self.used)))
        #expect(tokenizer.decode([300, 104, 303]) == "h")
    }

    @Test func paddingNeedsNoKind() throws {
        var vocabulary = TinyVocabulary(count: 304)
        for id in Self.used..<304 { vocabulary.replace(id, with: "[PAD\(id)]", type: 1) }
        #expect(try tiny(vocabulary.metadata).vocabularyCount == Self.used)
        vocabulary.replace(303, with: "[PAD999]", type: 1)
        #expect(try tiny(vocabulary.metadata).vocabularyCount == 304)
        vocabulary.replace(303, with: "[anything]", type: 5)
        #expect(try tiny(vocabulary.metadata).vocabularyCount == Self.used)
    }

    @Test func aTokenThatTheFileNamesIsNoPadding() throws {
        let named = try tiny(
            TinyVocabulary(count: 304).metadata.merging(
                ["tokenizer.ggml.eot_token_id": .uint32(290)]) { $1 })
        #expect(named.vocabularyCount == 291)
        #expect(named.endIDs.contains(290))
        var unused = TinyVocabulary(count: 304)
        for id in 0..<304 { unused.replace(id, with: "x\(id)", type: 5) }
        let metadata: [String: TinyGGUF.Value] = ["tokenizer.ggml.merges": .strings([])]
        #expect(try tiny(unused.metadata.merging(metadata) { $1 }).vocabularyCount == 304)
    }

    @Test(arguments: [-1, 280, 287, 288, 1 << 20, .max, .min] as [Int32])
    func noIdIsTooMuch(id: Int32) throws {
        let tokenizer = try padded(to: 288)
        #expect(tokenizer.bytes(of: id).isEmpty)
        #expect(!tokenizer.isControl(id))
        #expect(tokenizer.decode([104, id, 105]) == "hi")
        #expect(tokenizer.decode([104, id, 105], skipSpecial: true) == "hi")
        var decoder = StreamingDecoder(tokenizer)
        #expect([104, id, 105].map { decoder.append($0) }.joined() + decoder.finish() == "hi")
    }

    private func padded(to count: Int) throws -> Tokenizer {
        try tiny(TinyVocabulary(count: count).metadata)
    }
}
