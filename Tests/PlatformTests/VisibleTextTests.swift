import Testing

@testable import Platform

struct VisibleTextTests {
    @Test(arguments: [
        ("plain\n\ttext é 日本 👩‍👧", "plain\n\ttext é 日本 👩‍👧"), ("\u{1B}]0;x\u{7}", "␛]0;x␇"),
        ("a\u{0}b\r\u{7F}\u{9B}", "a␀b␍␡<U+9B>"), ("\u{202E}abc\u{2066}", "<U+202E>abc<U+2066>"),
        ("a\u{2028}b\u{2029}c\u{85}", "a<U+2028>b<U+2029>c<U+85>"), ("a\r\nb", "a␍\nb"),
        ("\u{61C}\u{200E}\u{200F}", "<U+61C><U+200E><U+200F>"),
    ])
    func showsControlCharacters(text: String, shown: String) {
        #expect(visible(text) == shown)
        #expect(visible(shown) == shown)
    }

    @Test func staysOnOneLine() {
        #expect(visibleLine("a\nb\tc\r\nd\u{1B}") == "a b c␍ d␛")
    }

    @Test func escapesWithinJSON() {
        #expect(
            visibleJSON("{\"a\": \"\u{9B}x\u{202E}\u{7F}é\"}")
                == #"{"a": "\u009bx\u202e\u007fé"}"#)
    }
}
