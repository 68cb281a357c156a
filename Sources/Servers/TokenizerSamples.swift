package import Tokenization

/// Texts by which two tokenizers are told apart: digits, white space, cases, several languages, code, marks, and the vocabulary's own commands.
///
/// All are in normalisation form C: llama.cpp does not bring Qwen's texts into it as Qwen's own tokenizer does, which is of no matter where ids are sent.
package enum TokenizerSamples {
    /// The texts, and whether what they spell of control tokens is to be parsed.
    package static func texts(of tokenizer: Tokenizer) -> [(text: String, parseSpecial: Bool)] {
        let commands = (0..<Int32(tokenizer.vocabularyCount)).lazy.filter(tokenizer.isControl)
            .prefix(24).map { String(decoding: tokenizer.bytes(of: $0), as: UTF8.self) }
        return plain.map { ($0, false) } + plain.prefix(8).map { ($0, true) }
            + commands.map { ("a\($0)b", true) } + commands.prefix(4).map { ("a\($0)b", false) }
    }

    private static let plain =
        [
            "Hello, world!", "The quick brown fox jumps over 13 lazy dogs.", "x", " x", "  x",
            "   x ", "a b", "a  b", "a\tb", "a\nb", "a\n\nb", "a \n b", "\n", "\n\n\n", "    four",
            "\t\ttabs", "trailing ", "trailing\n", " \n \n ", "a\r\nb", "1", "12", "123", "1234",
            "12345", "1234567890", "3.14159", "1,000,000", "-7", "$20.50", "50%", "2^10 = 1024",
            "1st 2nd 3rd", "0x1F", "1e-9", "it's", "we'll they'd I'm you've", "IT'S", "don’t",
            "camelCaseAndSnake_case", "ALLCAPS", "MixedCASE words", "hyphen-ated",
            "e-mail@example.org",
            "https://example.org/a?b=c&d=e", "a/b\\c", "(x + y) * z", "f(x) = x**2", "\\frac{1}{2}",
            "$$\\sqrt{2}$$", "for (int i = 0; i < 10; i++) { a[i] += 1; }",
            "def f(x):\n    return x\n",
            "SELECT * FROM t WHERE a <> 'b';", "{\"a\": [1, 2]}", "<b>bold</b>",
            "# Heading\n\n- item",
            "...", "?!", "\"quoted\"", "«guillemets»", "“curly”", "a—b", "a–b", "•", "≤ ≥ ≠ ± ×",
            "½ ¼", "x² + y³", "α β γ", "Ελληνικά", "Привет, мир!", "Ёлка", "Größe, Straße, Übung",
            "Où est la bibliothèque ?", "¿Dónde está?", "São Paulo, coração", "Zażółć gęślą jaźń",
            "Příliš žluťoučký kůň", "İstanbul", "Tiếng Việt", "你好，世界！", "漢字とかな交じり文",
            "カタカナ", "한국어 문장입니다.", "ไม่มีช่องว่าง", "हिन्दी वाक्य", "বাংলা", "தமிழ்", "עברית", "العربية",
            "فارسی", "ქართული", "አማርኛ", "ខ្មែរ", "ﬁ", "Ａ１", "😀",
            "👩‍👩‍👧‍👦", "🇩🇪", "\u{200B}", "\u{FEFF}a", "\u{A0}", "a\u{3000}b", "\u{2028}",
            "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "================", "ab ab ab ab ab ab",
        ]
}
