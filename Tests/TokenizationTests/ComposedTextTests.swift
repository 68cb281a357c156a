import Foundation
import TestSupport
import Testing

@testable import Tokenization

struct ComposedTextTests {
    @Test func composesAsPythonDoes() throws {
        let rows = try Resource.lines("nfc.txt").filter { !$0.hasPrefix("#") }
        #expect(rows.count >= 250)
        for row in rows {
            let sides = row.components(separatedBy: " ; ")
            try #require(sides.count == 2)
            let composed = ComposedText.composing(Self.text(sides[0]))
            #expect(composed.utf8.elementsEqual(Self.text(sides[1]).utf8), "\(row)")
            #expect(ComposedText.composing(composed).utf8.elementsEqual(composed.utf8))
        }
    }

    @Test func whatTheFastPathLetsThroughIsComposed() {
        var below = String.UnicodeScalarView()
        for value in UInt32(0)..<0x300 {
            if let scalar = Unicode.Scalar(value) { below.append(scalar) }
        }
        let text = String(below)
        #expect(ComposedText.composing(text).utf8.elementsEqual(text.utf8))
        #expect(Self.isComposed(text))
        for other in ["e\u{301}", "\u{1100}\u{1161}", "\u{212B}", "\u{1D15E}"] {
            #expect(!Self.isComposed(other))
        }
    }

    // Marks in the wrong order, by the hundred thousand, took minutes to sort by inserting.
    @Test(arguments: ["\u{301}\u{323}", "\u{F81}\u{F73}", "e\u{301}", "\u{1112}\u{1161}\u{11AB}"])
    func longTextsTakeLinearTime(part: String) {
        let text = "a" + String(repeating: part, count: 100_000)
        let time = ContinuousClock().measure { _ = ComposedText.composing(text) }
        #expect(time < .seconds(15))
    }

    @Test func qwensTextIsComposedBeforeItIsSplit() throws {
        let qwen = try tiny()
        let (composed, apart) = ("\u{E9}t\u{E9}", "e\u{301}te\u{301}")
        #expect(
            qwen.encode(apart, parseSpecial: false) == qwen.encode(composed, parseSpecial: false))
        #expect(
            qwen.decode(qwen.encode(apart, parseSpecial: false)).utf8.elementsEqual(composed.utf8))
        for pre in ["llama-bpe", "gpt-2", "smollm"] {
            let other = try tiny(["tokenizer.ggml.pre": .string(pre)])
            let ids = other.encode(apart, parseSpecial: false)
            #expect(other.decode(ids).utf8.elementsEqual(apart.utf8), "\(pre)")
        }
    }

    @Test func specialTokensAreCutOutBeforeTheirTextIsComposed() throws {
        let qwen = try tiny()
        let end = try #require(TinyVocabulary.id(of: "<|im_end|>"))
        // The overlay would make one character of itself and the sign before it.
        let ids = qwen.encode("a<|im_end|>\u{338}", parseSpecial: true)
        #expect(ids.contains(end))
        #expect(qwen.decode(ids).utf8.elementsEqual("a<|im_end|>\u{338}".utf8))
        let plain = qwen.encode("a<|im_end|>\u{338}", parseSpecial: false)
        #expect(qwen.decode(plain).utf8.elementsEqual("a<|im_end|\u{226F}".utf8))
    }

    private static func isComposed(_ text: String) -> Bool {
        var text = text
        return text.withUTF8(ComposedText.isComposed)
    }

    private static func text(_ hexadecimal: String) -> String {
        var scalars = String.UnicodeScalarView()
        for value in hexadecimal.split(separator: " ") {
            if let scalar = UInt32(value, radix: 16).flatMap(Unicode.Scalar.init) {
                scalars.append(scalar)
            }
        }
        return String(scalars)
    }
}
