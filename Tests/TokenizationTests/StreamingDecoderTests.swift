import Hashing
import Testing

@testable import Tokenization

struct StreamingDecoderTests {
    @Test func yieldsWholeCharactersOnly() throws {
        let tokenizer = try tiny()
        var decoder = StreamingDecoder(tokenizer)
        let yields = tokenizer.encode("a🙂", parseSpecial: false).map { decoder.append($0) }
        #expect(yields == ["a", "", "", "", "🙂"])
        #expect(decoder.finish() == "")
    }

    @Test func anUnfinishedCharacterEndsAsAReplacement() throws {
        let tokenizer = try tiny()
        var decoder = StreamingDecoder(tokenizer)
        for id in tokenizer.encode("🙂", parseSpecial: false).prefix(3) {
            #expect(decoder.append(id) == "")
        }
        #expect(decoder.finish() == "\u{FFFD}")
        #expect(decoder.finish() == "")
    }

    // Any bytes at all, most of them no UTF-8: the stream must say what the whole says.
    @Test(arguments: 0..<4)
    func joinedItIsTheWholeText(seed: UInt64) throws {
        let tokenizer = try tiny()
        var generator = SplitMix64(seed: seed)
        let likely: [Int32] = [
            0x41, 0x80, 0xBF, 0xC3, 0xE2, 0x82, 0xAC, 0xED, 0xA0, 0xF0, 0x9F, 0xF4,
        ]
        for _ in 0..<200 {
            let ids = (0..<Int.random(in: 0...12, using: &generator)).map { _ in
                Bool.random(using: &generator)
                    ? likely.randomElement(using: &generator) ?? 0
                    : Int32.random(in: 0..<288, using: &generator)
            }
            for skip in [true, false] {
                var decoder = StreamingDecoder(tokenizer, skipSpecial: skip)
                let text = ids.map { decoder.append($0) }.joined() + decoder.finish()
                #expect(text == tokenizer.decode(ids, skipSpecial: skip))
            }
        }
    }
}
